#pragma once

#include <memory>

#include "models/algorithm.hpp"

namespace leasehold::models::postgres {

/// `pg-advisory`: an advisory lock of a PostgreSQL server, held by a session or a transaction.
std::unique_ptr<Algorithm> advisory_lock();

}  // namespace leasehold::models::postgres
