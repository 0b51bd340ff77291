#pragma once

#include <span>
#include <string>
#include <vector>

#include "scenarios/campaign_file.hpp"
#include "scenarios/campaign_result.hpp"
#include "support/diagnostic.hpp"

namespace leasehold::scenarios {

/// A threshold of a campaign, held against one cell that it is about.
struct JudgedThreshold {
  Threshold threshold;
  std::string scenario;  ///< the label of the cell's
  std::string algorithm;
  std::uint64_t violated_runs = 0;
  std::uint64_t judged_runs = 0;

  /// In exact arithmetic. Nothing judged is nothing exceeded.
  [[nodiscard]] bool exceeded() const;
};

/// In the order of the thresholds and, within each, of the cells.
std::vector<JudgedThreshold> judge(const CampaignResult& result,
                                   std::span<const Threshold> thresholds);

/// Thresholds that no run of the campaign could ever exceed, because what they name is not there.
/// `registry`: a lock that exists and is not run is no mistake.
support::Diagnostics misnamed(std::span<const Threshold> thresholds,
                              std::span<const ResolvedCell> cells,
                              const models::AlgorithmRegistry& registry, const std::string& file);

}  // namespace leasehold::scenarios
