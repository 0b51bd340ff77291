#include "scenarios/injector.hpp"

// Failovers: the loss of a primary, and what a detector makes of it.
namespace leasehold::scenarios {

using sim::Duration;
using sim::ProcessId;

std::optional<ProcessId> Injector::standby_of(ProcessId process) const {
  if (!cast_.is_server(process)) return std::nullopt;
  const std::optional<std::uint32_t> standby = deployment_.standby_of(cast_.slot_of(process));
  if (!standby || !kernel_.alive(cast_.server(*standby))) return std::nullopt;
  return cast_.server(*standby);
}

// The primary dies, or loses nothing but its link to the standby, where the detector sits: then it
// serves whoever is connected to it as before.
void Injector::begin_failover(std::size_t fault) {
  const PlannedFault& planned = plan_.faults[fault];
  Progress& progress = progress_[fault];
  const ProcessId primary = progress.targets.front();
  if (planned.old_primary_alive) {
    const ProcessId standby = *standby_of(primary);
    progress.links = {{primary, standby}, {standby, primary}};
    change_links(fault, 1);
  } else {
    crash(primary, false);
  }
  after(Duration::nanoseconds(planned.detection_ns + planned.promotion_ns), fault, Step::promote);
}

// A standby that has died meanwhile leads from its restart on.
void Injector::promote(std::size_t fault) {
  if (progress_[fault].state != State::active) return;
  const std::uint32_t old_slot = cast_.slot_of(progress_[fault].targets.front());
  const std::optional<std::uint32_t> standby = deployment_.standby_of(old_slot);
  if (standby) deployment_.promote(*standby);
}

// The deposed primary learns of its successor and shuts down. One without a successor goes on, or
// is started again.
void Injector::end_failover(std::size_t fault) {
  change_links(fault, -1);
  const ProcessId old_primary = progress_[fault].targets.front();
  if (deployment_.leader() != cast_.slot_of(old_primary)) {
    kernel_.crash(old_primary);
  } else if (!plan_.faults[fault].old_primary_alive) {
    kernel_.restart(old_primary);
  }
}

}  // namespace leasehold::scenarios
