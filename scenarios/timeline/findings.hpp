#pragma once

#include <vector>

#include "checkers/run_checker.hpp"
#include "scenarios/timeline/timeline.hpp"

/// What can be read off a timeline once all its events are known.
namespace leasehold::scenarios {

/// A finding for each property that was violated and says where.
std::vector<TimelineFinding> findings_of(const checkers::RunChecker& checker);

/// Fills in which bars overlapped: beliefs and works of two clients, grants of two attempts.
void find_overlaps(Timeline& timeline);

/// Fills in until when each fault hit somebody.
void bound_faults(Timeline& timeline);

}  // namespace leasehold::scenarios
