#include "scenarios/timeline/timeline.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "models/describe.hpp"
#include "scenarios/words.hpp"
#include "tests/scenarios/drawn.hpp"

/// What a timeline says of a run is what the run's checkers and its plan say.
namespace leasehold::scenarios {
namespace {

using checkers::Property;
using test::drawn;
using Bar = TimelineBar::Kind;
using Fate = TimelineMessage::Fate;

// Together they have every kind of fault, datagrams and connections, tokens and leaders.
const std::vector<std::string> kRecipes{
    "lh1:setnx@crashes#4",    "lh1:redis-ttl@mixed#3",       "lh1:redlock@clock-steps#1",
    "lh1:etcd-lease@mixed#2", "lh1:etcd-cas@partitions#6",   "lh1:pg-advisory@db-failover#1",
    "lh1:none@gc-pauses#5",   "lh1:redis-ttl@vm-suspends#2", "lh1:last-run-cas@period-job#1"};

std::uint64_t overlaps_of(const Timeline& timeline, Bar kind) {
  return static_cast<std::uint64_t>(std::count_if(
      timeline.overlaps.begin(), timeline.overlaps.end(),
      [&](const auto& overlap) { return timeline.bars[overlap.later].kind == kind; }));
}

std::size_t events_of(const Timeline& timeline, TimelineEvent::Kind kind) {
  const auto& events = timeline.events;
  return static_cast<std::size_t>(std::count_if(
      events.begin(), events.end(), [&](const auto& event) { return event.kind == kind; }));
}

TEST_CASE(
    "a run that is looked at is the same run, and its overlaps those that the checkers find") {
  for (const std::string& recipe : kRecipes) {
    INFO(recipe);
    const Reproduction run = drawn(recipe);
    Runner runner(run.cell.cell());
    const RunResult result = runner.run(run.seed, run.plan);
    const Timeline timeline = record_timeline(run);
    CHECK(timeline.digest == result.digest);
    CHECK(timeline.verdicts == result.checker->verdicts());
    CHECK(overlaps_of(timeline, Bar::work) == result.checker->work_exclusion().pairs);
    CHECK(overlaps_of(timeline, Bar::belief) == result.checker->belief_exclusion().pairs);
    CHECK(overlaps_of(timeline, Bar::grant) == result.checker->grant_exclusion().pairs);
    const checkers::EffectCounts& counts = result.checker->effects().counts;
    const auto harmful = [](const TimelineEffect& effect) {
      return effect.outcome != TimelineEffect::Outcome::accepted &&
             effect.outcome != TimelineEffect::Outcome::fenced;
    };
    const bool harmed = std::any_of(timeline.effects.begin(), timeline.effects.end(), harmful);
    CHECK(timeline.effects.size() == counts.accepted + counts.fenced);
    CHECK(harmed == (counts.stale + counts.lost + counts.duplicate > 0));
  }
}

TEST_CASE("what bars share with others is told once, and is all of it") {
  const Timeline timeline = record_timeline(drawn("lh1:none@gc-pauses#5"));
  const std::vector<SharedStretch> shared = shared_stretches(timeline);
  REQUIRE(shared.size() > 2);
  for (std::size_t i = 1; i < shared.size(); ++i) {
    if (shared[i].bar == shared[i - 1].bar) CHECK(shared[i].from > shared[i - 1].to);
  }
  const auto holds = [&](std::size_t bar, const TimelineOverlap& overlap) {
    return std::any_of(shared.begin(), shared.end(), [&](const SharedStretch& stretch) {
      return stretch.bar == bar && stretch.from <= overlap.from && stretch.to >= overlap.to;
    });
  };
  CHECK(std::all_of(timeline.overlaps.begin(), timeline.overlaps.end(), [&](const auto& overlap) {
    return holds(overlap.earlier, overlap) && holds(overlap.later, overlap);
  }));
}

TEST_CASE("bars begin before they end and stand in the order of their beginnings") {
  for (const std::string& recipe : kRecipes) {
    INFO(recipe);
    const Timeline timeline = record_timeline(drawn(recipe));
    EventIndex last = 0;
    for (const TimelineBar& bar : timeline.bars) {
      REQUIRE(bar.to < timeline.events.size());
      CHECK(bar.from <= bar.to);
      CHECK(last <= bar.from);
      CHECK_FALSE(bar.ended.empty());
      last = bar.from;
    }
    CHECK(std::is_sorted(timeline.events.begin(), timeline.events.end(),
                         [](const auto& a, const auto& b) { return a.at_ns < b.at_ns; }));
  }
}

TEST_CASE("every message was sent once, and arrives later, or is lost, or is on its way") {
  for (const std::string& recipe : kRecipes) {
    INFO(recipe);
    const Timeline timeline = record_timeline(drawn(recipe));
    std::size_t arrived = 0;
    std::size_t wrong = 0;
    for (const TimelineMessage& message : timeline.messages) {
      const TimelineEvent& sent = timeline.events[message.sent];
      bool right = sent.kind == TimelineEvent::Kind::sent && sent.lane == message.from &&
                   sent.peer == message.to;
      if (message.fate != Fate::pending) right = right && message.settled >= message.sent;
      if (message.fate == Fate::arrived) {
        const TimelineEvent& end = timeline.events[message.settled];
        right = right && end.kind == TimelineEvent::Kind::arrived && end.lane == message.to &&
                end.text == message.text;
        ++arrived;
      }
      wrong += right ? 0 : 1;
    }
    CHECK(wrong == 0);
    CHECK(timeline.messages.size() == events_of(timeline, TimelineEvent::Kind::sent));
    CHECK(arrived == events_of(timeline, TimelineEvent::Kind::arrived));
  }
}

TEST_CASE("what a partition cuts off is lost or late") {
  const Timeline timeline = record_timeline(drawn("lh1:redis-ttl@partitions#1"));
  const auto harmed = [](const TimelineMessage& message) {
    return message.fate == Fate::lost || message.stalled;
  };
  CHECK(std::any_of(timeline.messages.begin(), timeline.messages.end(), harmed));
  CHECK_FALSE(std::all_of(timeline.messages.begin(), timeline.messages.end(), harmed));
}

TEST_CASE("a pause stops whom it hits from its beginning to its end") {
  const Timeline timeline = record_timeline(drawn("lh1:redis-ttl@gc-pauses#1"));
  std::size_t pauses = 0;
  for (const TimelineFault& fault : timeline.faults) {
    if (fault.applied == kNoEvent) continue;
    ++pauses;
    REQUIRE(fault.targets.size() == 1);
    CHECK(fault.until_ns - timeline.at_ns(fault.applied) <= fault.planned.duration_ns);
    const auto stops = [&](const TimelineBar& bar) {
      return bar.kind == Bar::stopped && bar.lane == fault.targets.front() &&
             timeline.at_ns(bar.from) <= timeline.at_ns(fault.applied) &&
             timeline.at_ns(bar.to) >= fault.until_ns;
    };
    CHECK(std::any_of(timeline.bars.begin(), timeline.bars.end(), stops));
  }
  CHECK(pauses > 0);
}

TEST_CASE("a clock shows its step, and little else") {
  const Timeline timeline = record_timeline(drawn("lh1:redis-ttl@clock-steps#1"));
  std::size_t steps = 0;
  for (const TimelineFault& fault : timeline.faults) {
    if (fault.planned.kind != FaultKind::clock_step || fault.applied == kNoEvent) continue;
    for (const LaneIndex host : fault.targets) {
      const auto& clock = timeline.lanes[host].wall_clock();
      bool seen = false;
      for (std::size_t i = 1; i < clock.size(); ++i) {
        if (clock[i].at_ns != timeline.at_ns(fault.applied)) continue;
        seen = seen || clock[i].ahead_ns - clock[i - 1].ahead_ns == fault.planned.step_ns;
      }
      CHECK(seen);
      ++steps;
    }
  }
  CHECK(steps > 0);
}

TEST_CASE(
    "a clock that nothing touches drifts by no more than its rate, a frozen one falls behind") {
  const Timeline calm = record_timeline(drawn("lh1:redis-ttl@calm#1"));
  for (const TimelineLane& lane : calm.lanes) {
    const auto& clock = lane.wall_clock();
    REQUIRE(clock.size() == 2);
    const std::int64_t drift = clock[1].ahead_ns - clock[0].ahead_ns;
    CHECK(std::abs(drift) <= calm.end_ns / 1'000'000 * 50);
  }
  Reproduction run = drawn("lh1:redis-ttl@calm#1");
  PlannedFault freeze;
  freeze.kind = FaultKind::vm_suspend;
  freeze.id = "freeze";
  freeze.target = {Role::client, 0};
  freeze.start_ns = 5'000'000'000;
  freeze.duration_ns = 4'000'000'000;
  freeze.freeze = true;
  run.plan.faults.faults = {freeze};
  const auto clock = record_timeline(run).lanes[0].wall_clock();
  const std::int64_t behind = clock.front().ahead_ns - clock.back().ahead_ns;
  CHECK(behind > 3'990'000'000);
  CHECK(behind < 4'010'000'000);
  // Evenly, from when it stopped: no step.
  for (std::size_t i = 1; i < clock.size(); ++i) CHECK(clock[i].at_ns > clock[i - 1].at_ns);
}

std::vector<std::string> places_of(const Timeline& timeline, std::size_t lane) {
  std::vector<std::string> places;
  for (const auto& place : timeline.lanes[lane].places) {
    const std::string& text = timeline.text(place.text);
    if (std::find(places.begin(), places.end(), text) == places.end()) places.push_back(text);
  }
  return places;
}

TEST_CASE("a client's place is told with the step of its lock's recipe") {
  const std::vector<std::pair<std::string, std::vector<std::string>>> kSteps{
      {"lh1:setnx@calm#1", {"waits for the lock, step (1)", "is at work, step (3)"}},
      {"lh1:redis-ttl:renew=on@calm#1",
       {"waits for the lock, step (2)", "holds the lock, step (4)",
        "holds the lock, renewing, step (6)", "releases, step (7)"}},
      {"lh1:redis-ttl@partitions#1", {"waits for the lock, step (3)"}},
      {"lh1:redlock@calm#1",
       {"waits for the lock, step (2)", "waits for the lock, step (5)", "holds the lock, step (4)",
        "is at work", "has checked its lock", "releases, step (7)", "does not want the lock"}},
      {"lh1:etcd-lease@calm#1",
       {"waits for the lock, step (1)", "waits for the lock, step (2)", "holds the lock, step (3)",
        "releases, step (6)"}},
      {"lh1:etcd-cas@calm#1",
       {"waits for the lock, step (1)", "waits for the lock, step (2)",
        "waits for the lock, step (3)", "holds the lock, step (4)", "releases, step (6)"}},
      {"lh1:etcd-cas:compare=mod@calm#1",
       {"waits for the lock, step (1)", "waits for the lock, step (3)", "holds the lock, step (4)",
        "releases, step (7)"}},
      {"lh1:pg-advisory:token=sequence@calm#1",
       {"waits for the lock, step (1)", "waits for the lock, step (2)",
        "waits for the lock, step (3)", "is at work, step (4)", "releases, step (5)"}},
      {"lh1:last-run-cas@calm#1",
       {"waits for the lock, step (2)", "holds the lock, step (3)", "releases, step (6)"}},
  };
  for (const auto& [recipe, steps] : kSteps) {
    const Timeline timeline = record_timeline(drawn(recipe));
    std::vector<std::string> places;
    for (std::size_t lane = 0; lane < timeline.lanes.size(); ++lane) {
      if (timeline.lanes[lane].part != TimelineLane::Part::client) continue;
      const std::vector<std::string> here = places_of(timeline, lane);
      places.insert(places.end(), here.begin(), here.end());
    }
    for (const std::string& place : places) {
      const std::size_t step = place.find("step (");
      if (step == std::string::npos) continue;
      INFO(recipe << ": " << place);
      CHECK(static_cast<std::size_t>(place[step + 6] - '0') <= timeline.recipe.size());
    }
    for (const std::string& expected : steps) {
      INFO(recipe << ": " << expected);
      CHECK(std::find(places.begin(), places.end(), expected) != places.end());
    }
  }
}

// ------------------------------------------------------------------------------------ servers

std::vector<TimelineBar> bars_of(const Timeline& timeline, Bar kind) {
  std::vector<TimelineBar> bars;
  for (const TimelineBar& bar : timeline.bars) {
    if (bar.kind == kind) bars.push_back(bar);
  }
  return bars;
}

/// Whether some event of the lane says so, from that time on.
bool tells(const Timeline& timeline, LaneIndex lane, std::string_view words,
           std::int64_t from_ns = 0) {
  return std::any_of(timeline.events.begin(), timeline.events.end(), [&](const auto& event) {
    return event.kind == TimelineEvent::Kind::standing && event.lane == lane &&
           event.at_ns >= from_ns && timeline.text(event.text).find(words) != std::string::npos;
  });
}

TEST_CASE("each node of Redlock keeps its own key, and a grant is a quorum of them") {
  const Timeline timeline = record_timeline(drawn("lh1:redlock@calm#1"));
  const std::vector<TimelineBar> keeps = bars_of(timeline, Bar::keeps);
  const std::vector<TimelineBar> grants = bars_of(timeline, Bar::grant);
  REQUIRE(grants.size() > 2);
  for (const TimelineBar& grant : grants) {
    const auto votes = std::count_if(keeps.begin(), keeps.end(), [&](const TimelineBar& kept) {
      return kept.attempt == grant.attempt && kept.from <= grant.from + 1 && kept.to > grant.from;
    });
    CHECK(votes >= 3);
  }
  for (LaneIndex lane = 0; lane < timeline.lanes.size(); ++lane) {
    if (timeline.lanes[lane].part != TimelineLane::Part::server) continue;
    CHECK(std::any_of(keeps.begin(), keeps.end(), [&](const auto& b) { return b.lane == lane; }));
    CHECK(tells(timeline, lane, " s on its wall clock"));
    EventIndex until = 0;  // one key at a time
    for (const TimelineBar& kept : keeps) {
      if (kept.lane != lane) continue;
      CHECK(kept.from >= until);
      until = kept.to;
    }
  }
}

TEST_CASE("a node that restarts without its disk is back empty") {
  const Timeline timeline = record_timeline(drawn("lh1:redlock:persistence=none@crashes#1"));
  std::size_t lost = 0;
  for (const TimelineBar& kept : bars_of(timeline, Bar::keeps)) {
    if (kept.ended != "its server is down") continue;
    ++lost;
    CHECK(timeline.text(timeline.events[kept.to].text) == "crashes");
    CHECK(tells(timeline, kept.lane, "is back: ", timeline.at_ns(kept.to)));
    CHECK(tells(timeline, kept.lane, "keeps the lock for nobody", timeline.at_ns(kept.to)));
  }
  CHECK(lost > 0);
}

TEST_CASE("a member of etcd leads in a term of its own, and nobody else in the same") {
  const Timeline timeline = record_timeline(drawn("lh1:etcd-lease@partitions#6"));
  const std::vector<TimelineBar> leaders = bars_of(timeline, Bar::leads);
  REQUIRE(leaders.size() > 1);
  for (std::size_t i = 0; i < leaders.size(); ++i) {
    CHECK(leaders[i].term > 0);
    for (std::size_t j = 0; j < i; ++j) CHECK(leaders[i].term != leaders[j].term);
  }
  for (LaneIndex lane = 0; lane < timeline.lanes.size(); ++lane) {
    if (timeline.lanes[lane].part == TimelineLane::Part::server) {
      CHECK(tells(timeline, lane, "follows in term "));
    }
  }
  CHECK(timeline.leader_word == "leader");
}

TEST_CASE("after a failover the standby is primary, holds no lock and has its own waiters") {
  const Timeline timeline = record_timeline(drawn("lh1:pg-advisory:standby=async@db-failover#1"));
  const auto lane_of = [&](std::string_view name) {
    const auto& lanes = timeline.lanes;
    return static_cast<LaneIndex>(
        std::find_if(lanes.begin(), lanes.end(), [&](const auto& l) { return l.name == name; }) -
        lanes.begin());
  };
  const LaneIndex standby = lane_of("standby");
  REQUIRE(standby < timeline.lanes.size());
  CHECK(timeline.leader_word == "primary");
  std::vector<LaneIndex> primaries;
  for (const TimelineBar& bar : bars_of(timeline, Bar::leads)) primaries.push_back(bar.lane);
  CHECK(primaries == std::vector<LaneIndex>{lane_of("postgres"), standby});
  CHECK(places_of(timeline, standby).front() == "is standby");
  CHECK(tells(timeline, standby, "is primary; keeps the lock for nobody"));
  CHECK(tells(timeline, standby, "keeps the lock for c"));
  CHECK(tells(timeline, standby, " waits"));
}

TEST_CASE(
    "who trusts a lock until when, and who keeps it until when, is told by their own clocks") {
  using Clock = sim::ClockKind;
  const Timeline timeline = record_timeline(drawn("lh1:redis-ttl@calm#1"));
  const auto runs_by = [](const TimelineLane& lane, EventIndex event, Clock clock) {
    const TimelineLane::Deadline* last = nullptr;
    for (const TimelineLane::Deadline& deadline : lane.deadlines) {
      if (deadline.from <= event) last = &deadline;
    }
    return last != nullptr && last->reading_ns && last->clock == clock;
  };
  const std::vector<TimelineBar> beliefs = bars_of(timeline, Bar::belief);
  REQUIRE(beliefs.size() > 2);
  for (const TimelineBar& belief : beliefs) {
    CHECK(runs_by(timeline.lanes[belief.lane], belief.from, Clock::mono));
  }
  for (const TimelineBar& kept : bars_of(timeline, Bar::keeps)) {
    CHECK(runs_by(timeline.lanes[kept.lane], kept.from, Clock::wall));
  }
  // A lease later, on a clock that hardly differs from true time.
  const TimelineLane& client = timeline.lanes[beliefs.front().lane];
  const std::int64_t reading = client.deadlines.front().reading_ns.value();
  const std::int64_t begun = timeline.at_ns(beliefs.front().from);
  CHECK(reading - begun > timeline.lease_ns * 9 / 10);
  CHECK(reading - begun < timeline.lease_ns);
}

TEST_CASE("it opens at the finding that it is about, and that is the one asked for") {
  Reproduction run = drawn("lh1:none@gc-pauses#5");
  const Timeline timeline = record_timeline(run);
  REQUIRE(timeline.findings.size() > 1);
  CHECK(timeline.findings.front().property == Property::work_exclusion);
  const TimeWindow window = opening_window(timeline);
  CHECK(window.from_ns <= timeline.findings.front().from_ns);
  CHECK(window.to_ns >= timeline.findings.front().to_ns);
  run.symptom = Property::effect_safety;
  CHECK(record_timeline(run).findings.front().property == Property::effect_safety);
}

}  // namespace
}  // namespace leasehold::scenarios
