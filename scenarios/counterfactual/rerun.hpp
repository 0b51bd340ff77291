#pragma once

#include "checkers/property.hpp"
#include "scenarios/incident/reproduction.hpp"
#include "scenarios/run.hpp"

/// Running one run again with something changed: what has to stay the same, and how it is judged.
namespace leasehold::scenarios {

/// The plan of the run for a changed one, in which clients may get further. Rounds that the seed
/// draws go on after the last that was taken, as they would have; a plan of its own stays as it is.
RunPlan plan_with_room(const models::AlgorithmRegistry& registry, const Reproduction& run);

/// The run with a healed world after it, if it has none: an incident may end with its violation,
/// and what a change only puts off, or whom it starves, shows later. How often a job runs is judged
/// to the end: for `frequency` that stays where it is.
Reproduction with_time_to_heal(const models::AlgorithmRegistry& registry, const Reproduction& run,
                               checkers::Property property);

/// The verdict on a property, where a run in which every wish was granted and none was left has
/// made progress.
checkers::Verdict verdict_on(const RunResult& result, checkers::Property property);

}  // namespace leasehold::scenarios
