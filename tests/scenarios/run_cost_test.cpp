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

TEST_CASE("a round trip is a request of who wants the lock and its answer") {
  struct Lock {
    const char* id;
    double round_trips;  ///< of one acquire that nobody contends for
  };
  for (const Lock& lock : {Lock{"none", 0}, Lock{"setnx", 1}, Lock{"redis-ttl", 1},
                           Lock{"redlock", 5}, Lock{"etcd-cas", 3}, Lock{"pg-advisory", 1}}) {
    CAPTURE(std::string(lock.id));
    const Seen seen = run_alone(lock.id);
    REQUIRE(seen.acquired > 100);
    const double each =
        static_cast<double>(seen.cost.round_trips) / static_cast<double>(seen.acquired);
    CHECK(each >= lock.round_trips);
    CHECK(each <= lock.round_trips * 1.02);  // the first acquire also starts a session
  }
}

TEST_CASE("connections are counted while they are held, those with the resource not") {
  struct Lock {
    const char* id;
    std::uint64_t connections;
  };
  for (const Lock& lock : {Lock{"none", 0}, Lock{"redis-ttl", 1}, Lock{"redlock", 5},
                           Lock{"etcd-lease", 1}, Lock{"pg-advisory", 1}}) {
    CAPTURE(std::string(lock.id));
    const Seen seen = run_alone(lock.id);
    CHECK(seen.cost.looks == 18);
    CHECK(seen.cost.connections == lock.connections * seen.cost.looks);
  }
}

}  // namespace
}  // namespace leasehold::scenarios
