#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "scenarios/explanation/focus.hpp"
#include "scenarios/incident/reproduction.hpp"

namespace leasehold::scenarios {

/// Runs the run in question again with other faults, and says whether it is still violated.
class Rerunner {
 public:
  /// `plan`: the rounds of the clients, and how the faults were. All outlive this.
  Rerunner(const ResolvedCell& cell, std::uint64_t seed, const RunPlan& plan, const Focus& focus)
      : runner_(cell.cell()), seed_(seed), workload_(plan.workload), focus_(focus) {}

  /// Whether the property is violated at all with these faults.
  bool violated(const FaultPlan& faults);
  /// Whether it is, and the older hold is the same: then it is the same story.
  bool same_violation(const FaultPlan& faults);
  /// Whether it is not, and the two events of the focus came the other way round.
  bool turned_round(const FaultPlan& faults, const Chronicle& as_it_was);

  std::uint64_t runs() const { return runs_; }

 private:
  RunResult run(const FaultPlan& faults, const Onlookers& onlookers);

  Runner runner_;
  std::uint64_t seed_;
  const std::optional<WorkloadPlan>& workload_;
  const Focus& focus_;
  std::uint64_t runs_ = 0;
};

/// The faults that had begun by a time: none later matters to what happened up to then.
struct BegunFaults {
  FaultPlan plan;
  std::vector<Chronicle::FaultSpan> spans;  ///< of each
  std::vector<std::size_t> index;           ///< of each in the plan of the run
};
BegunFaults begun_before(const FaultPlan& plan, const Chronicle& chronicle, std::int64_t before_ns);

/// The faults as they were up to a time, and none from then on: what is in effect ends there, and
/// who is to come back does.
FaultPlan calm_from(const BegunFaults& faults, std::int64_t from_ns);
/// A client goes no step further at a time: for so long, or for good.
PlannedFault stop(checkers::ClientId client, std::int64_t at_ns,
                  std::optional<std::int64_t> for_ns = std::nullopt);

}  // namespace leasehold::scenarios
