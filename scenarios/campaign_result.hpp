#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scenarios/campaign.hpp"
#include "scenarios/campaign_file.hpp"
#include "scenarios/recipe.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/tally.hpp"

namespace leasehold::scenarios {

/// What one run showed to have broken a lock.
struct Breakage {
  std::uint64_t seed = 0;
  std::string condition;  ///< the faults that were at work: `pause of client:2 for 14.2 s`
};

/// One scenario, algorithm and set of parameters, and what its runs came to.
struct CellResult {
  std::size_t scenario = 0;  ///< index into CampaignResult::scenarios
  std::string algorithm;
  std::map<std::string, std::string> parameters;  ///< all of them, `fencing` included
  bool has_token = false;
  std::string clocks;  ///< which clock each comparison of the algorithm uses
  Recipe recipe;       ///< of its runs, but for the seed
  CellTally tally;
  std::optional<Breakage> breakage;  ///< of work_exclusion, where somebody looked

  [[nodiscard]] Fencing fencing() const;
  [[nodiscard]] std::string recipe_of(std::uint64_t seed) const;
};

struct ScenarioOfResult {
  std::string label;  ///< its name, and after a slash that of its variant
  Scenario scenario;
  std::string variant{};                ///< the label of that
  std::optional<Expectation> expect{};  ///< of what comes out, where it tells a truth
  std::string misses{};                 ///< as in Variant
};

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

/// All that reports are made from. A campaign's shards give an equal one when merged.
struct CampaignResult {
  std::string engine_version;
  nlohmann::ordered_json campaign;  ///< what was run, canonical: no jobs, shards, paths or formats
  std::vector<ScenarioOfResult> scenarios;
  std::vector<CellResult> cells;            ///< in the order of the campaign
  std::vector<JudgedThreshold> thresholds;  ///< of the campaign file, if there is one
};

/// Puts a campaign's tallies beside what they are tallies of.
CampaignResult collect(std::span<const ResolvedCell> cells, std::vector<CellTally> tallies,
                       SeedSpan seeds, std::string engine_version);

}  // namespace leasehold::scenarios
