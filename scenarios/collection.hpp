#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace leasehold::scenarios {

/// The name of those library scenarios that are told in one table about approaches to locking: what
/// a lock costs alone, what partitions and clocks do to it, and how often it fails in a mix.
inline constexpr std::string_view kApproaches = "approaches";
inline constexpr std::string_view kApproachesSummary =
    "The locks by latency, safety under partitions and clocks, and failures in a mix of faults.";

/// The names, with those of its members in place of a collection's.
std::vector<std::string> expand_collections(const std::vector<std::string>& names);

}  // namespace leasehold::scenarios
