#include <catch2/catch.hpp>

#include "scenarios/incident/reproduction.hpp"
#include "scenarios/words.hpp"
#include "tests/scenarios/drawn.hpp"

/// Incident files: written and read, by hand too, refused with a reason, and run again.
namespace leasehold::scenarios {
namespace {

using checkers::Property;
using checkers::Verdict;
using test::drawn;
using test::registry;

const char* const kByHand = R"({
  "incident_version": 1,
  "title": "The pod paused at its third job",
  "algorithm": "redis-ttl",
  "parameters": {"release": "del"},
  "scenario": "calm",
  "set": {"lease": "8s"},
  "plan": {
    "faults": [
      {
        "kind": "pause", "target": "holder", "start_ns": 0, "window_ns": 60000000000,
        "on": {"event": "work", "occurrence": 3}, "duration_ns": 12000000000
      }
    ]
  }
})";

std::string problem_of(const std::string& text) {
  const auto incident = parse_incident(text, "incident.json");
  return incident ? "" : support::text(incident.error());
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  REQUIRE(text.find(from) != std::string::npos);
  return text.replace(text.find(from), from.size(), to);
}

TEST_CASE("an incident survives its file") {
  for (const char* recipe :
       {"lh1:redis-ttl@mixed#3", "lh1:etcd-lease@crashes#8",
        "lh1:redlock:client=redlock-py@clock-steps#1",
        "lh1:redis-ttl:release=watch@period-job:variant=last run checked#1",
        "lh1:etcd-lease:fencing=on@gc-pauses:lease=20s#18446744073709551615"}) {
    INFO(recipe);
    const Incident incident = incident_of(drawn(recipe), "1.2.3");
    const std::string text = to_text(incident);
    const auto again = parse_incident(text, "incident.json");
    if (!again) FAIL(support::text(again.error()));
    CHECK(*again == incident);
    CHECK(to_text(*again) == text);
  }
}

TEST_CASE("a file replays as its recipe does, byte for byte") {
  for (const char* recipe : {"lh1:redis-ttl@mixed#3", "lh1:pg-advisory@partitions#5",
                             "lh1:etcd-lease:fencing=on@gc-pauses:lease=20s#7"}) {
    INFO(recipe);
    const Reproduction first = drawn(recipe);
    const Incident incident = incident_of(first, "1.2.3");
    const Reproduction again = reproduction_of(registry(), incident, "x.json").value();
    TrailFollower follower(incident.recorded->trail);
    Onlookers onlookers;
    onlookers.trace = &follower;
    Runner runner(again.cell.cell());
    const RunResult result = runner.run(again.seed, again.plan, onlookers);
    CHECK(result.digest == Runner(first.cell.cell()).run(first.seed).digest);
    CHECK_FALSE(again.edited);
    const Comparison comparison = compare(again, result, follower);
    CHECK(comparison.outcome == Comparison::Outcome::reproduced);
    CHECK_FALSE(comparison.parting);
    CHECK(comparison.changed.empty());
  }
}

TEST_CASE("a run that leaves the recorded one is told where") {
  Reproduction run = drawn("lh1:redis-ttl@gc-pauses#1");
  const Incident incident = incident_of(run, "1.2.3");
  run.recorded = incident.recorded;
  RunPlan other = run.plan;
  REQUIRE_FALSE(other.faults.faults.empty());
  other.faults.faults.back().duration_ns += 1;

  TrailFollower follower(incident.recorded->trail);
  Onlookers onlookers;
  onlookers.trace = &follower;
  Runner runner(run.cell.cell());
  const RunResult result = runner.run(run.seed, other, onlookers);
  const Comparison comparison = compare(run, result, follower);
  CHECK(comparison.outcome == Comparison::Outcome::diverged);
  REQUIRE(comparison.parting);
  const std::int64_t start = other.faults.faults.back().start_ns;
  CHECK(comparison.parting->at_ns >= start);
  CHECK(comparison.parting->upto == comparison.parting->after + incident.recorded->trail.stride);

  run.edited = true;
  CHECK(compare(run, result, follower).outcome == Comparison::Outcome::edited);
  run.recorded->replay_version = kReplayVersion - 1;
  CHECK(compare(run, result, follower).outcome == Comparison::Outcome::other_version);
}

TEST_CASE("a file tells whether what fixes its run was edited") {
  Incident incident = incident_of(drawn("lh1:redis-ttl@gc-pauses#1"), "1.2.3");
  const auto edited = [&incident] {
    return reproduction_of(registry(), incident, "x.json").value().edited;
  };
  incident.story = "What a night.";
  CHECK_FALSE(edited());
  incident.plan->faults.front().duration_ns += 1;
  CHECK(edited());
}

