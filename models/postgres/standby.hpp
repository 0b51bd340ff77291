#pragma once

#include "models/postgres/session.hpp"
#include "sim/process/process.hpp"

namespace leasehold::models::postgres {

/// A standby's half of streaming replication, until the address that it follows is its own, which
/// is its promotion: it asks the primary for its log, one record after the other, and keeps them in
/// its own. What it has then is all that it knows: advisory locks stand in no log.
sim::Task<void> follow(sim::Process& self, const Address& primary);

}  // namespace leasehold::models::postgres
