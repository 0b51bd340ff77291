#include "scenarios/timeline/timeline.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "models/describe.hpp"
#include "scenarios/words.hpp"

/// What a timeline says of a run is what the run's checkers and its plan say.
namespace leasehold::scenarios {
namespace {

using checkers::Property;
using Bar = TimelineBar::Kind;
using Fate = TimelineMessage::Fate;

Reproduction drawn(const std::string& recipe) {
  static const models::AlgorithmRegistry kRegistry = models::built_in_algorithms();
  return reproduction_of(kRegistry, recipe).value();
}

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
      const auto& clock = timeline.lanes[host].clock;
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
    REQUIRE(lane.clock.size() == 2);
    const std::int64_t drift = lane.clock[1].ahead_ns - lane.clock[0].ahead_ns;
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
  const auto clock = record_timeline(run).lanes[0].clock;
  const std::int64_t behind = clock.front().ahead_ns - clock.back().ahead_ns;
  CHECK(behind > 3'990'000'000);
  CHECK(behind < 4'010'000'000);
  // Evenly, from when it stopped: no step.
  for (std::size_t i = 1; i < clock.size(); ++i) CHECK(clock[i].at_ns > clock[i - 1].at_ns);
}

TEST_CASE("a client's place is told with the step of its lock's recipe") {
  const Timeline timeline = record_timeline(drawn("lh1:redlock@calm#1"));
  std::vector<std::string> places;
  for (const auto& place : timeline.lanes[0].places) {
    const std::string& text = timeline.text(place.text);
    if (std::find(places.begin(), places.end(), text) == places.end()) places.push_back(text);
  }
  for (const char* expected :
       {"waits for the lock, step (2)", "waits for the lock, step (5)", "holds the lock, step (4)",
        "is at work", "has checked its lock", "releases, step (7)", "does not want the lock"}) {
    INFO(expected);
    CHECK(std::find(places.begin(), places.end(), expected) != places.end());
  }
}

TEST_CASE("there is one leader at a time, and a standby that takes over is primary") {
  for (const char* recipe : {"lh1:etcd-lease@crashes#8", "lh1:pg-advisory@db-failover#1"}) {
    INFO(recipe);
    const Timeline timeline = record_timeline(drawn(recipe));
    EventIndex until = 0;
    std::size_t leaders = 0;
    for (const TimelineBar& bar : timeline.bars) {
      if (bar.kind != Bar::leads) continue;
      CHECK(bar.from >= until);
      until = bar.to;
      ++leaders;
    }
    CHECK(leaders > 1);
  }
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
