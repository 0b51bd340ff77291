#pragma once

#include <memory>

#include "models/algorithm.hpp"

namespace leasehold::models::etcd {

/// `etcd-cas`: one key, created by whoever finds it absent, that dies with its lease; or the time
/// of a job's last run, overwritten by whoever finds the next one due.
std::unique_ptr<Algorithm> cas_lock();

}  // namespace leasehold::models::etcd
