#include <catch2/catch.hpp>

#include "checkers/property_name.hpp"
#include "scenarios/campaign.hpp"
#include "scenarios/resolve.hpp"

// The controls: what must hold always, and what must fail, or no other number means anything.
namespace leasehold::scenarios {
namespace {

using checkers::Property;

constexpr std::array kEverything{Property::grant_exclusion, Property::belief_exclusion,
                                 Property::work_exclusion,  Property::effect_safety,
                                 Property::linearizable,    Property::progress};

CampaignTallies run(const models::AlgorithmRegistry& registry, std::vector<std::string> scenarios,
                    std::vector<std::string> algorithms, std::uint64_t seeds,
                    std::vector<ResolvedCell>& cells) {
  Selection selection;
  selection.scenarios = std::move(scenarios);
  selection.algorithms = std::move(algorithms);
  cells = resolve(registry, selection).value();
  CampaignOptions options;
  // Seeds that nobody looked at while the models were written.
  options.seeds = {1'000'000, seeds};
  options.jobs = 2;
  return run_campaign(cells, options);
}

void check_clean(const ResolvedCell& cell, const CellTally& tally) {
  for (const Property property : kEverything) {
    INFO(cell.algorithm().id << " on " << cell.label() << ": "
                             << checkers::property_name(property));
    const auto& worst = tally.property(property).worst;
    if (worst) INFO(cell.recipe(worst->seed).text());
    CHECK_FALSE(worst);
  }
}

TEST_CASE("calm is clean for every lock, and each is acquired twenty times a minute") {
  const auto registry = models::built_in_algorithms();
  std::vector<ResolvedCell> cells;
  const auto tallies =
      run(registry, {"calm"},
          {"oracle", "setnx", "redis-ttl", "redlock", "etcd-lease", "pg-advisory"}, 100, cells);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    check_clean(cells[i], tallies.cells[i]);
    const Totals& totals = tallies.cells[i].totals();
    const std::uint64_t minutes = totals.simulated_ns / 60'000'000'000;
    CHECK(totals.attempts.acquired >= 20 * minutes);
  }
}

TEST_CASE("no lock at all violates work exclusion in at least 99 of 100 runs") {
  const auto registry = models::built_in_algorithms();
  std::vector<ResolvedCell> cells;
  const auto tallies = run(registry, {"calm"}, {"none"}, 1'000, cells);
  CHECK(tallies.cells.front().property(Property::work_exclusion).violated_seeds.count() >= 990);
}

TEST_CASE("the oracle holds in every scenario") {
  const auto registry = models::built_in_algorithms();
  std::vector<ResolvedCell> cells;
  const auto tallies =
      run(registry, {"partitions", "gc-pauses", "clock-drift", "clock-steps", "crashes", "mixed"},
          {"oracle"}, 300, cells);
  for (std::size_t i = 0; i < cells.size(); ++i) check_clean(cells[i], tallies.cells[i]);
}

TEST_CASE("the oracle holds in every scenario, 10,000 seeds each", "[slow]") {
  const auto registry = models::built_in_algorithms();
  std::vector<ResolvedCell> cells;
  const auto tallies =
      run(registry,
          {"calm", "partitions", "gc-pauses", "clock-drift", "clock-steps", "crashes", "mixed"},
          {"oracle"}, 10'000, cells);
  for (std::size_t i = 0; i < cells.size(); ++i) check_clean(cells[i], tallies.cells[i]);
}

}  // namespace
}  // namespace leasehold::scenarios
