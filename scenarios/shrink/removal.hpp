#pragma once

#include "scenarios/shrink/trials.hpp"

/// Delta debugging: what of a run can be done without. Each pass tells whether it changed anything;
/// one that did not has tried to spare every single item.
namespace leasehold::scenarios::shrinking {

bool remove_faults(Trials& trials);
/// All rounds of a client at once.
bool remove_clients(Trials& trials);
/// Single rounds. What comes later keeps its time where that helps: the client thinks for as long
/// as the round took.
bool remove_rounds(Trials& trials);
/// A scenario of as many clients as there are left.
bool renumber_clients(Trials& trials);
/// The same where they draw what they do.
bool lower_clients(Trials& trials);

}  // namespace leasehold::scenarios::shrinking
