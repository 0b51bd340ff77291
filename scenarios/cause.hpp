#pragma once

#include <cstdint>
#include <optional>

#include "scenarios/fault_plan.hpp"
#include "scenarios/resolve.hpp"

namespace leasehold::scenarios {

/// The fault without which that run would not have let two clients work at once; of several the one
/// that was longest in effect between the entries of the first two that did. If no single fault is
/// to blame it is the longest; nothing if the run breaks without any fault, or not at all.
std::optional<PlannedFault> cause_of(const ResolvedCell& cell, std::uint64_t seed);

}  // namespace leasehold::scenarios
