// The faults a kernel can do to processes, machines and clocks.
#include <algorithm>

#include "sim/world/event_path.hpp"

namespace leasehold::sim {

void Kernel::start(Process& process) {
  LH_ASSERT(process.life_ == Process::Life::dead);
  process.life_ = Process::Life::alive;
  note({.kind = TraceEvent::Kind::started, .process = process.id_, .detail = process.incarnation_});
  spawn(process, process.body_(process));
}

void Kernel::destroy(Process& process) {
  LH_ASSERT(&process != running_);
  note({.kind = TraceEvent::Kind::crashed, .process = process.id_});
  process.life_ = Process::Life::dying;
  // The last started goes first: it may refer to what an earlier one owns.
  while (!process.roots_.empty()) delete static_cast<RootTask*>(process.roots_.back());
  LH_ASSERT(process.backlog_.empty());
  process.inbox_.clear();
  process.listening_ = false;
  process.life_ = Process::Life::dead;
}

void Kernel::crash(ProcessId id) {
  Process& process = *processes_[id];
  if (!process.alive()) return;
  network_.close_all(process);
  destroy(process);
}

void Kernel::restart(ProcessId id) {
  Process& process = *processes_[id];
  if (process.alive() || !hosts_[process.host_]->powered) return;
  ++process.incarnation_;
  start(process);
}

void Kernel::power_loss(HostId host) {
  Host& machine = *hosts_[host];
  if (!machine.powered) return;
  machine.powered = false;
  network_.shut(host);
  note({.kind = TraceEvent::Kind::power_lost, .process = host});
  network_.power_lost(host);
  for (const ProcessId id : machine.processes) {
    if (processes_[id]->alive()) destroy(*processes_[id]);
  }
  machine.disk.power_loss();
}

void Kernel::power_on(HostId host) {
  Host& machine = *hosts_[host];
  if (machine.powered) return;
  machine.powered = true;
  network_.open(host);
  for (const ProcessId id : machine.processes) restart(id);
}

void Kernel::stop(Process& process) {
  if (process.stops_++ == 0) process.stopped_since_ns_ = now_.since_zero().ns();
}

void Kernel::unstop(Process& process) {
  LH_ASSERT(process.stops_ > 0);
  if (--process.stops_ > 0) return;
  process.stopped_total_ns_ += now_.since_zero().ns() - process.stopped_since_ns_;
  ready_.splice_back(process.backlog_);
}

void Kernel::pause(ProcessId id) {
  note({.kind = TraceEvent::Kind::paused, .process = id});
  stop(*processes_[id]);
}

void Kernel::resume(ProcessId id) {
  note({.kind = TraceEvent::Kind::resumed, .process = id});
  unstop(*processes_[id]);
}

void Kernel::stop_machine(HostId host) {
  note({.kind = TraceEvent::Kind::machine_stopped, .process = host});
  Host& machine = *hosts_[host];
  ++machine.stops;
  network_.shut(host);
  for (const ProcessId id : machine.processes) stop(*processes_[id]);
}

void Kernel::unstop_machine(HostId host) {
  note({.kind = TraceEvent::Kind::machine_continued, .process = host});
  Host& machine = *hosts_[host];
  LH_ASSERT(machine.stops > 0);
  --machine.stops;
  network_.open(host);
  rearm_clocks(host);
  for (const ProcessId id : machine.processes) unstop(*processes_[id]);
}

void Kernel::suspend_machine(HostId host) {
  stop_machine(host);
  hosts_[host]->clock.suspend(now_);
  rearm_clocks(host);
}

void Kernel::unsuspend_machine(HostId host) {
  hosts_[host]->clock.unsuspend(now_);
  unstop_machine(host);
}

void Kernel::freeze_machine(HostId host) {
  stop_machine(host);
  hosts_[host]->clock.freeze(now_);
  rearm_clocks(host);
}

void Kernel::thaw_machine(HostId host) {
  hosts_[host]->clock.thaw(now_);
  unstop_machine(host);
}

void Kernel::set_cpu_slowdown(HostId host, std::uint64_t factor) {
  hosts_[host]->cpu_slowdown = factor;
  for (Process::Compute* const computation : computations_of(host)) {
    disarm(*computation);
    const Process& process = *computation->process_;
    const std::int64_t stopped_ns =
        process.stopped_total_ns_ +
        (process.stops_ > 0 ? now_.since_zero().ns() - process.stopped_since_ns_ : 0);
    computation->due_ns_ += stopped_ns - std::exchange(computation->stopped_before_ns_, stopped_ns);
    go_on_computing(*computation);
  }
}

/// Those under way, in the order in which they began or went on.
std::vector<Process::Compute*> Kernel::computations_of(HostId host) {
  std::vector<Process::Compute*> found;
  for (std::uint32_t slot = 0; slot < slots_.size(); ++slot) {
    if (slots_[slot].kind() != Matter::Kind::waiter) continue;
    Waiter& waiter = slots_[slot].waiter();
    const bool computes = waiter.purpose_ == Waiter::Purpose::computation;
    if (computes && waiter.process_->host_ == host) {
      found.push_back(&static_cast<Process::Compute&>(waiter));
    }
  }
  std::sort(found.begin(), found.end(), [](const Process::Compute* a, const Process::Compute* b) {
    return a->ticket_.sequence < b->ticket_.sequence;
  });
  return found;
}

void Kernel::watch_clocks(HostId host, std::uint8_t clocks) {
  for (const ProcessId id : hosts_[host]->processes) processes_[id]->watched_clocks_ = clocks;
}

void Kernel::clock_read(const Process& process, ClockKind clock) {
  if ((process.watched_clocks_ >> static_cast<unsigned>(clock) & 1) == 0) return;
  touched(FaultWatcher::Touch::clock, process.id_);
}

void Kernel::machine_missed(HostId host) {
  for (const ProcessId id : hosts_[host]->processes) touched(FaultWatcher::Touch::stopped, id);
}

bool Kernel::computing(ProcessId id) {
  const std::vector<Process::Compute*> computations = computations_of(host_of(id));
  return std::any_of(computations.begin(), computations.end(),
                     [id](const Process::Compute* c) { return c->process_->id_ == id; });
}

bool Kernel::has_timers(HostId host, std::uint8_t clocks) {
  for (std::uint32_t slot = 0; slot < slots_.size(); ++slot) {
    const Matter matter = slots_[slot];
    if (matter.kind() == Matter::Kind::waiter) {
      const Waiter& waiter = matter.waiter();
      const bool follows = (waiter.follows_ & clocks) != 0 && waiter.queued();
      if (follows && waiter.process_->host_ == host) return true;
    } else if (matter.kind() == Matter::Kind::event) {
      const Event& event = matter.event();
      const bool timer = event.kind == Event::Kind::socket_timer && event.queued;
      if (timer && event.host == host && (clocks & bit_of(event.clock)) != 0) return true;
    }
  }
  return false;
}

void Kernel::clock_changed(HostId host, std::int64_t detail) {
  note({.kind = TraceEvent::Kind::clock_changed,
        .process = host,
        .detail = static_cast<std::uint64_t>(detail)});
  rearm_clocks(host);
}

void Kernel::step_wall_clock(HostId host, Duration by) {
  hosts_[host]->clock.step_wall(by);
  clock_changed(host, by.ns());
}

void Kernel::set_clock_rate(HostId host, std::int64_t rate_ppb) {
  hosts_[host]->clock.set_rate_error(now_, rate_ppb);
  clock_changed(host, rate_ppb);
}

void Kernel::set_clock_slew(HostId host, std::int64_t slew_ppb) {
  hosts_[host]->clock.set_slew(now_, slew_ppb);
  clock_changed(host, slew_ppb);
}

}  // namespace leasehold::sim
