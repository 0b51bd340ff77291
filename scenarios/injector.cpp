#include "scenarios/injector.hpp"

#include <algorithm>

namespace leasehold::scenarios {

using checkers::ClientLife;
using checkers::FaultRecord;
using sim::Duration;
using sim::ProcessId;
using sim::TrueTime;

namespace {

bool hits_links(FaultKind kind) {
  return kind == FaultKind::partition || kind == FaultKind::loss || kind == FaultKind::delay ||
         kind == FaultKind::reply_loss || kind == FaultKind::connection_reset;
}

constexpr int kStepBits = 3;
constexpr Duration kRemainsPoll = Duration::milliseconds(100);

std::optional<Trigger> trigger_of(checkers::Milestone::What what) {
  using What = checkers::Milestone::What;
  switch (what) {
    case What::acquire_sent:
      return Trigger::acquire_sent;
    case What::granted:
      return Trigger::granted;
    case What::checked:
      return Trigger::checked;
    case What::work:
      return Trigger::work;
    case What::effect_sent:
      return Trigger::effect_sent;
    case What::renew_sent:
      return Trigger::renew_sent;
    case What::release_sent:
      return Trigger::release_sent;
    case What::elected:
      return Trigger::elected;
  }
  return std::nullopt;
}

}  // namespace

Injector::Injector(sim::Kernel& kernel, Cast& cast, models::Deployment& deployment,
                   const FaultPlan& plan)
    : kernel_(kernel), cast_(cast), deployment_(deployment), plan_(plan), watch_(kernel, *this) {
  progress_.resize(plan.faults.size());
}

void Injector::start() {
  for (std::size_t i = 0; i < plan_.faults.size(); ++i) {
    record(i, FaultRecord::Phase::scheduled);
    at(TrueTime::at(Duration::nanoseconds(plan_.faults[i].start_ns)), i, Step::arm);
  }
}

void Injector::at(TrueTime when, std::size_t fault, Step step) {
  kernel_.at(when, *this, fault << kStepBits | static_cast<std::uint64_t>(step));
}

void Injector::after(Duration delay, std::size_t fault, Step step) {
  at(kernel_.now() + delay, fault, step);
}

void Injector::act(std::uint64_t cookie) {
  const std::size_t fault = cookie >> kStepBits;
  switch (static_cast<Step>(cookie & ((1U << kStepBits) - 1))) {
    case Step::arm:
      return arm(fault);
    case Step::expire:
      if (progress_[fault].state == State::armed) progress_[fault].state = State::over;
      return;
    case Step::begin:
      return begin(fault);
    case Step::end:
      return end(fault);
    case Step::restart:
      return bring_back(fault);
    case Step::look_for_remains:
      return look_for_remains();
    case Step::promote:
      return promote(fault);
  }
}

// ------------------------------------------------------------------------------- times and events

void Injector::arm(std::size_t fault) {
  if (healed_) return;
  const PlannedFault& planned = plan_.faults[fault];
  progress_[fault].state = State::armed;
  const bool waits = planned.on || (planned.target.role == Role::holder && !cast_.holder());
  if (!waits) return begin(fault);
  after(Duration::nanoseconds(planned.window_ns), fault, Step::expire);
}

void Injector::on_milestone(const checkers::Milestone& milestone) {
  const std::optional<Trigger> event = trigger_of(milestone.what);
  if (event) on_event(*event, milestone.client);
}

void Injector::on_grant(const checkers::Grant& grant) {
  if (grant.phase == checkers::Grant::Phase::begun) on_event(Trigger::locked, grant.client);
}

void Injector::on_event(Trigger event, checkers::ClientId client) {
  for (std::size_t i = 0; i < progress_.size(); ++i) {
    const std::optional<PlannedTrigger>& on = plan_.faults[i].on;
    if (progress_[i].state != State::armed || !on || on->event != event) continue;
    if (!concerns(plan_.faults[i].target, client)) continue;
    if (++progress_[i].events_seen != on->occurrence) continue;
    progress_[i].trigger_client = client;
    after(Duration::nanoseconds(on->delay_ns), i, Step::begin);
  }
}

/// An event of the target itself, where the target is a client; of anybody's otherwise.
bool Injector::concerns(const Target& target, checkers::ClientId client) {
  return target.role != Role::client || !target.index || *target.index == client;
}

void Injector::on_work(const checkers::Work& work) {
  if (work.phase != checkers::Work::Phase::entered) return;
  for (std::size_t i = 0; i < progress_.size(); ++i) {
    const PlannedFault& planned = plan_.faults[i];
    if (progress_[i].state != State::armed || planned.on || planned.target.role != Role::holder) {
      continue;
    }
    after(Duration::zero(), i, Step::begin);
  }
}

// --------------------------------------------------------------------------------------- a fault

void Injector::begin(std::size_t fault) {
  if (healed_ || progress_[fault].state != State::armed) return;
  const PlannedFault& planned = plan_.faults[fault];
  Progress& progress = progress_[fault];
  progress.targets = bind(planned, progress);
  if (planned.kind == FaultKind::memory_pressure) {
    std::erase_if(progress.targets, [this](ProcessId id) { return !press_memory(id, true); });
  }
  if (planned.kind == FaultKind::failover) {
    std::erase_if(progress.targets, [this](ProcessId id) { return !standby_of(id); });
  }
  progress.state = progress.targets.empty() ? State::over : State::active;
  if (progress.targets.empty()) return;
  record(fault, FaultRecord::Phase::bound);
  if (hits_links(planned.kind)) find_links(fault);
  const bool at_once = watch_.acts_at_once(planned, progress.targets, progress.links);
  apply(fault);
  record(fault, FaultRecord::Phase::applied);
  if (at_once) {
    on_in_effect(fault);
  } else {
    watch_.begin(fault, planned, progress.targets, progress.links);
  }
  if (planned.duration_ns > 0) {
    after(Duration::nanoseconds(planned.duration_ns), fault, Step::end);
  }
}

void Injector::end(std::size_t fault) {
  if (progress_[fault].state != State::active) return;
  progress_[fault].state = State::over;
  watch_.end(fault);
  undo(fault);
  record(fault, FaultRecord::Phase::ended);
}

void Injector::heal() {
  healed_ = true;
  for (std::size_t i = 0; i < progress_.size(); ++i) {
    if (progress_[i].state == State::active) end(i);
    bring_back(i);
  }
}

// Known to the observer alone: it is no part of the digest.
void Injector::on_in_effect(std::size_t fault) {
  kernel_.recorder().remark(FaultRecord{FaultRecord::Phase::in_effect,
                                        static_cast<std::uint16_t>(plan_.faults[fault].kind),
                                        static_cast<std::uint32_t>(fault)});
}

void Injector::record(std::size_t fault, FaultRecord::Phase phase) {
  kernel_.recorder().emit(FaultRecord{phase, static_cast<std::uint16_t>(plan_.faults[fault].kind),
                                      static_cast<std::uint32_t>(fault)});
}

// ---------------------------------------------------------------------------------------- roles

std::vector<ProcessId> Injector::bind(const PlannedFault& planned, const Progress& progress) const {
  const std::uint32_t servers = cast_.servers();
  const auto slots = [this, &planned, servers](std::uint32_t count) {
    std::vector<ProcessId> bound;
    for (const std::uint32_t slot : drawn_slots(planned.side, servers, count)) {
      bound.push_back(cast_.server(slot));
    }
    return bound;
  };
  switch (planned.target.role) {
    case Role::client: {
      const std::uint32_t index = planned.target.index.value_or(progress.trigger_client);
      if (index >= cast_.clients()) return {};
      return {cast_.client(index)};
    }
    case Role::holder: {
      if (planned.on) return {cast_.client(progress.trigger_client)};
      const std::optional<checkers::ClientId> holder = cast_.holder();
      if (!holder) return {};
      return {cast_.client(*holder)};
    }
    case Role::server: {
      const std::uint32_t slot = planned.target.index.value_or(0);
      if (slot >= servers) return {};
      return {cast_.server(slot)};
    }
    case Role::leader: {
      const std::optional<std::uint32_t> leader = deployment_.leader();
      if (!leader) return {};
      return {cast_.server(*leader)};
    }
    case Role::minority:
      return servers == 0 ? slots(0) : slots((servers - 1) / 2);
    case Role::majority:
      return servers == 0 ? slots(0) : slots(servers / 2 + 1);
    case Role::all: {
      std::vector<ProcessId> bound = slots(servers);
      for (std::uint32_t i = 0; i < cast_.clients(); ++i) bound.push_back(cast_.client(i));
      return bound;
    }
  }
  return {};
}

// -------------------------------------------------------------------------------------- effects

void Injector::apply(std::size_t fault) {
  const PlannedFault& planned = plan_.faults[fault];
  const std::vector<ProcessId>& targets = progress_[fault].targets;
  switch (planned.kind) {
    case FaultKind::partition:
    case FaultKind::loss:
    case FaultKind::delay:
    case FaultKind::reply_loss:
      change_links(fault, 1);
      break;
    case FaultKind::pause:
      for (const ProcessId target : targets) kernel_.pause(target);
      break;
    case FaultKind::vm_suspend:
      for (const ProcessId target : targets) {
        planned.freeze ? kernel_.freeze_machine(target) : kernel_.suspend_machine(target);
      }
      break;
    case FaultKind::clock_rate:
    case FaultKind::clock_slew:
    case FaultKind::clock_step:
      change_clocks(fault, 1);
      break;
    case FaultKind::crash:
    case FaultKind::power_loss:
      for (const ProcessId target : targets) crash(target, planned.kind == FaultKind::power_loss);
      if (planned.restart_after_ns) {
        after(Duration::nanoseconds(*planned.restart_after_ns), fault, Step::restart);
      }
      break;
    case FaultKind::slow_disk:
      for (const ProcessId target : targets) kernel_.disk(target).set_slowdown(planned.factor);
      break;
    case FaultKind::fsync_error:
      for (const ProcessId target : targets) kernel_.disk(target).fail_next_syncs(planned.failures);
      break;
    case FaultKind::connection_reset:
      for (const auto& [a, b] : progress_[fault].links) kernel_.network().reset_connections(a, b);
      break;
    case FaultKind::cpu_steal:
      for (const ProcessId target : targets) {
        kernel_.set_cpu_slowdown(target, kernel_.cpu_slowdown(target) * planned.factor);
      }
      break;
    case FaultKind::memory_pressure:
      break;  // the servers were told when it was bound, for only some of them mind
    case FaultKind::failover:
      begin_failover(fault);
  }
}

void Injector::undo(std::size_t fault) {
  const PlannedFault& planned = plan_.faults[fault];
  const std::vector<ProcessId>& targets = progress_[fault].targets;
  switch (planned.kind) {
    case FaultKind::partition:
    case FaultKind::loss:
    case FaultKind::delay:
    case FaultKind::reply_loss:
      change_links(fault, -1);
      break;
    case FaultKind::pause:
      for (const ProcessId target : targets) kernel_.resume(target);
      break;
    case FaultKind::vm_suspend:
      for (const ProcessId target : targets) {
        planned.freeze ? kernel_.thaw_machine(target) : kernel_.unsuspend_machine(target);
      }
      break;
    case FaultKind::clock_rate:
    case FaultKind::clock_slew:
      change_clocks(fault, -1);
      break;
    case FaultKind::slow_disk:
      for (const ProcessId target : targets) kernel_.disk(target).set_slowdown(1);
      break;
    case FaultKind::cpu_steal:
      for (const ProcessId target : targets) {
        kernel_.set_cpu_slowdown(target, kernel_.cpu_slowdown(target) / planned.factor);
      }
      break;
    case FaultKind::memory_pressure:
      for (const ProcessId target : targets) press_memory(target, false);
      break;
    case FaultKind::failover:
      end_failover(fault);
      break;
    default:
      break;  // nothing to undo: steps stay, crashes have their own restart
  }
}

bool Injector::press_memory(ProcessId process, bool on) {
  return cast_.is_server(process) && deployment_.set_memory_pressure(cast_.slot_of(process), on);
}

void Injector::change_clocks(std::size_t fault, std::int64_t sign) {
  const PlannedFault& planned = plan_.faults[fault];
  const std::int64_t ppb = sign * planned.rate_ppm * 1'000;
  for (const ProcessId target : progress_[fault].targets) {
    switch (planned.kind) {
      case FaultKind::clock_rate:
        kernel_.set_clock_rate(target, kernel_.clock(target).rate_ppb() + ppb);
        break;
      case FaultKind::clock_slew:
        kernel_.set_clock_slew(target, kernel_.clock(target).slew_ppb() + ppb);
        break;
      default:
        kernel_.step_wall_clock(target, Duration::nanoseconds(planned.step_ns));
    }
  }
}

void Injector::crash(ProcessId process, bool power) {
  if (!kernel_.alive(process)) return;
  if (power) {
    kernel_.power_loss(process);
  } else {
    kernel_.crash(process);
  }
  if (!cast_.is_client(process)) return;
  kernel_.recorder().emit(ClientLife{ClientLife::Phase::crashed, process});
  remains_.push_back(process);
  after(kRemainsPoll, 0, Step::look_for_remains);
}

void Injector::bring_back(std::size_t fault) {
  const PlannedFault& planned = plan_.faults[fault];
  const bool crashes = planned.kind == FaultKind::crash || planned.kind == FaultKind::power_loss;
  if (!crashes || !planned.restart_after_ns) return;
  for (const ProcessId target : progress_[fault].targets) {
    if (planned.kind == FaultKind::power_loss) {
      kernel_.power_on(target);
    } else {
      kernel_.restart(target);
    }
  }
}

// Only an idealised lock is told when the last word of a dead client has died away.
void Injector::look_for_remains() {
  std::erase_if(remains_, [this](ProcessId client) {
    if (kernel_.network().anything_on_its_way_from(client)) return false;
    deployment_.client_is_gone(client);
    return true;
  });
  if (!remains_.empty()) after(kRemainsPoll, 0, Step::look_for_remains);
}

// ---------------------------------------------------------------------------------------- links

void Injector::find_links(std::size_t fault) {
  const PlannedFault& planned = plan_.faults[fault];
  Progress& progress = progress_[fault];
  progress.links.clear();
  const bool sides =
      planned.kind == FaultKind::partition && planned.shape != PartitionShape::isolate;
  if (sides) return find_links_between_sides(fault);
  // What stands on one side is not cut apart; of connections none is spared.
  const bool among_targets = planned.kind == FaultKind::connection_reset;
  const auto is_target = [&progress](ProcessId id) {
    return std::find(progress.targets.begin(), progress.targets.end(), id) !=
           progress.targets.end();
  };
  for (const ProcessId target : progress.targets) {
    for (ProcessId peer = 0; peer < cast_.everyone(); ++peer) {
      if (peer == target || !is_among(planned.peers, peer)) continue;
      if (is_target(peer) && !among_targets) continue;
      if (planned.direction != Direction::outbound) progress.links.emplace_back(peer, target);
      if (planned.direction != Direction::inbound) progress.links.emplace_back(target, peer);
    }
  }
}

bool Injector::is_among(Peers peers, ProcessId process) const {
  switch (peers) {
    case Peers::everyone:
      return true;
    case Peers::clients:
      return cast_.is_client(process);
    case Peers::servers:
      return cast_.is_server(process);
    case Peers::resource:
      break;
  }
  return process == cast_.resource();
}

// The clients fall to one side or the other by the bits of the drawn word; the servers too, or by
// their slots where the shape says how many. The resource stays with the second side.
void Injector::find_links_between_sides(std::size_t fault) {
  const PlannedFault& planned = plan_.faults[fault];
  Progress& progress = progress_[fault];
  const std::uint32_t servers = cast_.servers();
  const std::uint32_t few = servers == 0 ? 0 : (servers - 1) / 2;
  const std::uint32_t counted = planned.shape == PartitionShape::minority ? few : servers - few;
  const std::vector<std::uint32_t> slots = drawn_slots(planned.side, servers, counted);
  const auto on_first_side = [&](ProcessId id) {
    if (id == cast_.resource()) return false;
    if (cast_.is_client(id)) return (planned.side >> id & 1) != 0;
    const std::uint32_t slot = id - cast_.server(0);
    if (planned.shape == PartitionShape::halves) {
      return (planned.side >> (kClientsMax - 1 - slot) & 1) != 0;
    }
    return std::find(slots.begin(), slots.end(), slot) != slots.end();
  };
  for (ProcessId a = 0; a < cast_.everyone(); ++a) {
    for (ProcessId b = 0; b < cast_.everyone(); ++b) {
      if (!on_first_side(a) || on_first_side(b)) continue;
      if (planned.direction != Direction::inbound) progress.links.emplace_back(a, b);
      if (planned.direction != Direction::outbound) progress.links.emplace_back(b, a);
    }
  }
}

void Injector::change_links(std::size_t fault, int sign) {
  const PlannedFault& planned = plan_.faults[fault];
  sim::Network& network = kernel_.network();
  for (const auto& [from, to] : progress_[fault].links) {
    switch (planned.kind) {
      case FaultKind::partition:
      case FaultKind::failover:
        sign > 0 ? network.cut(from, to) : network.mend(from, to);
        break;
      case FaultKind::delay:
        network.add_delay(from, to, Duration::nanoseconds(sign * planned.extra_ns));
        break;
      default:
        network.set_loss(from, to,
                         static_cast<std::uint32_t>(std::int64_t{network.loss(from, to)} +
                                                    sign * std::int64_t{planned.probability_ppm}));
    }
  }
}

}  // namespace leasehold::scenarios
