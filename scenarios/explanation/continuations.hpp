#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "scenarios/explanation/chronicle.hpp"

/// How a run might have gone on from some moment: its faults with something changed from there on.
namespace leasehold::scenarios {

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
/// The same of one of them alone, the others as they were. `fault`: its place in `faults`.
FaultPlan over_by(const BegunFaults& faults, std::size_t fault, std::int64_t by_ns);

/// A client goes no step further at a time: for so long, or for good.
PlannedFault stop(checkers::ClientId client, std::int64_t at_ns,
                  std::optional<std::int64_t> for_ns = std::nullopt);
/// Nothing gets through between a client and those peers, and what was sent arrives when that is
/// over: what is on its way is held back.
PlannedFault hold_back(checkers::ClientId client, Peers peers, std::int64_t at_ns,
                       std::int64_t for_ns);
/// A client's connections break: what is on its way over them is lost.
PlannedFault break_off(checkers::ClientId client, std::int64_t at_ns);

}  // namespace leasehold::scenarios
