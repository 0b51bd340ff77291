#include <catch2/catch.hpp>

#include "models/algorithm.hpp"
#include "scenarios/load.hpp"
#include "scenarios/run.hpp"

// pg-advisory in whole runs, from scenario to verdict.
namespace leasehold::models::postgres {
namespace {

using namespace scenarios;
using checkers::Property;
using checkers::Verdict;

constexpr const char* kModes[] = {"session", "xact", "try", "try-xact"};

struct Setup {
  explicit Setup(const std::string& scenario_name, const std::string& mode)
      : registry(built_in_algorithms()), scenario(*load_scenario(scenario_name)) {
    cell.scenario = &scenario;
    cell.algorithm = registry.find("pg-advisory");
    cell.parameters = models::Parameters(cell.algorithm->info().parameters);
    cell.parameters.set("mode", mode);
  }

  models::AlgorithmRegistry registry;
  Scenario scenario;
  Cell cell;
};

TEST_CASE("pg-advisory is clean and busy without faults in each of its modes") {
  constexpr std::uint64_t kSeeds = 20;
  for (const char* mode : kModes) {
    CAPTURE(std::string(mode));
    Setup setup("calm", mode);
    Runner runner(setup.cell);
    std::uint64_t acquired = 0;
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
      const RunResult result = runner.run(seed);
      for (const Property property :
           {Property::grant_exclusion, Property::belief_exclusion, Property::work_exclusion,
            Property::effect_safety, Property::linearizable, Property::progress}) {
        CHECK(result.checker->verdicts()[property].verdict == Verdict::holds);
      }
      acquired += result.checker->acquisition().attempts.acquired;
    }
    CHECK(acquired >= kSeeds * 20 * 3 / 2);  // 20 a minute, for 60 s and a heal phase of 30 s
  }
}

TEST_CASE("the sequence's tokens keep effects safe, whatever the locks went through") {
  for (const char* mode : kModes) {
    for (const char* scenario : {"crashes", "mixed"}) {
      CAPTURE(std::string(mode), std::string(scenario));
      Setup setup(scenario, mode);
      setup.cell.parameters.set("token", "sequence");
      setup.cell.fencing = Fencing::on;
      Runner runner(setup.cell);
      std::uint64_t fenced = 0;
      std::uint32_t overlapped = 0;
      for (std::uint64_t seed = 0; seed < 60; ++seed) {
        const RunResult result = runner.run(seed);
        const auto verdict_of = [&result](Property property) {
          return result.checker->verdicts()[property].verdict;
        };
        CHECK(verdict_of(Property::effect_safety) == Verdict::holds);
        overlapped += verdict_of(Property::work_exclusion) == Verdict::violated ? 1 : 0;
        fenced += result.checker->effects().counts.fenced;
      }
      CHECK(overlapped > 0);
      CHECK(fenced > 0);
    }
  }
}

}  // namespace
}  // namespace leasehold::models::postgres
