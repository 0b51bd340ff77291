#include <catch2/catch.hpp>

#include "checkers/property_name.hpp"
#include "scenarios/incident/reproduction.hpp"
#include "scenarios/shrink/round_numbers.hpp"
#include "scenarios/shrink/shrink.hpp"
#include "tests/scenarios/drawn.hpp"

/// A violation shrinks to the smallest run that still shows it, the same every time.
namespace leasehold::scenarios {
namespace {

using checkers::Property;
using checkers::Verdict;
using test::drawn;
using test::registry;

constexpr std::int64_t kMillisecond = 1'000'000;

/// A run to shrink, and what of it.
struct Broken {
  Reproduction run;
  Property property;
};

/// The violations of the first seeds of every cell that is selected.
std::vector<Broken> violations(const Selection& selection, std::uint64_t seeds) {
  std::vector<Broken> all;
  const std::vector<ResolvedCell> cells = resolve(registry(), selection).value();
  for (const ResolvedCell& cell : cells) {
    Runner runner(cell.cell());
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
      const auto worst = worst_of(runner.run(seed).checker->verdicts());
      if (worst) all.push_back({reproduction_of(cell, seed), *worst});
    }
  }
  return all;
}

Shrunk shrunk(const Broken& broken, const ShrinkOptions& options = {}) {
  const auto result =
      shrink(broken.run.cell.cell(), broken.run.seed, broken.run.plan, broken.property, options);
  REQUIRE(result);
  return *result;
}

Broken broken_run(const std::string& recipe, Property property) {
  return {drawn(recipe), property};
}

/// Runs what has been shrunk, and it with something taken away.
class Judge {
 public:
  Judge(const Broken& broken, const Shrunk& result)
      : scenario_(result.scenario),
        cell_(with(broken.run.cell.cell(), scenario_)),
        seed_(broken.run.seed),
        property_(broken.property),
        runner_(cell_) {}

  bool violates(const RunPlan& plan) { return run(plan)[property_].verdict == Verdict::violated; }
  std::uint64_t digest(const RunPlan& plan) { return runner_.run(seed_, plan).digest; }

 private:
  static Cell with(Cell cell, const Scenario& scenario) {
    cell.scenario = &scenario;
    return cell;
  }
  const checkers::RunVerdicts& run(const RunPlan& plan) {
    return runner_.run(seed_, plan).checker->verdicts();
  }

  Scenario scenario_;
  Cell cell_;
  std::uint64_t seed_;
  Property property_;
  Runner runner_;
};

void add_if_longer(std::vector<RunPlan>& all, const RunPlan& plan, std::size_t fault,
                   std::int64_t PlannedFault::* member, std::int64_t least) {
  const std::int64_t value = plan.faults.faults[fault].*member;
  if (value <= least && value >= -least) return;
  all.push_back(plan);
  all.back().faults.faults[fault].*member = least;
}

/// The plan with one length or strength at its least, for each that is not: those of one fault.
void add_weaker(std::vector<RunPlan>& all, const RunPlan& plan, std::size_t fault) {
  const PlannedFault& now = plan.faults.faults[fault];
  add_if_longer(all, plan, fault, &PlannedFault::duration_ns, kMillisecond);
  add_if_longer(all, plan, fault, &PlannedFault::extra_ns, 0);
  add_if_longer(all, plan, fault, &PlannedFault::rate_ppm, 0);
  add_if_longer(all, plan, fault, &PlannedFault::step_ns, 0);
  add_if_longer(all, plan, fault, &PlannedFault::detection_ns, 0);
  add_if_longer(all, plan, fault, &PlannedFault::promotion_ns, 0);
  const auto add = [&](bool more, auto weaken) {
    if (!more) return;
    all.push_back(plan);
    weaken(all.back().faults.faults[fault]);
  };
  add(now.probability_ppm > 0, [](PlannedFault& weaker) { weaker.probability_ppm = 0; });
  add(now.factor > 1, [](PlannedFault& weaker) { weaker.factor = 1; });
  add(now.failures > 1, [](PlannedFault& weaker) { weaker.failures = 1; });
  add(now.restart_after_ns > kMillisecond,
      [](PlannedFault& weaker) { weaker.restart_after_ns = kMillisecond; });
}

/// The same, of all faults and rounds.
std::vector<RunPlan> weaker_by_one(const RunPlan& plan) {
  std::vector<RunPlan> all;
  for (std::size_t i = 0; i < plan.faults.faults.size(); ++i) add_weaker(all, plan, i);
  if (!plan.workload) return all;
  for (std::size_t i = 0; i < plan.workload->clients.size(); ++i) {
    for (std::size_t j = 0; j < plan.workload->clients[i].size(); ++j) {
      for (const auto member : {&PlannedRound::think_ns, &PlannedRound::work_ns}) {
        if (plan.workload->clients[i][j].*member == 0) continue;
        all.push_back(plan);
        all.back().workload->clients[i][j].*member = 0;
      }
    }
  }
  return all;
}

/// What is left of a plan without one fault, one client, or one round.
std::vector<RunPlan> smaller_by_one(const RunPlan& plan) {
  std::vector<RunPlan> all;
  for (std::size_t i = 0; i < plan.faults.faults.size(); ++i) {
    all.push_back(plan);
    auto& faults = all.back().faults.faults;
    faults.erase(faults.begin() + static_cast<std::ptrdiff_t>(i));
  }
  if (!plan.workload) return all;
  for (std::size_t i = 0; i < plan.workload->clients.size(); ++i) {
    const std::size_t rounds = plan.workload->clients[i].size();
    if (rounds > 1) {
      all.push_back(plan);
      all.back().workload->clients[i].clear();
    }
    for (std::size_t j = 0; j < rounds; ++j) {
      all.push_back(plan);
      auto& left = all.back().workload->clients[i];
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(j));
    }
  }
  return all;
}

