#include "scenarios/fault_plan_json.hpp"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <string>

#include "tests/scenarios/generators.hpp"

namespace leasehold::scenarios {
namespace {

std::string told(const std::string& fault) {
  const auto plan = parse_fault_plan("{\"faults\": [\n" + fault + "]}", "p.json");
  return plan ? "nothing" : support::text(plan.error());
}

TEST_CASE("a drawn plan is stored and read back as it was") {
  CHECK(rc::check([] {
    Scenario s = test::scenario(1);
    s.budget = {1'000, 10'000, 0};
    const FaultPlan plan = draw_fault_plan(s, *rc::gen::arbitrary<std::uint64_t>());
    const std::string text = to_json(plan).dump();
    const auto again = parse_fault_plan(text, "p.json");
    if (!again) RC_FAIL(support::text(again.error()) + text);
    RC_ASSERT(*again == plan);
  }));
}

TEST_CASE("a plan written by hand needs the values that its kinds take") {
  const auto plan = parse_fault_plan(
      R"({"faults": [{"kind": "pause", "target": "holder", "start_ns": 5, "duration_ns": 7},
          {"kind": "crash", "target": "server:2", "start_ns": 1, "restart_after_ns": "never"}]})",
      "p.json");
  REQUIRE(plan);
  REQUIRE(plan->faults.size() == 2);
  CHECK(plan->faults[0].id == "crash.1");
  CHECK_FALSE(plan->faults[0].restart_after_ns.has_value());
  CHECK(plan->faults[1].duration_ns == 7);
  CHECK(told(R"({"kind": "pause", "target": "holder", "start_ns": 5})") ==
        "p.json:2:1: /faults/0: misses the key \"duration_ns\"\n");
  CHECK(told(R"({"kind": "clock-step", "target": "all", "start_ns": 5})").find("step_ns") !=
        std::string::npos);
}

TEST_CASE("what is wrong with a plan is told at its place") {
  CHECK(told(R"({"kind": "pause", "target": "holder", "start_ns": "5s", "duration_ns": 1})")
            .find("p.json:2:51: /faults/0/start_ns: found \"5s\"; expected a whole number") == 0);
  CHECK(told(R"({"kind": "pause", "target": "holder", "start_ns": 5, "duration_ns": 0})")
            .find("duration_ns: found 0") != std::string::npos);
  CHECK(told(R"({"kind": "slow-disk", "target": "client:0", "start_ns": 5, "duration_ns": 1,
                 "factor": 2})")
            .find("\"slow-disk\" cannot hit \"client\"") != std::string::npos);
  CHECK(told(R"({"kind": "pause", "target": "server", "start_ns": 5, "duration_ns": 1})")
            .find("hits no certain server; expected server:K") != std::string::npos);
  CHECK(told(R"({"kind": "pause", "target": "client:64", "start_ns": 5, "duration_ns": 1})")
            .find("there is no client:64") != std::string::npos);
  CHECK(told(R"({"id": "a", "kind": "pause", "target": "all", "start_ns": 5, "duration_ns": 1},
                {"id": "a", "kind": "pause", "target": "all", "start_ns": 5, "duration_ns": 1})")
            .find("/faults/1: id \"a\" stands twice") != std::string::npos);
  CHECK(told(R"({"kind": "partition", "target": "all", "start_ns": 5, "duration_ns": 1,
                 "shape": "halves", "side": "12"})")
            .find("side: found \"12\"; expected 16 hexadecimal digits") != std::string::npos);
  CHECK(told("7").find("/faults/0: found a number; expected an object") != std::string::npos);
}

}  // namespace
}  // namespace leasehold::scenarios
