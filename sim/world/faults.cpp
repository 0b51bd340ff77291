// The faults a kernel can do to processes, machines and clocks.
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
  for (const ProcessId id : machine.processes) stop(*processes_[id]);
}

void Kernel::unstop_machine(HostId host) {
  note({.kind = TraceEvent::Kind::machine_continued, .process = host});
  Host& machine = *hosts_[host];
  LH_ASSERT(machine.stops > 0);
  --machine.stops;
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
  Host& machine = *hosts_[host];
  machine.cpu_slowdown = factor;
  WaitList under_way;
  under_way.splice_back(machine.computing);
  while (!under_way.empty()) {
    auto& computation = static_cast<Process::Compute&>(static_cast<Waiter&>(*under_way.front()));
    computation.unlink();
    disarm(computation);
    const Process& process = *computation.process_;
    const std::int64_t stopped_ns =
        process.stopped_total_ns_ +
        (process.stops_ > 0 ? now_.since_zero().ns() - process.stopped_since_ns_ : 0);
    computation.due_ns_ += stopped_ns - std::exchange(computation.stopped_before_ns_, stopped_ns);
    go_on_computing(computation);
  }
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
  for (std::uint32_t slot = 0; slot < events_.size(); ++slot) {
    const Event& event = events_[slot];
    if (event.kind != Event::Kind::wake || event.waiter->process_->id_ != id) continue;
    if (event.waiter->purpose_ == Waiter::Purpose::computation) return true;
  }
  return false;
}

bool Kernel::has_timers(HostId host, std::uint8_t clocks) {
  for (std::uint32_t slot = 0; slot < events_.size(); ++slot) {
    const Event& event = events_[slot];
    const bool timer = event.kind == Event::Kind::wake || event.kind == Event::Kind::socket_timer;
    if (!timer || !event.clocked || !event.queued || event.host != host) continue;
    if ((clocks >> static_cast<unsigned>(event.clock) & 1) != 0) return true;
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