void check_minimal(const Broken& broken) {
  INFO(broken.run.name << " " << checkers::property_name(broken.property));
  const Shrunk result = shrunk(broken);
  CHECK(result.end == Shrunk::End::minimal);
  Judge judge(broken, result);
  REQUIRE(judge.violates(result.plan));
  for (const RunPlan& smaller : smaller_by_one(result.plan)) CHECK_FALSE(judge.violates(smaller));
  for (const RunPlan& weaker : weaker_by_one(result.plan)) CHECK_FALSE(judge.violates(weaker));
  CHECK(result.after.faults <= result.before.faults);
  CHECK(result.after.clients <= result.before.clients);
  CHECK(result.after.rounds <= result.before.rounds);
  CHECK(result.after.simulated_ns <= result.before.simulated_ns);
}

TEST_CASE("of what has been shrunk no fault, client or round can be spared") {
  const std::vector<std::string> scenarios{"gc-pauses", "partitions",  "clock-steps",
                                           "crashes",   "mixed",       "vm-suspends",
                                           "index-job", "db-failover", "overload"};
  const std::vector<Broken> all = violations({scenarios, {}, {}, {}}, 2);
  REQUIRE(all.size() > 40);
  for (const Broken& broken : all) check_minimal(broken);
}

TEST_CASE("of a shrunk standstill no fault, client or round can be spared") {
  for (const char* recipe : {"lh1:setnx@crashes#3", "lh1:setnx@crashes#9",
                             "lh1:setnx@setnx-stuck:variant=dies in its work#0"}) {
    const Broken broken = broken_run(recipe, Property::progress);
    check_minimal(broken);
    const Scenario& scenario = shrunk(broken).scenario;
    CHECK(scenario.heal.resolve(scenario.yardsticks()) >=
          scenario.progress_within.resolve(scenario.yardsticks()));
  }
}

TEST_CASE("of a job that runs too soon no fault, client or round can be spared") {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const std::string recipe = "lh1:redis-ttl@period-job:variant=released after work#";
    const Broken broken = broken_run(recipe + std::to_string(seed), Property::frequency);
    check_minimal(broken);
    CHECK(shrunk(broken).after.rounds == 2);
  }
}

TEST_CASE("of what has been shrunk nothing can be spared, over many seeds", "[slow]") {
  const std::vector<std::string> scenarios{"gc-pauses", "partitions",  "clock-steps",
                                           "crashes",   "mixed",       "vm-suspends",
                                           "index-job", "db-failover", "overload"};
  for (const Broken& broken : violations({scenarios, {}, {}, {}}, 20)) check_minimal(broken);
}

