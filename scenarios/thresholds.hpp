#pragma once

#include <span>
#include <string>
#include <vector>

#include "scenarios/campaign_result.hpp"
#include "support/diagnostic.hpp"

namespace leasehold::scenarios {

/// In the order of the thresholds and, within each, of the cells.
std::vector<JudgedThreshold> judge(const CampaignResult& result,
                                   std::span<const Threshold> thresholds);

/// Thresholds that no run of the campaign could ever exceed, because what they name is not there.
/// `registry`: a lock that exists and is not run is no mistake.
support::Diagnostics misnamed(std::span<const Threshold> thresholds,
                              std::span<const ResolvedCell> cells,
                              const models::AlgorithmRegistry& registry, const std::string& file);

}  // namespace leasehold::scenarios
