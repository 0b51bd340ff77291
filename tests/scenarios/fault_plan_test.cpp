#include "scenarios/fault_plan.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "scenarios/load.hpp"
#include "tests/scenarios/generators.hpp"

namespace leasehold::scenarios {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

/// A scenario of 60 s with a lease of 10 s, these faults and, as a rule, a budget for all of them.
Scenario with_faults(const std::string& faults, const std::string& budget = R"({
    "concurrent": 1000, "total": 10000, "quiet_per_mille": 0})") {
  const auto scenario = parse_scenario(
      R"({"name": "x", "faults": [)" + faults + R"(], "budget": )" + budget + "}", "x.json");
  if (!scenario) FAIL(support::text(scenario.error()));
  return *scenario;
}

std::vector<PlannedFault> plan(const Scenario& scenario, std::uint64_t seed) {
  return draw_fault_plan(scenario, seed).faults;
}

std::vector<PlannedFault> of_template(const std::vector<PlannedFault>& faults,
                                      const std::string& id) {
  std::vector<PlannedFault> out;
  std::copy_if(faults.begin(), faults.end(), std::back_inserter(out), [&](const auto& fault) {
    return fault.id.substr(0, fault.id.find_first_of(".:")) == id;
  });
  return out;
}

TEST_CASE("a plan is the same for the same seed and another for another") {
  const Scenario s = with_faults(R"({"kind": "pause", "count": 3})");
  CHECK(plan(s, 1) == plan(s, 1));
  CHECK(plan(s, 1) != plan(s, 2));
}

TEST_CASE("faults stand in the order of their start and end at the horizon") {
  const Scenario s =
      with_faults(R"({"kind": "pause", "count": [0, 9]}, {"kind": "crash", "count": [0, 3]})");
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto faults = plan(s, seed);
    for (std::size_t i = 0; i < faults.size(); ++i) {
      CHECK(faults[i].start_ns >= (i == 0 ? 0 : faults[i - 1].start_ns));
      CHECK(faults[i].start_ns < 60 * kSecond);
      if (faults[i].kind != FaultKind::pause) continue;
      CHECK(faults[i].duration_ns >= 1);
      CHECK(faults[i].start_ns + faults[i].duration_ns <= 60 * kSecond);
    }
  }
}

TEST_CASE("lengths in leases are drawn as lengths of time") {
  const Scenario s =
      with_faults(R"({"kind": "pause", "at": "1s", "duration": {"leases": [0.2, 3]}})");
  std::int64_t least = 100 * kSecond;
  std::int64_t most = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const std::int64_t duration = plan(s, seed).at(0).duration_ns;
    least = std::min(least, duration);
    most = std::max(most, duration);
  }
  CHECK(least >= 2 * kSecond);
  CHECK(least < 3 * kSecond);
  CHECK(most <= 30 * kSecond);
  CHECK(most > 29 * kSecond);
}

TEST_CASE("a template is on in as many seeds as its chance says") {
  const Scenario s = with_faults(R"({"kind": "pause", "chance_per_mille": 250})");
  int on = 0;
  for (std::uint64_t seed = 0; seed < 4'000; ++seed) on += plan(s, seed).empty() ? 0 : 1;
  CHECK(on > 900);
  CHECK(on < 1'100);
  CHECK(plan(with_faults(R"({"kind": "pause", "chance_per_mille": 0})"), 1).empty());
}

TEST_CASE("faults of one template keep their gap") {
  const Scenario s = with_faults(
      R"({"kind": "pause", "count": 6, "duration": {"uniform": ["1s", "4s"]}, "gap": "2s"})");
  bool all_fitted = false;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto faults = plan(s, seed);
    all_fitted = all_fitted || faults.size() == 6;
    for (std::size_t i = 1; i < faults.size(); ++i) {
      const PlannedFault& before = faults[i - 1];
      CHECK(faults[i].start_ns >= before.start_ns + before.duration_ns + 2 * kSecond);
    }
  }
  CHECK(all_fitted);
}

TEST_CASE("every server slot has faults of its own, whatever the deployment") {
  const Scenario s = with_faults(R"({"kind": "crash", "target": "server"})");
  const auto faults = plan(s, 7);
  std::set<std::uint32_t> slots;
  std::set<std::int64_t> starts;
  for (const PlannedFault& fault : faults) {
    CHECK(fault.target.role == Role::server);
    CHECK(fault.id == "crash:" + std::to_string(*fault.target.index) + ".0");
    slots.insert(*fault.target.index);
    starts.insert(fault.start_ns);
  }
  CHECK(slots.size() == kServerSlots);
  CHECK(starts.size() == kServerSlots);
}

TEST_CASE("clock changes of all are drawn for each unless they are correlated") {
  CHECK(plan(with_faults(R"({"kind": "clock-step", "target": "all"})"), 1).size() == 10);
  const auto together =
      plan(with_faults(R"({"kind": "clock-step", "target": "all", "correlated": true})"), 1);
  REQUIRE(together.size() == 1);
  CHECK(together[0].target == Target{Role::all, std::nullopt});
  CHECK(together[0].correlated);
}

TEST_CASE("a client is drawn for each fault, but left to the event where one is waited for") {
  const Scenario s = with_faults(R"({"kind": "pause", "target": "client", "count": 9},
      {"kind": "crash", "target": "client", "on": {"event": "granted", "occurrence": [1, 9]}})");
  std::set<std::uint32_t> clients;
  std::set<std::uint32_t> occurrences;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    for (const PlannedFault& fault : plan(s, seed)) {
      if (fault.kind == FaultKind::pause) clients.insert(*fault.target.index);
      if (fault.kind == FaultKind::pause) continue;
      CHECK_FALSE(fault.target.index.has_value());
      CHECK(fault.on->event == Trigger::granted);
      occurrences.insert(fault.on->occurrence);
    }
  }
  CHECK(clients == std::set<std::uint32_t>{0, 1, 2, 3, 4});
  CHECK(occurrences.size() == 9);
  CHECK(*occurrences.rbegin() == 9);
}

