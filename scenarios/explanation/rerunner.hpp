#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "scenarios/explanation/continuations.hpp"
#include "scenarios/explanation/focus.hpp"
#include "scenarios/incident/reproduction.hpp"

namespace leasehold::scenarios {

/// Runs the run in question again with other faults, and says whether it is still violated. A
/// rhythm is, as long as the gap in question is not as long as it should be.
class Rerunner {
 public:
  /// `plan`: the rounds of the clients, and how the faults were. `chronicle`: of the run as it was.
  /// All outlive this.
  Rerunner(const ResolvedCell& cell, std::uint64_t seed, const RunPlan& plan,
           const Chronicle& chronicle, const Focus& focus);

  /// Whether the property is violated at all with these faults.
  bool violated(const FaultPlan& faults);
  /// The same, where one more fault comes to the others, be it after the horizon: then the world
  /// heals only when that is over, while the others end at the horizon, as they do.
  bool violated_with(const PlannedFault& more, const BegunFaults& others);
  /// Whether it is, and the older hold is the same: then it is the same story.
  bool same_violation(const FaultPlan& faults);
  /// Whether it is not, and the two events of the focus came the other way round.
  bool turned_round(const FaultPlan& faults);

  /// A run with these faults, for somebody who looks.
  RunResult run(const FaultPlan& faults, const Onlookers& onlookers);

  std::uint64_t runs() const { return runs_; }

 private:
  bool violated(const RunResult& result, const Chronicle& chronicle) const;
  bool violated(Runner& runner, const FaultPlan& faults);

  ResolvedCell cell_;
  Runner runner_;
  std::uint64_t seed_;
  const std::optional<WorkloadPlan>& workload_;
  const Chronicle& as_it_was_;
  const Focus& focus_;
  std::uint64_t runs_ = 0;
};

}  // namespace leasehold::scenarios
