#include <catch2/catch.hpp>

#include "scenarios/campaign.hpp"
#include "scenarios/run_too_long.hpp"

/// How many events a run may have.
namespace leasehold::scenarios {
namespace {

ResolvedCell cell() {
  static const models::AlgorithmRegistry kRegistry = models::built_in_algorithms();
  Selection selection;
  selection.scenarios = {"gc-pauses"};
  selection.algorithms = {"redis-ttl"};
  return resolve(kRegistry, selection).value().front();
}

RunResult run_with(const ResolvedCell& cell, std::uint64_t most_events) {
  Onlookers onlookers;
  onlookers.most_events = most_events;
  return Runner(cell.cell()).run(3, onlookers);
}

TEST_CASE("a run may have as many events as it is allowed, and not one more") {
  const ResolvedCell cell = scenarios::cell();
  const RunResult whole = Runner(cell.cell()).run(3);
  CHECK(run_with(cell, whole.events).digest == whole.digest);
  try {
    run_with(cell, whole.events - 1);
    FAIL("it went on");
  } catch (const RunTooLong& too_long) {
    CHECK(too_long.run() == "gc-pauses redis-ttl, seed 3");
    CHECK(too_long.extent().events == whole.events - 1);
    CHECK(too_long.extent().reached_ns <= too_long.extent().end_ns);
    CHECK(too_long.extent().end_ns == whole.simulated_ns);
  }
}

TEST_CASE("a campaign ends with the run that is too long, on any number of threads") {
  const std::vector<ResolvedCell> cells = {cell()};
  for (const unsigned jobs : {1U, 3U}) {
    CampaignOptions options;
    options.seeds = {0, 200};
    options.jobs = jobs;
    options.most_events = 1'000;
    CHECK_THROWS_AS(run_campaign(cells, options), RunTooLong);
  }
}

}  // namespace
}  // namespace leasehold::scenarios
