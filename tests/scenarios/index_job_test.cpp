#include <catch2/catch.hpp>

#include "scenarios/campaign.hpp"
#include "scenarios/resolve.hpp"

// The story of the index: the library scenario as `compare` runs it.
namespace leasehold::scenarios {
namespace {

using checkers::Property;

const CellTally& tally_of(const std::vector<ResolvedCell>& cells, const CampaignTallies& tallies,
                          const std::string& label, const std::string& lock) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].label() == label && cells[i].algorithm().id == lock) return tallies.cells[i];
  }
  FAIL("no cell of " << lock << " in " << label);
  return tallies.cells.front();
}

TEST_CASE("network trouble longer than the lease corrupts an index, and a token on it does not") {
  const models::AlgorithmRegistry registry = models::built_in_algorithms();
  Selection selection;
  selection.scenarios = {"index-job"};
  const std::vector<ResolvedCell> cells = resolve(registry, selection).value();
  CampaignOptions options;
  options.seeds = {0, 40};
  const CampaignTallies tallies = run_campaign(cells, options);
  const auto in_place = [&](const char* lock) -> const CellTally& {
    return tally_of(cells, tallies, "index-job/in place", lock);
  };
  const auto with_token = [&](const char* lock) -> const CellTally& {
    return tally_of(cells, tallies, "index-job/with a token", lock);
  };

  for (const char* lock : {"redis-ttl", "etcd-lease"}) {
    CAPTURE(lock);
    const CellTally& before = in_place(lock);
    CHECK(before.property(Property::effect_safety).violated_seeds.count() >= 20);
    CHECK(before.totals().effects.duplicate > 0);
    CHECK(before.totals().effects.stale > 0);
    CHECK(before.totals().effects.fenced == 0);

    const CellTally& after = with_token(lock);
    CHECK(after.property(Property::effect_safety).violated_seeds.empty());
    CHECK(after.totals().effects.fenced > 0);
    // Two work at once as before: the token keeps the harm off, not the second worker.
    CHECK(after.property(Property::work_exclusion).violated_seeds.count() >= 20);
  }
  // What does not expire lets nobody else in meanwhile.
  for (const char* lock : {"oracle", "setnx", "pg-advisory"}) {
    CAPTURE(lock);
    CHECK(in_place(lock).property(Property::effect_safety).violated_seeds.empty());
  }
}

}  // namespace
}  // namespace leasehold::scenarios
