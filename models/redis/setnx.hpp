#pragma once

#include <memory>

#include "models/algorithm.hpp"

namespace leasehold::models::redis {

/// `setnx`: SETNX key owner on one Redis server, without a time to live.
std::unique_ptr<Algorithm> setnx();

}  // namespace leasehold::models::redis