TEST_CASE("a trail stays short, and any digest on it may be the first that differs") {
  for (const std::uint32_t length : {1U, 255U, 65'536U, 65'537U, 200'000U}) {
    for (const std::uint32_t differs : {1U, length / 2 + 1, length}) {
      CAPTURE(length, differs);
      TrailSink sink;
      sim::TraceEvent event;
      for (std::uint32_t i = 1; i <= length; ++i) {
        event.digest = i;
        sink.on_event(event);
      }
      CHECK(sink.trail().digests.size() <= Trail::kMost);
      TrailFollower follower(sink.trail());
      for (std::uint32_t i = 1; i <= length; ++i) {
        event.digest = i < differs ? i : ~std::uint64_t{i};
        follower.on_event(event);
      }
      const std::uint32_t stride = sink.trail().stride;
      const bool on_trail =
          (differs + stride - 1) / stride * stride <= stride * sink.trail().digests.size();
      REQUIRE(follower.parting().has_value() == on_trail);
      if (!on_trail) continue;
      CHECK(follower.parting()->after < differs);
      CHECK(differs <= follower.parting()->upto);
    }
  }
}

TEST_CASE("an incident told by hand is completed by the seed") {
  const Incident incident = parse_incident(kByHand, "incident.json").value();
  CHECK(incident.scenario.lease == sim::Duration::seconds(8));
  CHECK_FALSE(incident.seed);
  const Reproduction one = reproduction_of(registry(), incident, "x.json", 4).value();
  const Reproduction other = reproduction_of(registry(), incident, "x.json", 5).value();
  CHECK(one.seed == 4);
  CHECK(one.plan.faults == other.plan.faults);
  CHECK(one.plan.workload != other.plan.workload);
  CHECK(one.cell.parameters().at("release") == "del");
  const auto verdicts = Runner(one.cell.cell()).run(one.seed, one.plan).checker->verdicts();
  CHECK(worst_of(verdicts).has_value());
}

TEST_CASE("what is wrong with an incident is told with its place") {
  CHECK(problem_of("") != "");
  CHECK(problem_of("[]").find("incident.json:1:1: found an array") == 0);
  CHECK(problem_of("{}").find("misses the key \"incident_version\"") != std::string::npos);
  CHECK(problem_of(R"({"incident_version": 2, "anything": 1})") ==
        "incident.json:1:22: /incident_version: was written by a later leasehold, in version 2; "
        "expected version 1\n");
  const std::string text = kByHand;
  CHECK(problem_of(replaced(text, "\"algorithm\"", "\"algoritm\"")).find("\"algorithm\"") !=
        std::string::npos);
  CHECK(problem_of(replaced(text, "\"pause\"", "\"paus\"")).find("/plan/faults/0/kind") !=
        std::string::npos);
  CHECK(problem_of(replaced(text, "\"calm\"", "\"clam\"")).find("did you mean \"calm\"") !=
        std::string::npos);
  CHECK(problem_of(replaced(text, "\"calm\"", "\"../secret.json\"")).find("no path") !=
        std::string::npos);
  CHECK(problem_of(replaced(text, "\"8s\"", "\"8\"")).find("/set/lease") != std::string::npos);
  CHECK(problem_of(replaced(text, "\"calm\"", "{\"name\": \"x\", \"leese\": 1}"))
            .find("/scenario/leese") != std::string::npos);
  CHECK(problem_of(replaced(text, "\"calm\"", "\"fencing\"")).find("/set") == std::string::npos);
  CHECK(problem_of(replaced(text, "\"calm\"", "\"fencing\"")).find("variant") != std::string::npos);
  const auto with = [&text](const std::string& more) {
    return problem_of(replaced(text, "\"title\"", more + ", \"title\""));
  };
  CHECK(with("\"seed\": -1").find("/seed") != std::string::npos);
  CHECK(with("\"seed\": 18446744073709551616").find("/seed") != std::string::npos);
  CHECK(with("\"rounds\": [[[1, 2, 3]]]").find("/rounds/0/0") != std::string::npos);
  CHECK(with("\"rounds\": [[[1, -2]]]").find("/rounds/0/0/1") != std::string::npos);
  CHECK(with("\"rounds\": [[], [], [], [], [], []]").find("there are 5") != std::string::npos);
  CHECK(with("\"recorded\": {\"replay_version\": 2}").find("\"seed\"") != std::string::npos);
}

TEST_CASE("every truncation of an incident is refused") {
  const std::string text = to_text(incident_of(drawn("lh1:redis-ttl@calm#1"), "1.2.3"));
  for (std::size_t size = 0; size + 2 < text.size(); size += 97) {
    CHECK(problem_of(text.substr(0, size)) != "");
  }
}

TEST_CASE("parameters that the algorithm does not have are told with the file") {
  const std::string text = replaced(kByHand, "\"release\"", "\"relaese\"");
  const auto run = reproduction_of(registry(), parse_incident(text, "x.json").value(), "x.json");
  REQUIRE_FALSE(run);
  CHECK(support::text(run.error()).find("x.json") == 0);
  CHECK(support::text(run.error()).find("did you mean \"release\"") != std::string::npos);
}

}  // namespace
}  // namespace leasehold::scenarios
