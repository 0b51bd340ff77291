#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "scenarios/campaign.hpp"
#include "scenarios/findings.hpp"
#include "scenarios/resolve.hpp"
#include "tests/scenarios/drawn.hpp"

/// Runs scenarios that say what must come out, and checks that it does.
namespace leasehold::scenarios::test {

inline std::vector<ResolvedCell> cells_of(const std::string& name,
                                          std::vector<std::string> algorithms = {},
                                          std::vector<std::string> settings = {}) {
  Selection selection;
  selection.scenarios = {name};
  selection.algorithms = std::move(algorithms);
  selection.settings = std::move(settings);
  const auto cells = resolve(registry(), selection);
  if (!cells) FAIL(support::text(cells.error()));
  return *cells;
}

/// On seeds that nobody looked at while the scenarios were written.
inline void check_as_expected(const std::vector<ResolvedCell>& cells, std::uint64_t seeds) {
  CampaignOptions options;
  options.seeds = {7'000'000, seeds};
  const CampaignTallies tallies = run_campaign(cells, options);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const LabelledScenario& row = cells[i].row();
    REQUIRE(row.expect);
    INFO(cells[i].recipe(options.seeds.first).text());
    const Findings found = findings(*row.expect, row.scenario.yardsticks(), tallies.cells[i]);
    for (const ShareFinding& share : found.shares) {
      INFO(share.subject() << " in " << share.seen << " of " << share.judged << " judged runs");
      CHECK(share.as_expected());
    }
    for (const LengthFinding& length : found.lengths) {
      INFO(length.quantity << " from " << length.measured.least_ns << " ns to "
                           << length.measured.greatest_ns << " ns");
      CHECK(length.as_expected());
    }
  }
}

}  // namespace leasehold::scenarios::test
