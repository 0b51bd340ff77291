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
  std::string id;  ///< its template's, the slot if the template hits each, its number: `crash:3.0`
  Target target;
  std::int64_t start_ns = 0;  ///< or when it begins to wait for its event
  std::optional<PlannedTrigger> on;
  std::int64_t window_ns = 0;  ///< how long it waits for an event or a holder
  std::int64_t duration_ns = 0;
  PartitionShape shape = PartitionShape::isolate;
  /// A drawn word: the sides of a partition, a bit for each process, and which servers are the
  /// minority or the majority (drawn_slots).
  std::uint64_t side = 0;
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
  std::uint32_t failures = 1;
  std::int64_t detection_ns = 0;
  std::int64_t promotion_ns = 0;
  bool old_primary_alive = false;

  friend bool operator==(const PlannedFault&, const PlannedFault&) = default;
};

/// All faults of one run, in the order of their start times.
struct FaultPlan {
  std::vector<PlannedFault> faults;

  friend bool operator==(const FaultPlan&, const FaultPlan&) = default;
};

/// The faults that the scenario draws for a seed, on roles, before anything is bound: the same for
/// every algorithm. Each fault has a stream of its own, fixed by (seed, template id, slot, number),
/// and takes one word for each of its values, so neither another template nor another parameter of
/// the same one changes what it draws. (The budget may: it leaves out what is too much.)
///
/// `server` stands for each of the kServerSlots slots on its own, so that a server meets as many
/// faults in a deployment of one as in one of five; so does `all`, clients included, for clock
/// changes that are not correlated. `client` is one client drawn anew for each fault, unless the
/// fault waits for an event: then it is the client of that event.
///
/// Durations are at least 1 ns, and end at the horizon unless the fault waits for an event.
FaultPlan draw_fault_plan(const Scenario& scenario, std::uint64_t seed);

/// The first `count` of `servers` slots, in an order that the drawn word fixes; the orders of two
/// deployments agree on the slots that both have. REQUIRES count <= servers <= kServerSlots.
std::vector<std::uint32_t> drawn_slots(std::uint64_t side, std::uint32_t servers,
                                       std::uint32_t count);

}  // namespace leasehold::scenarios
