#include <algorithm>
#include <catch2/catch.hpp>
#include <iterator>
#include <string>

#include "scenarios/campaign.hpp"
#include "scenarios/findings.hpp"
#include "scenarios/library.hpp"
#include "scenarios/resolve.hpp"
#include "sim/process/units.hpp"

// Runs the known truths: every file of scenarios/library/truths comes out as it says.
namespace leasehold::scenarios {
namespace {

const models::AlgorithmRegistry& registry() {
  static const models::AlgorithmRegistry kRegistry = models::built_in_algorithms();
  return kRegistry;
}

std::vector<ResolvedCell> cells_of(const std::string& name,
                                   std::vector<std::string> algorithms = {},
                                   std::vector<std::string> settings = {}) {
  Selection selection{{name}, std::move(algorithms), std::move(settings)};
  const auto cells = resolve(registry(), selection);
  if (!cells) FAIL(support::text(cells.error()));
  return *cells;
}

/// Runs the cells on seeds that nobody looked at while the truths were written.
void check_as_expected(const std::vector<ResolvedCell>& cells, std::uint64_t seeds) {
  CampaignOptions options;
  options.seeds = {7'000'000, seeds};
  const CampaignTallies tallies = run_campaign(cells, options);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const LabelledScenario& row = cells[i].row();
    REQUIRE(row.expect);
    INFO(cells[i].recipe(options.seeds.first).text());
    const Findings found = findings(*row.expect, row.scenario.yardsticks(), tallies.cells[i]);
    for (const ShareFinding& share : found.shares) {
      INFO(checkers::kPropertyNames[static_cast<std::size_t>(share.property)]
           << " violated in " << share.violated << " of " << share.judged << " judged runs");
      CHECK(share.as_expected());
    }
    for (const LengthFinding& length : found.lengths) {
      INFO(length.quantity << " from " << length.measured.least_ns << " ns to "
                           << length.measured.greatest_ns << " ns");
      CHECK(length.as_expected());
    }
  }
}

TEST_CASE("every known truth comes out as it says") {
  REQUIRE_FALSE(truth_files().empty());
  for (const LibraryFile& file : truth_files())
    check_as_expected(cells_of(std::string(file.name)), 6);
}

TEST_CASE("every known truth says what it is, and is called as its file") {
  for (const LibraryFile& file : truth_files()) {
    INFO(file.name);
    const auto truth = load_scenario(std::string(file.name), vocabulary_of(registry()));
    if (!truth) FAIL(support::text(truth.error()));
    CHECK(truth->name == file.name);
    CHECK_FALSE(truth->summary.empty());
    CHECK(truth->summary.size() <= 100);
    CHECK_FALSE(truth->story.empty());
    REQUIRE(truth->truth);
    CHECK_FALSE(truth->truth->condition.empty());
    CHECK_FALSE(truth->truth->source.empty());
    for (const Variant& variant : truth->variants) {
      INFO(variant.label);
      CHECK(variant.expect);
      CHECK(variant.label.size() <= 40);
    }
  }
}

TEST_CASE("known-truths stands for every truth, in the order of their names") {
  std::vector<std::string> names;
  for (const ResolvedCell& cell : cells_of("known-truths")) {
    const std::string& name = cell.scenario().name;
    if (names.empty() || names.back() != name) names.push_back(name);
  }
  std::vector<std::string> files;
  for (const LibraryFile& file : truth_files()) files.emplace_back(file.name);
  CHECK(names == files);
}

TEST_CASE("a truth is told of the locks that it names and of no other") {
  for (const ResolvedCell& cell : cells_of("pause-in-work", {"redis-*", "setnx", "oracle"})) {
    INFO(cell.label());
    CHECK((cell.algorithm().id == "redis-ttl" || cell.algorithm().id == "setnx"));
  }
  CHECK(cells_of("pause-in-work", {"oracle"}).empty());
}

TEST_CASE("the recipe of a truth's run names the run") {
  const std::vector<ResolvedCell> cells = cells_of("pause-in-work", {"redis-ttl"});
  for (const ResolvedCell& cell : cells) {
    const auto recipe = Recipe::parse(cell.recipe(3).text());
    REQUIRE(recipe);
    const auto again = resolve(registry(), *recipe);
    if (!again) FAIL(support::text(again.error()));
    CHECK(again->scenario() == cell.scenario());
    CHECK(again->cell().parameters == cell.cell().parameters);
  }
}

}  // namespace
}  // namespace leasehold::scenarios
