#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "scenarios/fault_plan.hpp"

namespace leasehold::scenarios {

/// One round of a client: how long it thinks before it wants the lock, and how long it works if it
/// gets it.
struct PlannedRound {
  std::int64_t think_ns = 0;
  std::int64_t work_ns = 0;

  friend bool operator==(const PlannedRound&, const PlannedRound&) = default;
};

/// What each client does in a run, round by round and over all incarnations of its process. After
/// its last round a client wants nothing more; one without any round never starts.
struct WorkloadPlan {
  std::vector<std::vector<PlannedRound>> clients;  ///< by ClientId; who is missing has no round

  friend bool operator==(const WorkloadPlan&, const WorkloadPlan&) = default;
};

/// All that the seed draws for a scenario before anything runs. What chance decides later (delays,
/// fsyncs, steps) still comes from the seed.
struct RunPlan {
  FaultPlan faults;
  std::optional<WorkloadPlan> workload;  ///< none: every client draws its rounds

  friend bool operator==(const RunPlan&, const RunPlan&) = default;
};

}  // namespace leasehold::scenarios
