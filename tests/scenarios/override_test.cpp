#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <string>

#include "scenarios/load.hpp"
#include "tests/scenarios/generators.hpp"

namespace leasehold::scenarios {
namespace {

using sim::Duration;

Scenario example() {
  return *parse_scenario(R"({"name": "x", "faults": [{"kind": "crash"}, {"kind": "pause"}]})", "");
}

std::string told(const std::string& path, const std::string& value) {
  Scenario scenario = example();
  const std::string text = support::text(apply_override(scenario, path, value));
  CHECK((text.empty() || scenario == example()));
  return text;
}

TEST_CASE("a value is set by its path") {
  Scenario s = example();
  REQUIRE(apply_override(s, "clients", "7").empty());
  REQUIRE(apply_override(s, "work", R"({"uniform": ["1s", "2s"]})").empty());
  REQUIRE(apply_override(s, "network.loss_ppm", "10").empty());
  REQUIRE(apply_override(s, "faults.pause.duration", "3s").empty());
  REQUIRE(apply_override(s, "faults.0.restart_after", "never").empty());
  REQUIRE(apply_override(s, "faults.pause.on", "work").empty());
  REQUIRE(apply_override(s, "parameters.redlock", R"({"nodes": 7})").empty());
  CHECK(s.clients == 7);
  CHECK(s.work.kind == DistributionSpec::Kind::uniform);
  CHECK(s.network.loss_ppm == 10);
  CHECK(s.faults[1].duration == DistributionSpec::constant(Span::of(Duration::seconds(3))));
  CHECK_FALSE(s.faults[0].restart_after.has_value());
  CHECK(s.faults[1].on->event == Trigger::work);
  CHECK(s.parameters.at("redlock").at("nodes") == "7");
}

TEST_CASE("lengths that are given in leases follow the lease") {
  Scenario s = example();
  REQUIRE(apply_override(s, "lease", "30s").empty());
  CHECK(s.heal.resolve(s.yardsticks()) == Duration::seconds(90));
  CHECK(s.faults[1].duration.resolve(s.yardsticks()).maximum() == Duration::seconds(90));
}

TEST_CASE("a new kind brings its defaults") {
  Scenario s = example();
  REQUIRE(apply_override(s, "workload.kind", "period-job").empty());
  REQUIRE(apply_override(s, "workload.period", "5s").empty());
  CHECK(std::get<PeriodJob>(s.workload).period == Duration::seconds(5));
  REQUIRE(apply_override(s, "faults.crash.kind", "loss").empty());
  CHECK(s.faults[0].id == "crash");
  CHECK(s.faults[0].probability_ppm == IntegerRange{10'000, 300'000});
}

TEST_CASE("what is wrong with a flag is told as of a file, and nothing is changed") {
  CHECK(told("lease", "10") ==
        "--set scenario.lease: /lease: 10 has no unit; expected a duration such as \"250ms\", "
        "\"10s\" or \"2min\"\n");
  CHECK(told("leese", "10s").find("did you mean \"lease\"?") != std::string::npos);
  CHECK(told("faults.paus.duration", "10s") ==
        "--set scenario.faults.paus.duration: nothing here is called \"paus\"; did you mean "
        "\"pause\"? Expected crash or pause\n");
  CHECK(told("faults.2.kind", "loss").find("nothing here is called \"2\"") != std::string::npos);
  CHECK(told("lease.x", "1").find("nothing here is called \"x\"") != std::string::npos);
  CHECK(told("heal", "10s").find("shorter than three leases") != std::string::npos);
  CHECK_FALSE(told("", "1").empty());
  CHECK_FALSE(told("...", "1").empty());
  CHECK_FALSE(told("work", std::string(5'000'000, '[')).empty());
  CHECK_FALSE(told("work", "\xff").empty());
}

TEST_CASE("a parameter is set whether or not its algorithm has another one set") {
  Scenario s = example();
  REQUIRE(apply_override(s, "parameters.redlock.nodes", "3").empty());
  REQUIRE(apply_override(s, "parameters.redlock.clock", "boot").empty());
  CHECK(s.parameters["redlock"] ==
        std::map<std::string, std::string>{{"clock", "boot"}, {"nodes", "3"}});
  CHECK(told("parameters.redlock.nodes.x", "3").find("called \"nodes\"") != std::string::npos);
}

TEST_CASE("setting a value to what it is changes nothing") {
  CHECK(rc::check([] {
    const Scenario before = test::scenario();
    Scenario s = before;
    RC_ASSERT(apply_override(s, "clients", std::to_string(s.clients)).empty());
    RC_ASSERT(s == before);
  }));
}

TEST_CASE("a scenario with variants stands for as many") {
  const auto s = parse_scenario(R"({"name": "x", "variants": [
      {"label": "short", "set": {"lease": "5s"}},
      {"label": "own", "algorithms": ["setnx"]}]})",
                                "x.json");
  REQUIRE(s);
  const auto rows = expand_variants(*s);
  REQUIRE(rows);
  REQUIRE(rows->size() == 2);
  CHECK((*rows)[0].label == "short");
  CHECK((*rows)[0].scenario.lease == Duration::seconds(5));
  CHECK((*rows)[0].scenario.algorithms.size() == 7);
  CHECK((*rows)[1].scenario.algorithms == std::vector<std::string>{"setnx"});
  CHECK((*rows)[1].scenario.variants.empty());
  CHECK(expand_variants(example())->front().scenario == example());
}

TEST_CASE("a bad variant is told at its place in the file") {
  const auto s = parse_scenario(
      "{\"name\": \"x\", \"variants\": [\n{\"label\": \"a\", \"set\": {\"leese\": \"5s\"}}]}",
      "x.json");
  REQUIRE_FALSE(s);
  CHECK(s.error().front().text().substr(0, 60) ==
        "x.json:2:33: /variants/0/set/leese: unknown key \"leese\" in t");
}

TEST_CASE("a variant's parameter that nobody has is told at its place in the file") {
  Vocabulary vocabulary;
  vocabulary.algorithms = {"redlock"};
  vocabulary.parameters["redlock"] = {"nodes"};
  const auto s = parse_scenario(
      R"({"name": "x", "algorithms": ["redlock"],
          "variants": [{"label": "a", "set": {"parameters.redlock.node": "3"}}]})",
      "x.json", vocabulary);
  REQUIRE_FALSE(s);
  CHECK(s.error().front().pointer == "/variants/0/set/parameters.redlock.node");
  CHECK(s.error().front().nearest == "nodes");
}

}  // namespace
}  // namespace leasehold::scenarios
