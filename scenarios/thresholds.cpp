#include "scenarios/thresholds.hpp"

#include <algorithm>

#include "scenarios/glob.hpp"
#include "support/nearest_word.hpp"
#include "support/uint128.hpp"

namespace leasehold::scenarios {
namespace {

using support::Diagnostic;
using support::Diagnostics;

/// By its label, or by its name for all its variants.
bool is_about(const std::string& glob, const std::string& label) {
  return matches(glob, label) || matches(glob, label.substr(0, label.find('/')));
}

void check_name(const std::string& glob, const std::vector<std::string>& names,
                const std::string& file, const std::string& pointer, Diagnostics& problems) {
  const auto known = [&glob](const std::string& name) { return is_about(glob, name); };
  if (std::any_of(names.begin(), names.end(), known)) return;
  Diagnostic diagnostic;
  diagnostic.file = file;
  diagnostic.pointer = pointer;
  diagnostic.message = support::quoted(glob) + " names nothing of this campaign";
  diagnostic.nearest =
      support::nearest_word(glob, std::vector<std::string_view>(names.begin(), names.end()));
  problems.push_back(diagnostic);
}

}  // namespace

bool JudgedThreshold::exceeded() const {
  constexpr std::uint64_t kMillion = 1'000'000;
  using support::Uint128;
  return Uint128{violated_runs} * kMillion > Uint128{judged_runs} * threshold.max_violated_ppm;
}

std::vector<JudgedThreshold> judge(const CampaignResult& result,
                                   std::span<const Threshold> thresholds) {
  std::vector<JudgedThreshold> judged;
  for (const Threshold& threshold : thresholds) {
    for (const CellResult& cell : result.cells) {
      const std::string& label = result.scenarios[cell.scenario].label;
      if (!is_about(threshold.scenario, label)) continue;
      if (!matches(threshold.algorithm, cell.algorithm)) continue;
      const PropertyTally& tally = cell.tally.property(threshold.property);
      judged.push_back(
          {threshold, label, cell.algorithm, tally.violated_seeds.count(), tally.judged_runs()});
    }
  }
  return judged;
}

Diagnostics misnamed(std::span<const Threshold> thresholds, std::span<const ResolvedCell> cells,
                     const models::AlgorithmRegistry& registry, const std::string& file) {
  std::vector<std::string> scenarios;
  for (const ResolvedCell& cell : cells) scenarios.push_back(cell.label());
  std::vector<std::string> algorithms;
  for (const auto& algorithm : registry.all()) algorithms.push_back(algorithm->info().id);
  Diagnostics problems;
  for (std::size_t i = 0; i < thresholds.size(); ++i) {
    const std::string pointer = "/thresholds/" + std::to_string(i);
    check_name(thresholds[i].scenario, scenarios, file, pointer + "/scenario", problems);
    check_name(thresholds[i].algorithm, algorithms, file, pointer + "/algorithm", problems);
  }
  return problems;
}

}  // namespace leasehold::scenarios
