#include <algorithm>
#include <catch2/catch.hpp>

#include "models/algorithm.hpp"
#include "scenarios/load.hpp"
#include "scenarios/run.hpp"

// The etcd locks in whole runs, from scenario to verdict.
namespace leasehold::models::etcd {
namespace {

using namespace scenarios;
using checkers::Property;
using checkers::Verdict;

struct Setup {
  explicit Setup(const std::string& algorithm, const std::string& scenario_name = "calm")
      : registry(built_in_algorithms()), scenario(*load_scenario(scenario_name)) {
    cell.scenario = &scenario;
    cell.algorithm = registry.find(algorithm);
    cell.parameters = models::Parameters(cell.algorithm->info().parameters);
  }

  models::AlgorithmRegistry registry;
  Scenario scenario;
  Cell cell;
};

/// Runs the seeds and returns how many violated anything; adds up acquisitions and minutes.
struct CalmRuns {
  std::uint32_t violations = 0;
  std::uint64_t acquired = 0;
  std::int64_t simulated_ns = 0;
  std::uint64_t events = 0;
  std::uint64_t messages = 0;

  std::uint64_t acquired_per_minute() const {
    return acquired * 60'000'000'000u / static_cast<std::uint64_t>(simulated_ns);
  }
};

CalmRuns run_seeds(const Cell& cell, std::uint64_t seeds) {
  Runner runner(cell);
  CalmRuns totals;
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

TEST_CASE("etcd locks are clean and busy without faults", "[slow]") {
  for (const std::string algorithm : {"etcd-lease", "etcd-cas"}) {
    Setup setup(algorithm);
    for (const std::string version : {"3.4", "3.5"}) {
      setup.cell.parameters.set("server", version);
      const CalmRuns totals = run_seeds(setup.cell, 200);
      INFO(algorithm << " " << version << ": " << totals.events / 200 << " events, "
                     << totals.messages / 200 << " messages a run");
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
  const CalmRuns totals = run_seeds(setup.cell, 20);
  CHECK(totals.violations == 0);
  CHECK(totals.acquired_per_minute() >= 20);
}

namespace {

PlannedFault planned(FaultKind kind, Target target, std::int64_t start_s, std::int64_t duration_s) {
  PlannedFault fault;
  fault.kind = kind;
  fault.id = "fault." + std::to_string(start_s);
  fault.target = target;
  fault.start_ns = start_s * 1'000'000'000;
  fault.window_ns = 10'000'000'000;
  fault.duration_ns = duration_s * 1'000'000'000;
  return fault;
}

}  // namespace

TEST_CASE("a holder's pause beyond its lease breaks work_exclusion and nothing in the service") {
  Setup setup("etcd-lease");
  Runner runner(setup.cell);
  FaultPlan plan;
  plan.faults.push_back(planned(FaultKind::pause, Target{Role::holder, {}}, 10, 25));
  std::uint32_t violated = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const RunResult result = runner.run(seed, plan);
    const auto verdict_of = [&result](Property property) {
      return result.checker->verdicts()[property].verdict;
    };
    violated += verdict_of(Property::work_exclusion) == Verdict::violated ? 1 : 0;
    CHECK(verdict_of(Property::grant_exclusion) == Verdict::holds);
    CHECK(verdict_of(Property::belief_exclusion) == Verdict::holds);
  }
  CHECK(violated >= 15);
}

TEST_CASE("crashes, power losses and cuts of servers harm no lock on etcd 3.5") {
  for (const std::string algorithm : {"etcd-lease", "etcd-cas"}) {
    Setup setup(algorithm);
    Runner runner(setup.cell);
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      FaultPlan plan;
      const auto slot = static_cast<std::uint32_t>(seed % 3);
      plan.faults.push_back(planned(FaultKind::crash, Target{Role::leader, {}}, 8, 0));
      plan.faults.back().restart_after_ns = 2'500'000'000;
      plan.faults.push_back(planned(FaultKind::partition, Target{Role::server, slot}, 18, 9));
      plan.faults.push_back(planned(FaultKind::power_loss, Target{Role::leader, {}}, 33, 0));
      plan.faults.back().restart_after_ns = 1'000'000'000;
      plan.faults.push_back(planned(FaultKind::partition, Target{Role::leader, {}}, 42, 12));
      const RunResult result = runner.run(seed, plan);
      INFO(algorithm << " seed " << seed);
      for (const Property property : {Property::grant_exclusion, Property::belief_exclusion,
                                      Property::work_exclusion, Property::progress}) {
        CHECK(result.checker->verdicts()[property].verdict == Verdict::holds);
      }
      CHECK(result.checker->acquisition().attempts.acquired >= 15);
    }
  }
}

TEST_CASE("fenced by the revision, etcd locks keep effects safe and go on under every fault") {
  for (const std::string algorithm : {"etcd-lease", "etcd-cas"}) {
    Setup setup(algorithm, "mixed");
    setup.cell.fencing = Fencing::on;
    Runner runner(setup.cell);
    std::uint64_t fenced = 0;
    for (std::uint64_t seed = 150; seed < 190; ++seed) {
      INFO(algorithm << " seed " << seed);
      const RunResult result = runner.run(seed);
      CHECK(result.checker->verdicts()[Property::effect_safety].verdict == Verdict::holds);
      CHECK(result.checker->verdicts()[Property::progress].verdict == Verdict::holds);
      fenced += result.checker->effects().counts.fenced;
    }
    CHECK(fenced > 0);
  }
}

TEST_CASE("a compare-and-set on the last run keeps the period of a job, and every promise") {
  const auto rows = expand_variants(*load_scenario("period-job"));
  const auto row = std::find_if(rows->begin(), rows->end(),
                                [](const auto& r) { return r.label == "claims the run"; });
  REQUIRE(row != rows->end());
  Setup setup("etcd-cas");
  setup.cell.scenario = &row->scenario;
  setup.cell.parameters.set("compare", "mod");
  Runner runner(setup.cell);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    INFO("seed " << seed);
    const RunResult result = runner.run(seed);
    for (const Property property :
         {Property::grant_exclusion, Property::belief_exclusion, Property::work_exclusion,
          Property::effect_safety, Property::linearizable, Property::progress,
          Property::frequency}) {
      CHECK(result.checker->verdicts()[property].verdict == Verdict::holds);
    }
  }
}

TEST_CASE("the same seed of an etcd run gives the same digest") {
  Setup setup("etcd-lease");
  Runner runner(setup.cell);
  const std::uint64_t first = runner.run(1).digest;
  const std::uint64_t other = runner.run(2).digest;
  CHECK(runner.run(1).digest == first);
  CHECK(other != first);
}

}  // namespace leasehold::models::etcd
