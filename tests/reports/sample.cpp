#include "tests/reports/sample.hpp"

#include <array>
#include <map>

#include "scenarios/words.hpp"
#include "sim/process/random.hpp"

namespace leasehold::reports::test {
namespace {

using checkers::Property;
using checkers::Verdict;
using scenarios::CampaignResult;
using scenarios::CellResult;
using scenarios::DistributionSpec;
using scenarios::FaultKind;
using scenarios::RunOutcome;
using scenarios::Scenario;
using scenarios::Span;
using sim::Rng;

constexpr std::int64_t kSecond = 1'000'000'000;

scenarios::FaultTemplate fault(FaultKind kind, scenarios::IntegerRange count) {
  scenarios::FaultTemplate result = scenarios::default_fault(kind);
  result.id = std::string(scenarios::word(kind));
  result.count = count;
  return result;
}

Scenario scenario(const std::string& name, const std::vector<scenarios::FaultTemplate>& faults) {
  Scenario result;
  result.name = name;
  result.summary = "Made up for a table.";
  result.faults = faults;
  return result;
}

std::vector<scenarios::ScenarioOfResult> seven_scenarios() {
  std::vector<scenarios::FaultTemplate> all;
  for (const FaultKind kind :
       {FaultKind::partition, FaultKind::loss, FaultKind::reply_loss, FaultKind::pause,
        FaultKind::vm_suspend, FaultKind::clock_rate, FaultKind::clock_step, FaultKind::crash,
        FaultKind::power_loss, FaultKind::slow_disk, FaultKind::connection_reset}) {
    all.push_back(fault(kind, {1, 3}));
    all.back().chance_per_mille = 400;
  }
  std::vector<scenarios::ScenarioOfResult> result;
  for (const Scenario& each :
       {scenario("calm", {}), scenario("partitions", {fault(FaultKind::partition, {1, 4})}),
        scenario("gc-pauses", {fault(FaultKind::pause, {1, 4})}),
        scenario("clock-drift", {fault(FaultKind::clock_rate, {1, 2})}),
        scenario("clock-steps", {fault(FaultKind::clock_step, {1, 3})}),
        scenario("crashes",
                 {fault(FaultKind::crash, {1, 3}), fault(FaultKind::power_loss, {0, 1})}),
        scenario("mixed", all)}) {
    result.push_back({each.name, each});
  }
  return result;
}

struct Lock {
  std::string name;
  bool has_token;
  /// Violations of work_exclusion per mille, by scenario.
  std::array<std::uint64_t, 7> broken;
  std::uint64_t messages;  ///< per acquisition
  std::uint64_t fsyncs;
};

const std::array<Lock, 7> kLocks = {{
    {"none", false, {1'000, 1'000, 1'000, 1'000, 1'000, 1'000, 1'000}, 0, 0},
    {"oracle", false, {0, 0, 0, 0, 0, 0, 0}, 0, 0},
    {"setnx", false, {0, 0, 0, 0, 0, 41, 19}, 6, 0},
    {"redis-ttl", false, {0, 31, 310, 0, 122, 57, 143}, 7, 0},
    {"redlock", false, {0, 12, 264, 0, 0, 1, 96}, 38, 0},
    {"etcd-lease", true, {0, 9, 228, 0, 0, 0, 71}, 19, 6},
    {"pg-advisory", false, {0, 22, 0, 0, 0, 64, 38}, 5, 0},
}};

void judge(RunOutcome& outcome, Property property, bool violated, std::uint64_t severity) {
  outcome.verdicts[property] = {violated ? Verdict::violated : Verdict::holds, false};
  if (violated) outcome.severity[static_cast<std::size_t>(property)] = severity;
}

/// Verdicts, overlaps and effects of one run.
void break_or_not(RunOutcome& outcome, const Lock& lock, std::size_t scenario, bool fenced,
                  Rng& rng) {
  const std::uint64_t broken = lock.broken[scenario];
  const bool violated = rng.chance(broken, 1'000);
  const auto overlap = static_cast<std::int64_t>(rng.below(12 * kSecond)) + 1'000;
  judge(outcome, Property::grant_exclusion, violated && rng.chance(1, 4), 5);
  judge(outcome, Property::belief_exclusion, violated || rng.chance(broken, 4'000), 7);
  judge(outcome, Property::work_exclusion, violated, static_cast<std::uint64_t>(overlap));
  judge(outcome, Property::effect_safety, violated && !fenced && rng.chance(3, 4), 2);
  judge(outcome, Property::linearizable, false, 0);
  judge(outcome, Property::progress, lock.name == "setnx" && scenario >= 5 && rng.chance(1, 5), 30);
  outcome.verdicts[Property::frequency] = {Verdict::not_applicable, false};
  if (lock.name == "none") {
    outcome.verdicts[Property::grant_exclusion] = {Verdict::not_applicable, false};
    outcome.verdicts[Property::linearizable] = {Verdict::not_applicable, false};
  }
  if (!violated) {
    // A run in which nothing met the lock proves nothing.
    const bool vacuous = scenario == 3 && rng.chance(1, 12);
    outcome.verdicts[Property::work_exclusion].vacuous = vacuous;
    return;
  }
  outcome.totals.work_overlap_ns.record(overlap);
  outcome.totals.belief_overlap_ns.record(overlap + kSecond / 2);
  outcome.totals.effects.stale = fenced ? 0 : 2;
  outcome.totals.effects.lost = fenced ? 0 : 1;
  outcome.totals.effects.fenced = fenced ? 2 : 0;
  outcome.totals.effects.would_be_fenced = fenced ? 0 : 2;
  outcome.totals.exposures = rng.below(2);
}

void acquire(RunOutcome& outcome, const Lock& lock, std::size_t scenario, Rng& rng) {
  scenarios::Totals& totals = outcome.totals;
  const bool stuck = outcome.verdicts[Property::progress].verdict == Verdict::violated;
  const std::uint64_t acquired = stuck ? 9 : 40 + rng.below(9);
  totals.simulated_ns = 90 * kSecond;
  totals.attempts = {acquired + 4, acquired, 0, 0, 4};
  totals.cost = {lock.messages * acquired + rng.below(9), lock.fsyncs * acquired, 5};
  for (std::uint64_t i = 0; i < acquired; i += 8) {
    totals.acquire_latency_ns.served.record(static_cast<std::int64_t>(rng.below(8 * kSecond)));
    totals.acquisition_gap_ns.record(static_cast<std::int64_t>(rng.below(3 * kSecond)));
  }
  if (stuck) totals.acquire_latency_ns.unserved.record(60 * kSecond);
  totals.stuck_runs = stuck ? 1 : 0;
  totals.slow_runs = scenario == 6 && rng.chance(1, 20) ? 1 : 0;
  totals.fairness = {acquired * acquired, acquired * acquired + 90, 11 * kSecond};
  totals.effects.accepted = acquired;
  totals.runs_with_two_clients = 1;
  totals.runs_with_waiter = lock.name == "none" ? 0 : 1;
}

void meet_faults(RunOutcome& outcome, const Scenario& scenario, Rng& rng) {
  for (const auto& each : scenario.faults) {
    const auto kind = static_cast<std::size_t>(each.kind);
    if (outcome.totals.faults.size() <= kind) outcome.totals.faults.resize(kind + 1);
    const std::uint64_t drawn = 1 + rng.below(3);
    const bool met = each.kind != FaultKind::slow_disk;
    outcome.totals.faults[kind] = {drawn, drawn, met ? drawn - rng.below(2) : 0,
                                   met ? drawn - 1 : 0};
    outcome.totals.runs_that_met_a_fault = 1;
  }
}

scenarios::Recipe recipe(const std::string& algorithm, const std::string& scenario) {
  scenarios::Recipe result;
  result.algorithm = algorithm;
  result.scenario = scenario;
  result.digest = scenarios::RecipeDigest::of(scenario, algorithm);
  return result;
}

CellResult cell(const CampaignResult& result, const Lock& lock, std::size_t scenario, bool fenced,
                std::uint64_t seeds) {
  CellResult cell;
  cell.scenario = scenario;
  cell.algorithm = lock.name;
  cell.parameters = {{"fencing", fenced ? "on" : "off"}};
  cell.has_token = lock.has_token;
  cell.recipe = recipe(lock.name, result.scenarios[scenario].label);
  if (fenced) cell.recipe.parameters["fencing"] = "on";
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    Rng rng = Rng::stream(seed, scenario, 7 * lock.messages + lock.broken[5]);
    RunOutcome outcome;
    outcome.seed = seed;
    outcome.digest = rng.next();
    break_or_not(outcome, lock, scenario, fenced, rng);
    acquire(outcome, lock, scenario, rng);
    meet_faults(outcome, result.scenarios[scenario].scenario, rng);
    cell.tally.add(outcome);
  }
  return cell;
}

const std::map<std::string, std::string> kConditions = {
    {"setnx", "crash of server for 2.31 s"},       {"redis-ttl", "clock-step of server by +12.9 s"},
    {"redlock", "pause of holder for 27.1 s"},     {"etcd-lease", "pause of holder for 29.8 s"},
    {"pg-advisory", "crash of server for 812 ms"},
};

/// How regularly a lock runs the job: gaps per mille of the period, and how often they are off.
struct Way {
  std::string variant;
  std::string lock;
  std::int64_t mean;
  std::int64_t spread;
  std::uint64_t late_per_mille;
};

const std::array<Way, 7> kWays = {{{"hold to expiry, poll T/100", "redis-ttl", 1'006, 8, 12},
                                   {"hold to expiry, poll T/100", "etcd-lease", 1'031, 26, 9},
                                   {"hold to expiry, poll T", "redis-ttl", 1'502, 490, 310},
                                   {"release after work", "redis-ttl", 21, 18, 0},
                                   {"last run checked", "redis-ttl", 1'005, 6, 3},
                                   {"last run checked", "etcd-cas", 1'004, 5, 0},
                                   {"last run checked", "last-run-cas", 1'004, 5, 0}}};

RunOutcome job_run(const Way& way, std::int64_t period_ns, std::uint64_t seed) {
  Rng rng = Rng::stream(seed, 1, static_cast<std::uint64_t>(way.mean));
  RunOutcome outcome;
  outcome.seed = seed;
  outcome.digest = rng.next();
  outcome.totals.jobs_by_client = {0, 0, 0, 0, 0};
  checkers::FrequencyCounts& counts = outcome.totals.frequency;
  for (int i = 0; i < 50; ++i) {
    std::int64_t gap =
        way.mean +
        static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(2 * way.spread))) -
        way.spread;
    if (rng.chance(way.late_per_mille, 1'000)) gap += 1'200;
    outcome.totals.job_gap_ns.record(gap * period_ns / 1'000);
    ++(gap < 900 ? counts.early : gap > 1'100 ? counts.late : counts.within_tolerance);
    counts.missed += gap > 1'500 ? static_cast<std::uint64_t>((gap + 500) / 1'000 - 1) : 0;
    ++outcome.totals.jobs_by_client[rng.below(5)];
  }
  for (std::size_t i = 0; i < checkers::kPropertyCount; ++i) {
    outcome.verdicts[static_cast<Property>(i)] = {Verdict::holds, false};
  }
  outcome.verdicts[Property::frequency] = {
      counts.within_tolerance < 48 ? Verdict::violated : Verdict::holds, false};
  outcome.totals.attempts = {50, 50, 0, 0, 0};
  outcome.totals.runs_with_two_clients = 1;
  outcome.totals.runs_with_waiter = 1;
  return outcome;
}

}  // namespace

CampaignResult sample_campaign(std::uint64_t seeds) {
  CampaignResult result;
  result.engine_version = "0.1.0";
  result.campaign = {{"seeds", {{"first", 0}, {"count", seeds}}}};
  result.scenarios = seven_scenarios();
  for (std::size_t scenario = 0; scenario < result.scenarios.size(); ++scenario) {
    for (const Lock& lock : kLocks) {
      result.cells.push_back(cell(result, lock, scenario, false, seeds));
      if (lock.has_token) result.cells.push_back(cell(result, lock, scenario, true, seeds));
    }
  }
  for (CellResult& each : result.cells) {
    const auto& exclusion = each.tally.property(Property::work_exclusion);
    const auto condition = kConditions.find(each.algorithm);
    if (!exclusion.worst || condition == kConditions.end()) continue;
    each.breakage = scenarios::Breakage{exclusion.worst->seed, condition->second};
  }
  return result;
}

CampaignResult sample_period_job(std::uint64_t seeds) {
  CampaignResult result;
  result.engine_version = "0.1.0";
  result.campaign = {{"seeds", {{"first", 0}, {"count", seeds}}}};
  for (const Way& way : kWays) {
    const std::string label = "period-job/" + way.variant;
    if (result.scenarios.empty() || result.scenarios.back().label != label) {
      Scenario job = scenario("period-job", {});
      job.workload = scenarios::PeriodJob{};
      job.horizon = sim::Duration::seconds(600);
      result.scenarios.push_back({label, job});
    }
    CellResult cell;
    cell.scenario = result.scenarios.size() - 1;
    cell.algorithm = way.lock;
    cell.recipe = recipe(way.lock, "period-job");
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
      cell.tally.add(job_run(way, 10 * kSecond, seed));
    }
    result.cells.push_back(std::move(cell));
  }
  return result;
}

}  // namespace leasehold::reports::test
