#pragma once

#include <memory>

#include "models/algorithm.hpp"

namespace leasehold::models::redis {

/// `redis-ttl`: SET key owner NX PX ttl on one Redis server.
std::unique_ptr<Algorithm> ttl_lock();

}  // namespace leasehold::models::redis
