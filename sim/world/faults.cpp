// The faults a kernel can do to processes, machines and clocks.
#include "sim/world/kernel.hpp"

namespace leasehold::sim {

using Kind = TraceEvent::Kind;

void Kernel::start(Process& process) {
  LH_ASSERT(!process.alive_);
  process.alive_ = true;
  trace({.kind = Kind::started, .process = process.id_, .detail = process.incarnation_});
  spawn(process, process.body_(process));
}

void Kernel::destroy(Process& process) {
  LH_ASSERT(&process != running_);
  trace({.kind = Kind::crashed, .process = process.id_});
  // The frames go while the process still counts as alive: their waiters leave every list.
  process.roots_.clear();
  process.inbox_.clear();
  process.listening_ = false;
  process.alive_ = false;
}

void Kernel::crash(ProcessId id) {
  Process& process = processes_[id];
  if (!process.alive_) return;
  network_.abandon_process(process, false);
  destroy(process);
}

void Kernel::restart(ProcessId id) {
  Process& process = processes_[id];
  if (process.alive_ || !hosts_[process.host_]->powered) return;
  ++process.incarnation_;
  start(process);
}

void Kernel::power_loss(HostId host) {
  Host& machine = *hosts_[host];
  if (!machine.powered) return;
  machine.powered = false;
  trace({.kind = Kind::power_lost, .process = host});
  for (const ProcessId id : machine.processes) {
    Process& process = processes_[id];
    if (!process.alive_) continue;
    network_.abandon_process(process, true);
    destroy(process);
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
  trace({.kind = Kind::paused, .process = id});
  stop(processes_[id]);
}

void Kernel::resume(ProcessId id) {
  trace({.kind = Kind::resumed, .process = id});
  unstop(processes_[id]);
}

void Kernel::stop_machine(HostId host) {
  trace({.kind = Kind::machine_stopped, .process = host});
  Host& machine = *hosts_[host];
  ++machine.stops;
  for (const ProcessId id : machine.processes) stop(processes_[id]);
}

void Kernel::unstop_machine(HostId host) {
  trace({.kind = Kind::machine_continued, .process = host});
  Host& machine = *hosts_[host];
  LH_ASSERT(machine.stops > 0);
  --machine.stops;
  rearm_clocks(host);
  for (const ProcessId id : machine.processes) unstop(processes_[id]);
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

void Kernel::step_wall_clock(HostId host, Duration by) {
  trace({.kind = Kind::clock_changed, .process = host});
  hosts_[host]->clock.step_wall(by);
  rearm_clocks(host);
}

void Kernel::change_clock_rate(HostId host, std::int64_t by_ppb) {
  trace({.kind = Kind::clock_changed, .process = host});
  hosts_[host]->clock.change_rate_error(now_, by_ppb);
  rearm_clocks(host);
}

void Kernel::change_clock_slew(HostId host, std::int64_t by_ppb) {
  trace({.kind = Kind::clock_changed, .process = host});
  hosts_[host]->clock.change_slew(now_, by_ppb);
  rearm_clocks(host);
}

}  // namespace leasehold::sim
