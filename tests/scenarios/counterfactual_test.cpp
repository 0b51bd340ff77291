#include "scenarios/counterfactual/counterfactual.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "scenarios/counterfactual/nearby.hpp"
#include "scenarios/counterfactual/rerun.hpp"
#include "tests/scenarios/drawn.hpp"

/// Runs with one thing changed: the known remedies prevent what they are known to prevent.
namespace leasehold::scenarios {
namespace {

using checkers::Property;
using checkers::Verdict;
using test::drawn;
using test::registry;

Counterfactuals tried(const std::string& recipe, Property symptom) {
  CounterfactualOptions options;
  options.symptom = symptom;
  return counterfactuals(registry(), drawn(recipe), options);
}

std::string name_of(const Change& change) {
  switch (change.kind) {
    case Change::Kind::lease:
      return "lease " + std::to_string(change.cell.scenario().lease.ns() / 1'000'000) + " ms";
    case Change::Kind::without_fault:
      return "without " + std::to_string(change.fault);
    case Change::Kind::algorithm:
      return change.cell.algorithm().id;
    default:
      break;
  }
  std::string text;
  for (const auto& [name, value] : change.parameters)
    text += (text.empty() ? "" : ",") + name + "=" + value;
  return text;
}

CounterfactualOutcome outcome(const Counterfactuals& all, const std::string& name) {
  const auto found = std::find_if(all.changed.begin(), all.changed.end(),
                                  [&](const auto& one) { return name_of(one.change) == name; });
  INFO(name);
  REQUIRE(found != all.changed.end());
  return found->outcome;
}

bool prevents(const Counterfactuals& all, const std::string& name) {
  return outcome(all, name).symptom == Verdict::holds;
}

TEST_CASE("of thousands of faults the first are left out one at a time") {
  Reproduction run = drawn("lh1:redis-ttl@gc-pauses#1");
  PlannedFault pause = run.plan.faults.faults.front();
  for (std::size_t i = 0; i < 10 * kMostFaultsLeftOut; ++i) {
    pause.id = "more:" + std::to_string(i);
    run.plan.faults.faults.push_back(pause);
  }
  const std::vector<Change> changes = changes_of(registry(), run);
  const auto left_out = std::count_if(changes.begin(), changes.end(), [](const Change& change) {
    return change.kind == Change::Kind::without_fault;
  });
  CHECK(left_out == static_cast<std::ptrdiff_t>(kMostFaultsLeftOut));
}

TEST_CASE("a stale write after a pause is prevented by a fence, or by time to spare") {
  const Counterfactuals all =
      tried("lh1:redis-ttl@pause-after-check:variant=deadline kept#0", Property::effect_safety);
  CHECK(all.as_it_was.symptom == Verdict::violated);
  CHECK(prevents(all, "fencing=on,token=incr"));
  CHECK(prevents(all, "without 0"));
  CHECK(prevents(all, "pg-advisory"));
  CHECK(prevents(all, "lease 20000 ms"));  // the pause is as long as it was
  CHECK_FALSE(prevents(all, "lease 5000 ms"));
  CHECK(prevents(all, "renew=on"));  // and is over before what was renewed last is
  CHECK(outcome(all, "clock=boot").digest == all.as_it_was.digest);
  CHECK(all.changed.front().outcome.symptom == Verdict::holds);
}

TEST_CASE("a lock lost in a restart is prevented by a log, at the cost of its syncs") {
  const Counterfactuals all =
      tried("lh1:redis-ttl@redis-restart:variant=persistence none#0", Property::work_exclusion);
  CHECK(prevents(all, "persistence=aof-always"));
  CHECK_FALSE(prevents(all, "persistence=rdb"));
  CHECK(all.as_it_was.fsyncs == 0);
  CHECK(outcome(all, "persistence=aof-always").fsyncs > 0);
}

TEST_CASE("a plain DEL of a successor's lock is prevented by comparing first") {
  const Counterfactuals all = tried(
      "lh1:redis-ttl:release=del@pause-in-work:variant=for 0.62 leases#0", Property::linearizable);
  CHECK(prevents(all, "release=cad"));
}

TEST_CASE("a lock that is stuck for ever is freed by a lease") {
  const Counterfactuals all =
      tried("lh1:setnx@setnx-stuck:variant=dies in its work#0", Property::progress);
  CHECK(prevents(all, "redis-ttl"));
  CHECK(prevents(all, "without 0"));
  CHECK_FALSE(prevents(all, "lease 5000 ms"));
}

TEST_CASE("values at which the library sets lengths are tried") {
  const auto changes = changes_of(
      registry(), drawn("lh1:pg-advisory@pg-half-open-data:variant=user timeout 20 s#0"));
  const auto has = [&](const std::string& name) {
    return std::any_of(changes.begin(), changes.end(),
                       [&](const Change& change) { return name_of(change) == name; });
  };
  CHECK(has("user-timeout=7s"));
  CHECK(has("keepalive-idle=7200s"));  // its default
  CHECK_FALSE(has("user-timeout=20s"));
}

TEST_CASE("that one violation is averted is told where another comes later") {
  const Counterfactuals all = tried("lh1:redis-ttl@gc-pauses#1", Property::work_exclusion);
  const auto averted = std::count_if(all.changed.begin(), all.changed.end(), [](const auto& one) {
    return one.outcome.other_at_ns.has_value();
  });
  CHECK(averted == 1);
}

TEST_CASE("drawn rounds go on for a run that gets further, planned ones do not") {
  Reproduction run = drawn("lh1:setnx@crashes#9");
  const WorkloadPlan longer = *plan_with_room(registry(), run).workload;
  for (std::size_t i = 0; i < longer.clients.size(); ++i) {
    const std::vector<PlannedRound>& taken = run.plan.workload->clients[i];
    REQUIRE(longer.clients[i].size() > taken.size());
    CHECK(std::equal(taken.begin(), taken.end(), longer.clients[i].begin()));
  }
  run.plan.workload->clients[0].resize(1);
  CHECK(plan_with_room(registry(), run) == run.plan);
}

TEST_CASE("over many seeds a change runs with what each seed draws for the run as it was") {
  CounterfactualOptions options;
  options.symptom = Property::work_exclusion;
  options.seeds = {0, 10};
  const Counterfactuals all = counterfactuals(
      registry(), drawn("lh1:redis-ttl@pause-in-work:variant=for 0.62 leases#3"), options);
  CHECK(all.share->violated == 10);
  for (const Counterfactual& one : all.changed) {
    INFO(name_of(one.change));
    CHECK(one.share.has_value() == (one.change.kind != Change::Kind::without_fault));
    if (name_of(one.change) == "lease 20000 ms") CHECK(one.share->violated == 0);
  }
}

const Counterfactual& change(const Counterfactuals& all, const std::string& name) {
  const auto found = std::find_if(all.changed.begin(), all.changed.end(),
                                  [&](const auto& one) { return name_of(one.change) == name; });
  INFO(name);
  REQUIRE(found != all.changed.end());
  return *found;
}

/// A holder that stops a millisecond after it began to ask, for as long as its lease, and has some
/// work left: what is left of `gc-pauses` when it is shrunk.
Reproduction on_the_edge() {
  Reproduction run = drawn("lh1:redis-ttl@gc-pauses#122");
  Scenario scenario = run.cell.scenario();
  scenario.clients = 2;
  scenario.horizon = sim::Duration::seconds(12);
  scenario.faults.clear();
  run.cell = resolve(registry(), scenario, "redis-ttl", run.cell.parameters()).value();
  PlannedFault pause;
  pause.kind = FaultKind::pause;
  pause.id = "pause";
  pause.target = {Role::holder, std::nullopt};
  pause.start_ns = 1'000'000;
  pause.window_ns = 60'000'000'000;
  pause.duration_ns = 10'000'000'000;
  run.plan.faults.faults = {pause};
  run.plan.workload = WorkloadPlan{{{{0, 0}}, {{0, 120'000'000}}}};
  return run;
}

TEST_CASE("what prevents a violation by a millisecond is told from what prevents it by design") {
  CounterfactualOptions options;
  options.symptom = Property::work_exclusion;
  const Counterfactuals all = counterfactuals(registry(), on_the_edge(), options);
  CHECK(all.nearby->judged == 16);
  CHECK(all.nearby->violated > 8);
  // A sync before the grant delays the holder by a millisecond, so that the pause hits nobody.
  const Counterfactual& synced = change(all, "persistence=aof-always");
  CHECK(synced.outcome.symptom == Verdict::holds);
  CHECK(synced.nearby->violated > 0);
  CHECK(synced.prevented_by_luck());
  const Counterfactual& longer = change(all, "lease 20000 ms");
  CHECK(longer.outcome.symptom == Verdict::holds);
  CHECK(longer.nearby->violated == 0);
  CHECK_FALSE(longer.prevented_by_luck());
  CHECK(&longer < &synced);  // what prevents it by design comes first
  CHECK_FALSE(change(all, "lease 5000 ms").nearby);
}

TEST_CASE("a plan nearby differs by milliseconds, and is the same each time") {
  const RunPlan plan = drawn("lh1:redis-ttl@mixed#3").plan;
  REQUIRE(plan.faults.faults.size() > 3);
  std::size_t moved = 0;
  for (std::uint32_t number = 0; number < 8; ++number) {
    const RunPlan other = nearby_plan(plan, 3, number);
    CHECK(nearby_plan(plan, 3, number) == other);
    CHECK(other.workload == plan.workload);
    REQUIRE(other.faults.faults.size() == plan.faults.faults.size());
    for (std::size_t i = 0; i < plan.faults.faults.size(); ++i) {
      const PlannedFault& was = plan.faults.faults[i];
      const PlannedFault& is = other.faults.faults[i];
      if (is != was) ++moved;
      CHECK(std::abs(is.start_ns - was.start_ns) <= 5'000'000);
      CHECK(std::abs(is.duration_ns - was.duration_ns) <=
            std::min<std::int64_t>(5'000'000, was.duration_ns / 10));
    }
  }
  CHECK(moved > 7 * plan.faults.faults.size());
}

TEST_CASE("in a plan without faults the rounds differ") {
  const RunPlan plan = drawn("lh1:none@voucher:variant=no lock#0").plan;
  REQUIRE(plan.faults.faults.empty());
  CHECK(nearby_plan(plan, 0, 0).workload != plan.workload);
}

}  // namespace
}  // namespace leasehold::scenarios
