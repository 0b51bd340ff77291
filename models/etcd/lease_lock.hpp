#pragma once

#include <memory>

#include "models/algorithm.hpp"

namespace leasehold::models::etcd {

/// `etcd-lease`: the session and mutex of clientv3/concurrency.
std::unique_ptr<Algorithm> lease_lock();

}  // namespace leasehold::models::etcd
