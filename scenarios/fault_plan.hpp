#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/fault_template.hpp"

namespace leasehold::scenarios {

struct Scenario;

/// The event that a planned fault waits for, from its start on.
struct PlannedTrigger {
  Trigger event = Trigger::work;
  std::uint32_t occurrence = 1;
  std::int64_t delay_ns = 0;

  friend bool operator==(const PlannedTrigger&, const PlannedTrigger&) = default;
};

/// One fault, every value drawn, its target still a role. Fields that the kind does not take keep
/// their defaults.
struct PlannedFault {
  FaultKind kind = FaultKind::pause;
  std::string id;  ///< of its template, then ".N"
  Target target;
  std::int64_t start_ns = 0;  ///< or when it begins to wait for its event
  std::optional<PlannedTrigger> on;
  std::int64_t window_ns = 0;  ///< how long it waits for an event or a holder
  std::int64_t duration_ns = 0;
  PartitionShape shape = PartitionShape::isolate;
  std::uint64_t side =
      0;  ///< partition: the drawn word that tells the sides apart, a bit a process
  Direction direction = Direction::both;
  Peers peers = Peers::everyone;
  std::uint32_t probability_ppm = 0;
  std::int64_t extra_ns = 0;
  std::int64_t rate_ppm = 0;
  std::int64_t step_ns = 0;  ///< signed
  bool correlated = false;
  std::optional<std::int64_t> restart_after_ns;  ///< none: never restarted
  std::uint32_t factor = 1;
  bool freeze = false;

  friend bool operator==(const PlannedFault&, const PlannedFault&) = default;
};

/// All faults of one run, in the order of their start times.
struct FaultPlan {
  std::vector<PlannedFault> faults;

  friend bool operator==(const FaultPlan&, const FaultPlan&) = default;
};

/// The faults that the scenario draws for a seed, on roles, before anything is bound. Each template
/// has a stream of its own: removing one changes no other's draw.
FaultPlan draw_fault_plan(const Scenario& scenario, std::uint64_t seed);

}  // namespace leasehold::scenarios