TEST_CASE("a long pause of the holder is told by one pause, two clients and a round of each") {
  const Broken broken = broken_run("lh1:redis-ttl@gc-pauses#0", Property::work_exclusion);
  const Shrunk result = shrunk(broken);
  REQUIRE(result.plan.faults.faults.size() == 1);
  const PlannedFault& pause = result.plan.faults.faults.front();
  CHECK(pause.kind == FaultKind::pause);
  CHECK(pause.duration_ns % 1'000'000'000 == 0);
  CHECK(pause.duration_ns < 12'000'000'000);  // the lease takes 10 s
  CHECK(result.after.clients == 2);
  CHECK(result.after.rounds == 2);
  CHECK(result.scenario.clients == 2);
  CHECK(result.scenario.horizon <= sim::Duration::seconds(15));
  CHECK(result.before.rounds > 40);
  CHECK(result.runs < 300);
}

TEST_CASE("a fault that matters by its end begins later") {
  const Broken broken = broken_run("lh1:etcd-lease@partitions#4", Property::work_exclusion);
  const Shrunk result = shrunk(broken);
  REQUIRE(result.plan.faults.faults.size() == 1);
  const PlannedFault& partition = result.plan.faults.faults.front();
  CHECK(partition.duration_ns == 8'000'000'000);  // the end alone moved, it would take 10 s
  CHECK(partition.start_ns == 3'000'000'000);
  CHECK(Judge(broken, result).violates(result.plan));
}

TEST_CASE("who is down for less time goes down later") {
  const Broken broken = broken_run("lh1:redis-ttl@crashes#1", Property::grant_exclusion);
  const Shrunk result = shrunk(broken);
  REQUIRE(result.plan.faults.faults.size() == 1);
  const PlannedFault& crash = result.plan.faults.faults.front();
  CHECK(crash.restart_after_ns == kMillisecond);
  CHECK(crash.start_ns == 300 * kMillisecond);  // somebody works until 400 ms
  CHECK(result.plan.workload->clients.front().front().work_ns == 400 * kMillisecond);
}

TEST_CASE("a run ends with its story, unless it is about the world that heals") {
  const Broken broken = broken_run("lh1:redis-ttl@gc-pauses#0", Property::work_exclusion);
  const Shrunk result = shrunk(broken);
  CHECK(result.scenario.heal == Span::of(sim::Duration::zero()));
  CHECK(result.after.simulated_ns == result.scenario.horizon.ns());
  const Shrunk stuck = shrunk(broken_run("lh1:setnx@crashes#3", Property::progress));
  CHECK(stuck.scenario.heal == Span::leases(3'000));
}

TEST_CASE("what violates without any fault is left with none") {
  const Shrunk result = shrunk(broken_run("lh1:none@mixed#3", Property::work_exclusion));
  CHECK(result.plan.faults.faults.empty());
  CHECK(result.after.rounds == 2);
}

TEST_CASE("a starving client is told by whoever starves it") {
  const Shrunk result = shrunk(broken_run("lh1:setnx@crashes#3", Property::progress));
  REQUIRE(result.plan.faults.faults.size() == 1);
  CHECK(result.plan.faults.faults.front().kind == FaultKind::crash);
  CHECK(result.after.rounds == 2);
}

TEST_CASE("that a job runs too late is judged by clients that go on to the end") {
  const Broken broken =
      broken_run("lh1:redis-ttl@period-job:variant=TTL of T%2C poll T#1", Property::frequency);
  const Shrunk result = shrunk(broken);
  CHECK_FALSE(result.plan.workload);
  CHECK(result.scenario.clients == 1);
  CHECK(result.scenario.horizon < broken.run.cell.scenario().horizon / 5);
  check_minimal(broken);
}

TEST_CASE("shrinking is the same every time, and so is what comes of it") {
  for (const char* recipe : {"lh1:etcd-lease@partitions#4", "lh1:redlock@partitions#3"}) {
    INFO(recipe);
    const Broken broken = broken_run(recipe, Property::work_exclusion);
    const Shrunk first = shrunk(broken);
    const Shrunk second = shrunk(broken);
    CHECK(first.scenario == second.scenario);
    CHECK(first.plan == second.plan);
    CHECK(first.runs == second.runs);
    CHECK(Judge(broken, first).digest(first.plan) == Judge(broken, second).digest(second.plan));
  }
}

TEST_CASE("what has been shrunk is the same run from its file") {
  for (const char* recipe : {"lh1:etcd-lease@partitions#4", "lh1:redis-ttl@crashes#2",
                             "lh1:redlock:client=redlock-py@gc-pauses#1"}) {
    INFO(recipe);
    const Broken broken = broken_run(recipe, Property::work_exclusion);
    const auto worst =
        worst_of(Runner(broken.run.cell.cell()).run(broken.run.seed).checker->verdicts());
    REQUIRE(worst);
    const Shrunk result = shrunk({broken.run, *worst});
    Reproduction smaller = broken.run;
    smaller.cell = resolve(registry(), result.scenario, broken.run.cell.algorithm().id,
                           broken.run.cell.parameters())
                       .value();
    smaller.plan = result.plan;
    const std::string text = to_text(incident_of(smaller, "1.2.3"));
    const auto incident = parse_incident(text, "shrunk.json");
    if (!incident) FAIL(support::text(incident.error()));
    const Reproduction again = reproduction_of(registry(), *incident, "shrunk.json").value();
    CHECK(again.plan == result.plan);
    const RunResult run = Runner(again.cell.cell()).run(again.seed, again.plan);
    CHECK(run.digest == incident->recorded->digest);
    CHECK(run.digest == Judge({broken.run, *worst}, result).digest(result.plan));
  }
}

TEST_CASE("what has been shrunk shrinks no further") {
  const Broken broken = broken_run("lh1:redlock@gc-pauses#4", Property::work_exclusion);
  const Shrunk first = shrunk(broken);
  Cell cell = broken.run.cell.cell();
  cell.scenario = &first.scenario;
  const auto again = shrink(cell, broken.run.seed, first.plan, broken.property);
  REQUIRE(again);
  CHECK(again->after.faults == first.after.faults);
  CHECK(again->after.rounds == first.after.rounds);
}

TEST_CASE("a run without the violation is not shrunk") {
  const Broken holds = broken_run("lh1:oracle@mixed#0", Property::work_exclusion);
  CHECK_FALSE(shrink(holds.run.cell.cell(), 0, holds.run.plan, holds.property));
}

TEST_CASE("the budget of runs is kept, and the best so far still violates") {
  const Broken broken = broken_run("lh1:redis-ttl@gc-pauses#1", Property::work_exclusion);
  ShrinkOptions options;
  std::vector<std::uint64_t> told;
  options.max_runs = 12;
  options.on_progress = [&](const ShrinkProgress& progress) { told.push_back(progress.runs); };
  const Shrunk result = shrunk(broken, options);
  CHECK(result.end == Shrunk::End::budget);
  CHECK(result.runs == 12);
  CHECK(told.size() == 12);
  CHECK(told.back() == 12);
  CHECK(result.after.rounds < result.before.rounds);
  CHECK(Judge(broken, result).violates(result.plan));
}

TEST_CASE("shrinking ends when it is told to") {
  const Broken broken = broken_run("lh1:redis-ttl@gc-pauses#1", Property::work_exclusion);
  std::atomic<bool> stop = false;
  ShrinkOptions options;
  options.stop = &stop;
  options.on_progress = [&](const ShrinkProgress& progress) { stop = progress.runs == 5; };
  const Shrunk result = shrunk(broken, options);
  CHECK(result.end == Shrunk::End::stopped);
  CHECK(result.runs == 5);
}

TEST_CASE("lengths told in horizons keep their length when the horizon shrinks") {
  const Shrunk result = shrunk(
      broken_run("lh1:redis-ttl@gc-pauses:give_up={\"horizon\":1}#0", Property::work_exclusion));
  CHECK(result.scenario.horizon < sim::Duration::seconds(20));
  REQUIRE(result.scenario.give_up);
  CHECK(result.scenario.give_up->resolve(result.scenario.yardsticks()) ==
        sim::Duration::seconds(60));
}

TEST_CASE("round numbers are those that people say") {
  using namespace shrinking;
  CHECK(round_up(11) == 12);
  CHECK(round_up(12) == 12);
  CHECK(round_up(81) == 100);
  CHECK(round_up(0) == 0);
  CHECK(round_down(11) == 10);
  CHECK(round_down(1) == 1);
  CHECK(round_number(round_numbers_below(10'000)) == 10'000);
  CHECK(round_number(round_numbers_below(10'000) - 1) == 8'000);
  CHECK(round_numbers_below(1) == 0);
  CHECK(is_round(9));
  CHECK(is_round(70));
  CHECK(is_round(0));
  CHECK_FALSE(is_round(71));
  CHECK(with_digits_up(98'731, 2) == 99'000);
  CHECK(with_digits_down(98'731, 2) == 98'000);
  CHECK(with_digits_down(98, 2) == 98);
}

}  // namespace
}  // namespace leasehold::scenarios
