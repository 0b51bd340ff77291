// The clean control: without faults every lock on Redis is clean, and changes hands often enough to
// mean something.
#include <catch2/catch.hpp>

#include "models/algorithm.hpp"
#include "scenarios/run.hpp"

namespace leasehold::models::redis {
namespace {

using checkers::Property;
using checkers::Verdict;

struct Totals {
  std::uint64_t acquired = 0;
  std::uint64_t violations = 0;
};

Totals run_calm(const std::string& id, const std::map<std::string, std::string>& set,
                std::uint64_t seeds) {
  const AlgorithmRegistry registry = built_in_algorithms();
  scenarios::Scenario scenario;
  scenario.calm = true;
  scenarios::Cell cell;
  cell.scenario = &scenario;
  cell.algorithm = registry.find(id);
  REQUIRE(cell.algorithm != nullptr);
  cell.parameters = Parameters(cell.algorithm->info().parameters);
  for (const auto& [name, value] : set) cell.parameters.set(name, value);
  scenarios::Runner runner(cell);
  Totals totals;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const scenarios::RunResult result = runner.run(seed);
    totals.acquired += result.checker->acquisition().attempts.acquired;
    for (const Property property :
         {Property::grant_exclusion, Property::belief_exclusion, Property::work_exclusion,
          Property::effect_safety, Property::progress}) {
      const bool holds = result.checker->verdicts()[property].verdict == Verdict::holds;
      totals.violations += holds ? 0 : 1;
    }
  }
  return totals;
}

void check_clean(const std::string& id, const std::map<std::string, std::string>& set = {}) {
  constexpr std::uint64_t kSeeds = 200;
  constexpr std::uint64_t kMinutes = kSeeds * 3 / 2;  // 60 s and a heal phase of 30 s
  CAPTURE(id);
  const Totals totals = run_calm(id, set, kSeeds);
  CHECK(totals.violations == 0);
  CHECK(totals.acquired >= 20 * kMinutes);
}

TEST_CASE("without faults setnx is clean and busy", "[slow]") { check_clean("setnx"); }
TEST_CASE("without faults redis-ttl is clean and busy", "[slow]") { check_clean("redis-ttl"); }
TEST_CASE("without faults redis-ttl is clean in its variants", "[slow]") {
  check_clean("redis-ttl", {{"release", "watch"}, {"token", "incr"}});
  check_clean("redis-ttl", {{"release", "del"}, {"renew", "on"}, {"persistence", "aof-always"}});
}
TEST_CASE("without faults redlock is clean and busy", "[slow]") { check_clean("redlock"); }
TEST_CASE("without faults redlock is clean in its variants", "[slow]") {
  check_clean("redlock", {{"client", "node-redlock-5b2"}, {"nodes", "3"}, {"tries", "1"}});
  check_clean("redlock", {{"client", "redlock-py"}, {"persistence", "aof-everysec"}});
  check_clean("redlock", {{"renew", "on"}, {"nodes", "7"}, {"clock", "boot"}});
}

}  // namespace
}  // namespace leasehold::models::redis
