#pragma once

#include <set>
#include <string>

#include "scenarios/words.hpp"

/// What keys the loader knows, from the very description that it reads by. The schemas are tested
/// against it.
namespace leasehold::scenarios {

/// All keys of a scenario file as JSON pointers, with `*` for a position in a list.
std::set<std::string> scenario_keys();

/// The keys that an entry of `faults` may have if it is of that kind.
std::set<std::string> fault_keys(FaultKind kind);

/// The keys that `workload` may have if it is of that kind.
std::set<std::string> workload_keys(WorkloadKind kind);

}  // namespace leasehold::scenarios
