#pragma once

#include "scenarios/shrink/trials.hpp"

/// What is left, made shorter, weaker and rounder. Each pass tells whether it changed anything.
namespace leasehold::scenarios::shrinking {

/// Shorter faults, that end sooner or start later, smaller steps, rates and delays, fewer failures.
bool weaken_faults(Trials& trials);
/// Faults that last as long and start later, if they are over in time.
bool start_later(Trials& trials);
/// Every length and strength at its least that may be there.
bool drop_lengths(Trials& trials);
/// Shorter work and think times.
bool shorten_rounds(Trials& trials);
/// Numbers that are easily said, be they greater or smaller.
bool make_all_round(Trials& trials);

}  // namespace leasehold::scenarios::shrinking
