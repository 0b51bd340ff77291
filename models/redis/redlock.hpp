#pragma once

#include <memory>

#include "models/algorithm.hpp"

namespace leasehold::models::redis {

/// `redlock`: a majority of independent Redis nodes.
std::unique_ptr<Algorithm> redlock();

}  // namespace leasehold::models::redis
