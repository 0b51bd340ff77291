#pragma once

#include <memory>

#include "models/algorithm.hpp"

namespace own_lock {

/// `own-ticket`: a server hands out numbered tickets and serves them in order, each for a lease.
std::unique_ptr<leasehold::models::Algorithm> ticket_lock();

}  // namespace own_lock
