#pragma once

#include <memory>

#include "models/algorithm.hpp"

namespace leasehold::models::controls {

/// `oracle`: a perfect lock that no network could give. The control that must hold.
std::unique_ptr<Algorithm> oracle();

}  // namespace leasehold::models::controls
