#pragma once

#include "scenarios/shrink/trials.hpp"

/// The same story in less time. Each pass tells whether it changed anything.
namespace leasehold::scenarios::shrinking {

/// Whether the fault's start is only the time from which on it waits.
bool waits(const PlannedFault& fault);

/// How long it is under way once it has begun; zero if it is over at once, or never.
std::int64_t lasts_ns(const PlannedFault& fault);

/// A fault that waits for one of several events begins to wait just before the one that it gets:
/// then what led to the others can go.
bool wait_for_the_first(Trials& trials);
/// Less time between one thing that begins and the next, for everybody.
bool close_gaps(Trials& trials);
/// A horizon soon after all is done, and no time to heal unless that is what is judged.
bool end_sooner(Trials& trials);

}  // namespace leasehold::scenarios::shrinking
