#include <catch2/catch.hpp>
#include <string>

#include "scenarios/load.hpp"
#include "scenarios/run.hpp"
#include "scenarios/run_outcome.hpp"

// What a run costs is what its lock costs; what the lock protects sends messages of its own.
namespace leasehold::scenarios {
namespace {

struct Seen {
  RunCost cost;
  std::uint64_t acquired = 0;
  std::uint64_t effects = 0;
};

/// One client that nobody is in the way of.
Seen run_alone(const std::string& lock) {
  const auto scenario = parse_scenario(
      R"({"name": "alone", "clients": 1, "work": "100ms", "think": "100ms", "calm": true})",
      "alone");
  REQUIRE(scenario.has_value());
  const models::AlgorithmRegistry registry = models::built_in_algorithms();
  const models::Algorithm& algorithm = *registry.find(lock);
  Runner runner({&*scenario, &algorithm, models::Parameters(algorithm.info().parameters)});
  RunOutcome outcome;
  read_outcome(runner.run(5), outcome);
  return {outcome.totals.cost, outcome.totals.attempts.acquired, outcome.totals.effects.accepted};
}

TEST_CASE("messages with the resource are no cost of a lock") {
  const Seen none = run_alone("none");
  CHECK(none.effects > 100);
  CHECK(none.cost.messages == 0);
}

TEST_CASE("a lock on one Redis server costs a request and an answer to take, and to release") {
  const Seen seen = run_alone("redis-ttl");
  CHECK(seen.acquired > 100);
  CHECK(seen.cost.messages <= 4 * seen.acquired);
  CHECK(seen.cost.messages > 4 * (seen.acquired - 1));
}

}  // namespace
}  // namespace leasehold::scenarios
