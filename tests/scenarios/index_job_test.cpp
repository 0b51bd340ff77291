#include <catch2/catch.hpp>
#include <set>

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

/// Which generations somebody wrote into, and which were finished.
class Generations final : public sim::RecordSink {
 public:
  void on_record(sim::TrueTime, std::uint64_t, std::uint16_t kind, const void* record) override {
    if (kind != checkers::Effect::kRecordKind) return;
    const auto& effect = *static_cast<const checkers::Effect*>(record);
    if (effect.kind != checkers::Effect::Kind::write) return;
    if (effect.outcome != checkers::Effect::Outcome::accepted) return;
    const std::uint64_t generation = effect.job >> 32;
    begun.insert(generation);
    if ((effect.job & 1) != 0) finished.insert(generation);
  }
  std::set<std::uint64_t> begun;
  std::set<std::uint64_t> finished;
};

TEST_CASE("a generation whose builder lost the lock is built again, and finished") {
  const models::AlgorithmRegistry registry = models::built_in_algorithms();
  Selection selection;
  selection.scenarios = {"index-job"};
  selection.settings = {"scenario.variant=with a token"};
  selection.algorithms = {"redis-ttl"};
  const std::vector<ResolvedCell> cells = resolve(registry, selection).value();
  REQUIRE(cells.size() == 1);
  Runner runner(cells.front().cell());
  std::size_t unfinished = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Generations generations;
    runner.run(seed, {nullptr, &generations});
    REQUIRE(generations.begun.size() >= 8);
    for (const std::uint64_t generation : generations.begun) {
      if (!generations.finished.contains(generation)) ++unfinished;
    }
  }
  // Only where a later one was begun before anybody came to build it again.
  CAPTURE(unfinished);
  CHECK(unfinished < 10);
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
