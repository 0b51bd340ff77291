#pragma once

#include <cstdint>

#include "scenarios/run_plan.hpp"

namespace leasehold::scenarios {

/// A plan that is the same but for a few milliseconds: every fault comes sooner or later by at most
/// 5 ms, unless it comes at once upon an event, and takes longer or shorter by at most that and a
/// tenth of itself. In a plan without faults the rounds' think and work times do. Fixed by the seed
/// and the number. What prevents a violation there too does not merely come in time.
RunPlan nearby_plan(RunPlan plan, std::uint64_t seed, std::uint32_t number);

}  // namespace leasehold::scenarios