TEST_CASE("steps go forward, backward or either way") {
  const auto step = [](const std::string& sense, std::uint64_t seed) {
    return plan(with_faults(
                    R"({"kind": "clock-step", "target": "server:0", "step": "3s", "sense": ")" +
                    sense + "\"}"),
                seed)
        .at(0)
        .step_ns;
  };
  CHECK(step("forward", 1) == 3 * kSecond);
  CHECK(step("backward", 1) == -3 * kSecond);
  std::set<std::int64_t> either;
  for (std::uint64_t seed = 0; seed < 50; ++seed) either.insert(step("either", seed));
  CHECK(either == std::set<std::int64_t>{-3 * kSecond, 3 * kSecond});
}

TEST_CASE("the budget bounds how many faults there are and how many at once") {
  const std::string faults =
      R"({"kind": "pause", "count": 30, "target": "client:0", "duration": "5s"},
         {"kind": "delay", "count": 30, "target": "client:1", "duration": "5s"},
         {"kind": "loss", "count": 30, "target": "client:2", "duration": "5s"})";
  const Scenario s =
      with_faults(faults, R"({"concurrent": 2, "total": 7, "quiet_per_mille": 500})");
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto kept = plan(s, seed);
    CHECK(kept.size() <= 7);
    std::int64_t busy = 0;
    std::int64_t until = 0;
    for (const PlannedFault& fault : kept) {
      const std::int64_t end = fault.start_ns + fault.duration_ns;
      const auto others = std::count_if(kept.begin(), kept.end(), [&](const PlannedFault& other) {
        return other.start_ns <= fault.start_ns &&
               fault.start_ns < other.start_ns + other.duration_ns;
      });
      CHECK(others <= 2);
      busy += std::max<std::int64_t>(0, end - std::max(until, fault.start_ns));
      until = std::max(until, end);
    }
    CHECK(busy <= 30 * kSecond);
  }
  CHECK(plan(with_faults(faults, R"({"total": 0})"), 1).empty());
}

TEST_CASE("changes of clocks do not use up the budget") {
  const Scenario s = with_faults(R"({"kind": "clock-rate"}, {"kind": "clock-step"})",
                                 R"({"concurrent": 1, "total": 0, "quiet_per_mille": 1000})");
  CHECK(plan(s, 1).size() == 15);
}

TEST_CASE("removing a template changes no draw of another") {
  CHECK(rc::check([] {
    Scenario s = test::scenario(2);
    s.budget = {1'000, 10'000, 0};
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    const auto all = plan(s, seed);
    s.faults.erase(s.faults.begin() + *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(s.faults)));
    std::reverse(s.faults.begin(), s.faults.end());
    for (const FaultTemplate& fault : s.faults) {
      RC_ASSERT(of_template(plan(s, seed), fault.id) == of_template(all, fault.id));
    }
  }));
}

TEST_CASE("changing one parameter of a template changes no other value that it draws") {
  const Scenario before = with_faults(R"({"kind": "delay", "count": 5, "duration": "1ms"})");
  const Scenario after =
      with_faults(R"({"kind": "delay", "count": 5, "duration": {"exponential": "2ms"}})");
  const auto a = plan(before, 3);
  const auto b = plan(after, 3);
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(a[i].start_ns == b[i].start_ns);
    CHECK(a[i].target == b[i].target);
    CHECK(a[i].extra_ns == b[i].extra_ns);
    CHECK(a[i].duration_ns != b[i].duration_ns);
  }
}

TEST_CASE("a minority is drawn, and agrees between deployments on the servers of both") {
  std::set<std::vector<std::uint32_t>> orders;
  for (std::uint64_t side = 0; side < 120; ++side) {
    const auto five = drawn_slots(side, 5, 5);
    orders.insert(five);
    std::vector<std::uint32_t> three = five;
    std::erase_if(three, [](std::uint32_t slot) { return slot >= 3; });
    CHECK(drawn_slots(side, 3, 3) == three);
    CHECK(drawn_slots(side, 3, 1) == std::vector<std::uint32_t>{three[0]});
  }
  CHECK(orders.size() == 120);
  CHECK(drawn_slots(99, 1, 0).empty());
}

}  // namespace
}  // namespace leasehold::scenarios
