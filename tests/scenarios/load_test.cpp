#include "scenarios/load.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "scenarios/library.hpp"
#include "scenarios/words.hpp"
#include "tests/scenarios/generators.hpp"

namespace leasehold::scenarios {
namespace {

using sim::Duration;

/// A file with these lines after the name.
std::string file(const std::string& lines) {
  return "{\"name\": \"x\"" + (lines.empty() ? "" : ",\n" + lines) + "}";
}

Scenario good(const std::string& lines) {
  const auto scenario = parse_scenario(file(lines), "x.json");
  if (!scenario) FAIL(support::text(scenario.error()));
  return *scenario;
}

/// All that is told about a file, a line each.
std::string told(const std::string& lines) {
  const auto scenario = parse_scenario(file(lines), "x.json");
  return scenario ? "nothing" : support::text(scenario.error());
}

bool is_told(const std::string& lines, const std::string& part) {
  const std::string text = told(lines);
  INFO(text);
  return text.find(part) != std::string::npos;
}

const char* const kAllKinds =
    "expected partition, loss, delay, reply-loss, pause, vm-suspend, clock-rate, clock-slew, "
    "clock-step, crash, power-loss, slow-disk, fsync-error, cpu-steal, memory-pressure, "
    "connection-reset or failover";

TEST_CASE("a scenario needs a name and nothing else") {
  const Scenario scenario = good("");
  Scenario expected;
  expected.name = "x";
  CHECK(scenario == expected);
  CHECK(scenario.horizon == Duration::seconds(60));
  CHECK(scenario.lease == Duration::seconds(10));
  CHECK(scenario.heal.resolve(scenario.yardsticks()) == Duration::seconds(30));
  CHECK(scenario.clients == 5);
  CHECK(scenario.algorithms.size() == 7);
  CHECK(support::text(parse_scenario("{}", "x.json").error()) ==
        "x.json:1:1: misses the key \"name\"\n");
}

TEST_CASE("a scenario is read with its units") {
  const Scenario s = good(R"("lease": "30s", "work": {"uniform": ["1s", {"leases": 0.5}]},
    "think": {"leases": [0.2, 3]}, "retry": "250ms", "give_up": "2min",
    "network": {"client_server": {"lognormal": {"median": "0.13ms", "sigma": 0.33}, "max": "1ms"}},
    "workload": {"kind": "period-job", "period": "1min", "guard": "last-run"},
    "parameters": {"redlock": {"nodes": 7, "client": "spec", "quarantine": true}})");
  CHECK(s.work == DistributionSpec::uniform(Span::of(Duration::seconds(1)), Span::leases(500)));
  CHECK(s.think == DistributionSpec::uniform(Span::leases(200), Span::leases(3'000)));
  CHECK(s.think.resolve(s.yardsticks()).minimum() == Duration::seconds(6));
  CHECK(s.think.resolve(s.yardsticks()).maximum() == Duration::seconds(90));
  CHECK(s.give_up == Span::of(Duration::seconds(120)));
  CHECK(s.network.client_server.sigma_milli == 330);
  CHECK(std::get<PeriodJob>(s.workload).guard == PeriodJob::Guard::last_run);
  CHECK(s.parameters.at("redlock") == std::map<std::string, std::string>{{"client", "spec"},
                                                                         {"nodes", "7"},
                                                                         {"quarantine", "true"}});
}

TEST_CASE("a fault has the defaults of its kind") {
  const Scenario s = good(R"("faults": [{"kind": "pause"}, {"kind": "slow-disk"}, {"kind": "pause"},
    {"kind": "crash", "restart_after": "never"}, {"kind": "pause", "id": "pause-2", "on": "work"}])");
  REQUIRE(s.faults.size() == 5);
  CHECK(s.faults[0].target == Target{Role::holder, std::nullopt});
  CHECK(s.faults[1].target == Target{Role::server, std::nullopt});
  CHECK_FALSE(s.faults[3].restart_after.has_value());
  CHECK(s.faults[4].on->event == Trigger::work);
  std::vector<std::string> ids;
  for (const FaultTemplate& f : s.faults) ids.push_back(f.id);
  CHECK(ids == std::vector<std::string>{"pause", "slow-disk", "pause-3", "crash", "pause-2"});
}

TEST_CASE("an unknown key is told with its place, the nearest one and the list") {
  CHECK(told(R"( "leese": "10s")").substr(0, 92) ==
        "x.json:2:2: /leese: unknown key \"leese\" in this file; did you mean \"lease\"? "
        "Expected $schema");
  CHECK(told(R"("disk": {"fsink": "1ms"})") ==
        "x.json:2:10: /disk/fsink: unknown key \"fsink\" in this object; did you mean \"fsync\"? "
        "Expected fsync\n");
  CHECK(told(R"("faults": [{"kind": "pause", "factor": 3}])") ==
        "x.json:2:30: /faults/0/factor: unknown key \"factor\" in a fault of kind pause; expected "
        "kind, id, target, at, on, window, chance_per_mille, count, gap or duration\n");
  CHECK(is_told(R"("workload": {"kind": "counter", "poll": "1s"})",
                "unknown key \"poll\" in a workload of kind counter; expected kind or updates"));
}

TEST_CASE("an unknown word is told with the nearest one and the list") {
  CHECK(told(R"("faults": [{"kind": "paus"}])") ==
        "x.json:2:21: /faults/0/kind: unknown word \"paus\"; did you mean \"pause\"? Expected " +
            std::string(kAllKinds).substr(9) + "\n");
  CHECK(is_told(R"("faults": [{"id": "a"}])",
                std::string("/faults/0: misses the key \"kind\"; ") + kAllKinds));
  CHECK(is_told(R"("fencing": "onn")", "did you mean \"on\"? Expected off, on or write-only"));
  CHECK(is_told(R"("faults": [{"kind": "pause", "on": "works"}])", "did you mean \"work\"?"));
  CHECK(is_told(R"("faults": [{"kind": "pause", "target": "holdr"}])",
                "\"holdr\" is no target; did you mean \"holder\"?"));
}

TEST_CASE("durations that are negative, without unit or no durations are told") {
  CHECK(told(R"("lease": 10)") ==
        "x.json:2:10: /lease: 10 has no unit; expected a duration such as \"250ms\", \"10s\" or "
        "\"2min\"\n");
  CHECK(told(R"("lease": "-10s")") ==
        "x.json:2:10: /lease: \"-10s\" is negative; expected a duration from 1ms to 1000h\n");
  CHECK(is_told(R"("lease": "0s")", "\"0s\" is out of range"));
  CHECK(is_told(R"("lease": "10")", "\"10\" has no unit"));
  CHECK(is_told(R"("lease": null)", "found null; expected a duration"));
  CHECK(is_told(R"("work": "-1s")", "\"-1s\" is negative; expected a length of zero or more"));
  CHECK(is_told(R"("work": {"uniform": ["1s", "-2s"]})", "/work/uniform/1: \"-2s\" is negative"));
  CHECK(is_told(R"("work": {"leases": -1})", "/work/leases: -1 is negative"));
  CHECK(is_told(R"("work": {"leases": 0.0001})", "0.0001 is more than three decimals"));
  CHECK(is_told(R"("at": {"horizon": 2})", "unknown key \"at\""));
  CHECK(is_told(R"("think": {"horizon": 2})", "2 is greater than 1"));
}

TEST_CASE("distributions that make no sense are told") {
  CHECK(is_told(R"("work": {})", "/work: names no distribution; expected one of uniform"));
  CHECK(is_told(R"("work": {"unifrom": ["1s", "2s"]})", "did you mean \"uniform\"?"));
  CHECK(is_told(R"("work": {"uniform": ["1s"]})", "expected a pair [LOW, HIGH]"));
  CHECK(is_told(R"("work": {"uniform": ["2s", "1s"]})", "the low end is above the high end"));
  CHECK(is_told(R"("work": {"uniform": ["2s", {"leases": 0.1}]})", "the low end is above"));
  CHECK(is_told(R"("work": {"exponential": "1s", "min": "2s", "max": "1s"})",
                "the low end is above"));
  CHECK(is_told(R"("work": {"uniform": ["1s", "2s"], "leases": 1})",
                "both \"uniform\" and \"leases\""));
  CHECK(is_told(R"("work": {"leases": 1, "max": "1s"})", "a constant takes no"));
  CHECK(is_told(R"("work": {"lognormal": {"median": "1s"}})", "expected {\"median\": LENGTH"));
  CHECK(is_told(R"("work": {"lognormal": {"median": "1s", "sigma": 9}})", "9 is greater than 8"));
  CHECK(is_told(R"("retry": "0s")", "/retry: is always zero"));
}

TEST_CASE("numbers out of range and of the wrong kind are told") {
  CHECK(is_told(R"("clients": 0)", "found 0; expected a whole number from 1 to 64"));
  CHECK(is_told(R"("clients": 2.5)", "found 2.5; expected a whole number"));
  CHECK(is_told(R"("clients": 99999999999999999999)", "expected a whole number"));
  CHECK(is_told(R"("clients": "5")", "found \"5\"; expected a whole number"));
  CHECK(is_told(R"("faults": [{"kind": "loss", "probability_ppm": [5, 2]}])", "low end is above"));
  CHECK(is_told(R"("calm": 1)", "found 1; expected true or false"));
  CHECK(is_told(R"("faults": {})", "found an object; expected a list"));
  CHECK(is_told(R"("summary": "two\nlines")", "expected one line of text"));
  CHECK(support::text(parse_scenario("[]", "x.json").error()) ==
        "x.json:1:1: found an array; expected an object\n");
  CHECK(support::text(parse_scenario(R"({"name": "A b"})", "x.json").error()).find("a name of") !=
        std::string::npos);
}

TEST_CASE("targets that cannot be hit are told") {
  CHECK(told(R"("faults": [{"kind": "slow-disk", "target": "holder"}])") ==
        "x.json:2:44: /faults/0/target: \"slow-disk\" cannot hit \"holder\"; expected one of "
        "server, leader, minority, majority, all\n");
  CHECK(is_told(R"("faults": [{"kind": "pause", "target": "client:5"}])",
                "there is no client:5; expected client:0 to client:4"));
  CHECK(is_told(R"("faults": [{"kind": "pause", "target": "server:5"}])", "server:0 to server:4"));
  CHECK(is_told(R"("faults": [{"kind": "pause", "target": "holder:1"}])", "is no target"));
  CHECK(is_told(R"("faults": [{"kind": "pause", "target": "client:-1"}])", "is no target"));
  CHECK(is_told(R"("faults": [{"kind": "partition", "shape": "halves"}])", "splits everyone"));
}

TEST_CASE("what spans several keys is told") {
  CHECK(told(R"("heal": "29s")") ==
        "x.json:2:9: /heal: heals for 29s, shorter than three leases; expected at least 30s, or "
        "0s\n");
  CHECK(is_told(R"("progress_within": "31s")", "longer than the heal phase"));
  CHECK(told(R"("heal": "0s")") == "nothing");
  CHECK(is_told(R"("calm": true, "faults": [{"kind": "pause"}])", "/faults: a calm scenario"));
  CHECK(is_told(R"("calm": true, "network": {"server_server": "101ms"})",
                "/network/server_server: may exceed what a calm scenario allows; expected a "
                "\"max\" of at most 100ms"));
  CHECK(is_told(R"("calm": true, "work": {"leases": 0.6})", "/work: may exceed"));
  CHECK(is_told(R"("faults": [{"kind": "pause", "id": "a"}, {"kind": "crash", "id": "a"}])",
                "/faults/1/id: id \"a\" stands twice"));
  CHECK(is_told(R"("algorithms": ["setnx", "setnx"])", "\"setnx\" stands twice"));
  CHECK(
      is_told(R"("workload": {"kind": "period-job", "period": "1s", "poll": "2s"})", "polls less"));
  CHECK(is_told(R"("lease": "1000h", "heal": {"leases": 4})", "is longer than 1000h"));
}

TEST_CASE("a bad file tells its first ten problems in the order of the description") {
  const auto bad = parse_scenario(file(R"("lease": 1, "clients": 0, "calm": "yes")"), "x.json");
  REQUIRE_FALSE(bad);
  CHECK(bad.error().size() == 3);
  std::string many;
  for (int i = 0; i < 20; ++i) many += (i > 0 ? "," : "") + ("\"k" + std::to_string(i) + "\": 1");
  const auto worse = parse_scenario(file(many), "x.json");
  REQUIRE_FALSE(worse);
  CHECK(worse.error().size() == 10);
}

TEST_CASE("names that are not in the vocabulary are told") {
  const Vocabulary vocabulary{.algorithms = {"setnx", "redlock"},
                              .parameters = {{"redlock", {"nodes", "client"}}}};
  const auto scenario = parse_scenario(
      file(
          "\"algorithms\": [\"setnx\", \"redlok\"],\n\"parameters\": {\"redlock\": {\"node\": 5}}"),
      "x.json", vocabulary);
  REQUIRE_FALSE(scenario);
  CHECK(support::text(scenario.error()) ==
        "x.json:2:25: /algorithms/1: unknown algorithm \"redlok\"; did you mean \"redlock\"? "
        "Expected redlock or setnx\n"
        "x.json:3:36: /parameters/redlock/node: unknown parameter \"node\"; did you mean "
        "\"nodes\"? Expected client or nodes\n");
}

TEST_CASE("a canonical text is one line, complete, and read back as the same scenario") {
  const std::string text = canonical_json(good(""));
  CHECK(text.find('\n') == std::string::npos);
  CHECK(text.substr(0, 60) == R"({"name":"x","summary":"","story":"","horizon":"1min","heal":)");
  CHECK(
      text.find(
          R"("work":{"lognormal":{"median":{"leases":0.15},"sigma":0.5},"max":{"leases":0.5}})") !=
      std::string::npos);
  CHECK(rc::check([] {
    const Scenario scenario = test::scenario();
    const std::string canonical = canonical_json(scenario);
    const auto again = parse_scenario(canonical, "x.json");
    if (!again) RC_FAIL(support::text(again.error()) + canonical);
    RC_ASSERT(*again == scenario);
    RC_ASSERT(canonical_json(*again) == canonical);
  }));
}

TEST_CASE("a scenario is found by its name in the library or by its path") {
  const auto calm = load_scenario("calm");
  REQUIRE(calm);
  CHECK(calm->calm);
  const auto path = load_scenario(LEASEHOLD_SOURCE_DIR "/scenarios/library/calm.json");
  REQUIRE(path);
  CHECK(*path == *calm);
  const auto unknown = load_scenario("clam");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().front().nearest == "calm");
  const auto missing = load_scenario("./calm.json");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().front().text() == "./calm.json: cannot be read: No such file or directory");
}

/// A truth of a variant called `met` and of one with these lines.
std::string truth(const std::string& lines) {
  return "\"truth\": {\"condition\": \"c\"},\n\"variants\": [\n"
         "{\"label\": \"met\", \"expect\": {\"work_exclusion\": \"violated\"}},\n{" +
         lines + "}]";
}

TEST_CASE("what a variant expects is read as a word, as a share or as a length") {
  const Scenario s = good(
      truth("\"misses\": \"met\", \"expect\": {\"work_exclusion\": \"holds\", "
            "\"progress\": {\"at_least_per_mille\": 20}, \"stuck\": {\"at_least_per_mille\": 30}, "
            "\"longest_wait\": {\"at_least\": \"8s\"}}"));
  CHECK(s.truth->condition == "c");
  const auto share = [&](std::size_t variant, checkers::Property property) {
    return s.variants[variant].expect->shares[static_cast<std::size_t>(property)];
  };
  CHECK(share(0, checkers::Property::work_exclusion) == ExpectedShare::violated());
  CHECK(share(1, checkers::Property::work_exclusion) == ExpectedShare::holds());
  CHECK(share(1, checkers::Property::progress) == ExpectedShare{20, 1'000});
  CHECK_FALSE(share(1, checkers::Property::linearizable));
  CHECK(s.variants[1].expect->stuck == ExpectedShare{30, 1'000});
  CHECK(s.variants[1].expect->longest_wait ==
        ExpectedLength{Span::of(Duration::seconds(8)), std::nullopt});
  CHECK(s.variants[1].misses == "met");
}

TEST_CASE("a truth that makes no sense is told at its place") {
  CHECK(is_told(truth("\"expect\": {\"work_exclusion\": \"hold\"}"),
                "x.json:5:31: /variants/1/expect/work_exclusion: unknown word \"hold\"; did you "
                "mean \"holds\"?"));
  CHECK(is_told(truth("\"expect\": {\"work_exclusio\": \"holds\"}"),
                "did you mean \"work_exclusion\"?"));
  CHECK(is_told(truth("\"misses\": \"mat\""),
                "/variants/1/misses: no variant that expects something is called \"mat\"; did you "
                "mean \"met\"?"));
  CHECK(is_told(truth("\"label\": \"a\", \"misses\": \"a\""), "/variants/1/misses"));
  CHECK(is_told(truth("\"label\": \"met\""), "/variants/1/label: \"met\" stands twice"));
  CHECK(is_told(truth("\"expect\": {\"progress\": "
                      "{\"at_least_per_mille\": 2, \"at_most_per_mille\": 1}}"),
                "/variants/1/expect/progress: expects more than it allows"));
  CHECK(is_told(truth("\"expect\": {\"longest_gap\": {\"at_least\": \"2s\", \"at_most\": \"1s\"}}"),
                "/variants/1/expect/longest_gap: expects more than it allows"));
  CHECK(is_told(truth("\"expect\": {\"stuck\": "
                      "{\"at_least_per_mille\": 2, \"at_most_per_mille\": 1}}"),
                "/variants/1/expect/stuck: expects more than it allows"));
  CHECK(is_told(truth("\"expect\": {}"), "/variants/1/expect: expects nothing"));
  CHECK(is_told("\"truth\": {}, \"variants\": [{\"label\": \"a\"}]",
                "/truth: no variant expects anything"));
  CHECK(is_told("\"variants\": [{\"expect\": {\"progress\": \"holds\"}}]",
                "/variants/0/expect: expects something of a scenario that tells no truth"));
}

}  // namespace
}  // namespace leasehold::scenarios
