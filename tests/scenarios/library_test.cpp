#include "scenarios/library.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "scenarios/fault_plan.hpp"
#include "scenarios/load.hpp"

namespace leasehold::scenarios {
namespace {

Scenario loaded(const std::string& name) {
  const auto scenario = load_scenario(name);
  if (!scenario) FAIL(support::text(scenario.error()));
  return *scenario;
}

TEST_CASE("the library holds the scenarios that users are promised, in the order of their names") {
  std::vector<std::string_view> names;
  for (const LibraryFile& file : library_files()) names.push_back(file.name);
  CHECK(std::is_sorted(names.begin(), names.end()));
  for (const char* name :
       {"calm", "partitions", "gc-pauses", "clock-drift", "clock-steps", "crashes", "mixed",
        "period-job", "index-job", "overload", "alone", "vm-suspends", "db-failover"}) {
    INFO(name);
    CHECK(std::count(names.begin(), names.end(), name) == 1);
  }
  CHECK(find_file(truth_files(), "redlock-exact-quorum") != nullptr);
}

TEST_CASE("every library file can be loaded, is called as its file and tells its story") {
  for (const LibraryFile& file : library_files()) {
    INFO(file.name);
    const Scenario scenario = loaded(std::string(file.name));
    CHECK(scenario.name == file.name);
    CHECK_FALSE(scenario.summary.empty());
    CHECK(scenario.summary.size() <= 100);
    CHECK_FALSE(scenario.story.empty());
    CHECK(expand_variants(scenario));
  }
}

TEST_CASE("the scenarios of the summary keep the scale that they promise") {
  for (const char* name :
       {"calm", "partitions", "gc-pauses", "clock-drift", "clock-steps", "crashes", "mixed"}) {
    INFO(name);
    const Scenario s = loaded(name);
    CHECK(s.clients >= 5);
    CHECK(s.lease == sim::Duration::seconds(10));
    CHECK(s.horizon >= sim::Duration::seconds(60));
    CHECK(s.heal.resolve(s.yardsticks()) >= 3 * s.lease);
    CHECK(s.work.resolve(s.yardsticks()).maximum() <= s.lease / 2);
    CHECK(s.algorithms.size() == 7);
  }
}

/// The kinds of fault that a scenario draws in some of the first 200 seeds.
std::set<FaultKind> kinds_drawn(const Scenario& scenario) {
  std::set<FaultKind> kinds;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    for (const PlannedFault& fault : draw_fault_plan(scenario, seed).faults) {
      kinds.insert(fault.kind);
    }
  }
  return kinds;
}

TEST_CASE("every fault of a library scenario is drawn in some seed") {
  for (const LibraryFile& file : library_files()) {
    INFO(file.name);
    const Scenario scenario = loaded(std::string(file.name));
    std::set<FaultKind> named;
    for (const FaultTemplate& fault : scenario.faults) named.insert(fault.kind);
    CHECK(kinds_drawn(scenario) == named);
  }
}

TEST_CASE("mixed draws every kind of fault there is") {
  CHECK(kinds_drawn(loaded("mixed")).size() == fault_kinds().size());
}

TEST_CASE("garbage collection stops the holder for 0.2 to 3 leases, in every seed") {
  const Scenario s = loaded("gc-pauses");
  std::int64_t shortest = s.horizon.ns();
  std::int64_t longest = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const auto plan = draw_fault_plan(s, seed);
    const auto pause = std::find_if(plan.faults.begin(), plan.faults.end(),
                                    [](const auto& f) { return f.target.role == Role::holder; });
    REQUIRE(pause != plan.faults.end());
    if (pause->start_ns > sim::Duration::seconds(30).ns()) continue;  // cut short by the horizon
    shortest = std::min(shortest, pause->duration_ns);
    longest = std::max(longest, pause->duration_ns);
  }
  CHECK(shortest >= sim::Duration::seconds(2).ns());
  CHECK(shortest < sim::Duration::seconds(3).ns());
  CHECK(longest > sim::Duration::seconds(28).ns());
}

TEST_CASE("the rows of the exact quorum have as many nodes away and lost as they say") {
  const auto rows = expand_variants(loaded("redlock-exact-quorum"));
  REQUIRE(rows);
  for (const LabelledScenario& row : *rows) {
    INFO(row.label);
    const auto plan = draw_fault_plan(row.scenario, 1);
    const auto count = [&plan](const std::string& id) {
      return std::count_if(plan.faults.begin(), plan.faults.end(), [&id](const auto& fault) {
        return fault.id.compare(0, id.size(), id) == 0;
      });
    };
    const int nodes = std::stoi(row.scenario.parameters.at("redlock").at("nodes"));
    const std::string label = "N=" + std::to_string(nodes) +
                              ", v=" + std::to_string(nodes - count("away-")) +
                              ", k=" + std::to_string(count("step-") + count("restart-"));
    CHECK(row.label.compare(0, label.size(), label) == 0);
  }
}

}  // namespace
}  // namespace leasehold::scenarios
