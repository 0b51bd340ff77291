#pragma once

#include <memory>

#include "models/algorithm.hpp"

namespace leasehold::models::controls {

/// `none`: everybody enters at once. The control that must fail.
std::unique_ptr<Algorithm> none();

}  // namespace leasehold::models::controls
