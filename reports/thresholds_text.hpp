#pragma once

#include <span>
#include <string>

#include "scenarios/thresholds.hpp"

namespace leasehold::reports {

/// How a campaign stands to its thresholds: each that was exceeded, by what, and how many were
/// kept. Empty if there are none.
std::string thresholds_text(std::span<const scenarios::JudgedThreshold> thresholds);

}  // namespace leasehold::reports
