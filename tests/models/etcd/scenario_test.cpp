#include <catch2/catch.hpp>

#include "models/algorithm.hpp"
#include "scenarios/load.hpp"
#include "scenarios/run.hpp"

// The etcd locks in whole runs, from scenario to verdict.
namespace leasehold::scenarios {
namespace {

using checkers::Property;
using checkers::Verdict;

struct Setup {
  explicit Setup(const std::string& algorithm, const std::string& scenario_name = "calm")
      : registry(models::built_in_algorithms()), scenario(*load_scenario(scenario_name)) {
    cell.scenario = &scenario;
    cell.algorithm = registry.find(algorithm);
    cell.parameters = models::Parameters(cell.algorithm->info().parameters);
  }

  models::AlgorithmRegistry registry;
  Scenario scenario;
  Cell cell;
};

/// Runs the seeds and returns how many violated anything; adds up acquisitions and minutes.
struct RunTotals {
  std::uint32_t violations = 0;
  std::uint64_t acquired = 0;
  std::int64_t simulated_ns = 0;
  std::uint64_t events = 0;
  std::uint64_t messages = 0;

  std::uint64_t acquired_per_minute() const {
    return acquired * 60'000'000'000u / static_cast<std::uint64_t>(simulated_ns);
  }
};

RunTotals run_seeds(const Cell& cell, std::uint64_t seeds) {
  Runner runner(cell);
  RunTotals totals;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const RunResult result = runner.run(seed);
    for (const Property property :
         {Property::grant_exclusion, Property::belief_exclusion, Property::work_exclusion,
          Property::effect_safety, Property::progress}) {
      if (result.checker->verdicts()[property].verdict != Verdict::violated) continue;
      ++totals.violations;
      INFO("seed " << seed << " property " << static_cast<int>(property));
      CHECK(false);
    }
    totals.acquired += result.checker->acquisition().attempts.acquired;
    totals.simulated_ns += result.simulated_ns;
    totals.events += result.events;
    totals.messages += result.cost.messages;
  }
  return totals;
}

}  // namespace

TEST_CASE("etcd locks are clean and busy without faults") {
  for (const std::string algorithm : {"etcd-lease", "etcd-cas"}) {
    Setup setup(algorithm);
    for (const std::string version : {"3.4", "3.5"}) {
      setup.cell.parameters.set("server", version);
      const RunTotals totals = run_seeds(setup.cell, 100);
      INFO(algorithm << " " << version << ": " << totals.events / 100 << " events, "
                     << totals.messages / 100 << " messages a run");
      CHECK(totals.violations == 0);
      CHECK(totals.acquired_per_minute() >= 20);
    }
  }
}

TEST_CASE("etcd locks are clean without faults on five nodes and through the lock service") {
  Setup setup("etcd-lease");
  setup.cell.parameters.set("nodes", "5");
  CHECK(run_seeds(setup.cell, 20).violations == 0);
  setup.cell.parameters.set("nodes", "3");
  setup.cell.parameters.set("lock", "server");
  const RunTotals totals = run_seeds(setup.cell, 20);
  CHECK(totals.violations == 0);
  CHECK(totals.acquired_per_minute() >= 20);
}

TEST_CASE("the same seed of an etcd run gives the same digest") {
  Setup setup("etcd-lease");
  Runner runner(setup.cell);
  const std::uint64_t first = runner.run(1).digest;
  const std::uint64_t other = runner.run(2).digest;
  CHECK(runner.run(1).digest == first);
  CHECK(other != first);
}

}  // namespace leasehold::scenarios
