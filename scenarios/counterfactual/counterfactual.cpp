#include "scenarios/counterfactual/counterfactual.hpp"

#include <algorithm>

#include "scenarios/counterfactual/nearby.hpp"
#include "scenarios/counterfactual/rerun.hpp"
#include "scenarios/explanation/focus.hpp"

namespace leasehold::scenarios {
namespace {

using checkers::Property;
using checkers::Verdict;

RunPlan changed_plan(RunPlan plan, const Change& change) {
  if (change.kind == Change::Kind::without_fault) {
    auto& faults = plan.faults.faults;
    faults.erase(faults.begin() + static_cast<std::ptrdiff_t>(change.fault));
  }
  return plan;
}

CounterfactualOutcome outcome_of(const RunResult& result, Property symptom) {
  CounterfactualOutcome outcome;
  outcome.symptom = verdict_on(result, symptom);
  for (std::size_t i = 0; i < checkers::kPropertyCount; ++i) {
    const auto property = static_cast<Property>(i);
    if (verdict_on(result, property) == Verdict::violated) outcome.violated.push_back(property);
  }
  const checkers::AcquisitionResult& acquisition = result.checker->acquisition();
  outcome.digest = result.digest;
  outcome.acquired = acquisition.attempts.acquired;
  outcome.messages = result.cost.messages;
  outcome.fsyncs = result.cost.fsyncs;
  outcome.latency_p50 = acquisition.latency_ns.quantile_ns({1, 2});
  outcome.latency_p99 = acquisition.latency_ns.quantile_ns({99, 100});
  return outcome;
}

void count(SymptomShare& share, const RunResult& result, Property symptom) {
  const Verdict verdict = verdict_on(result, symptom);
  if (verdict == Verdict::violated) ++share.violated;
  if (verdict == Verdict::violated || verdict == Verdict::holds) ++share.judged;
}

/// A run whose violation is another one than that of the run as it was.
std::optional<std::int64_t> other_violation(const RunResult& result, const Chronicle& chronicle,
                                            const Focus& as_it_was) {
  if (verdict_on(result, as_it_was.property) != Verdict::violated) return std::nullopt;
  const Focus focus = focus_on(as_it_was.property, result, chronicle);
  if (!focus.earlier || is_same_story(focus, as_it_was)) return std::nullopt;
  return focus.at.at_ns;
}

bool contains(const std::vector<Property>& properties, Property property) {
  return std::find(properties.begin(), properties.end(), property) != properties.end();
}

/// Whether a property is violated here that is not there.
bool violates_more(const CounterfactualOutcome& here, const CounterfactualOutcome& there) {
  return std::any_of(here.violated.begin(), here.violated.end(),
                     [&](Property property) { return !contains(there.violated, property); });
}

/// Prevented; by luck, or not without something against it; violated, but less else; anything else.
int rank(const Counterfactuals& all, const Counterfactual& one) {
  const bool worse = violates_more(one.outcome, all.as_it_was);
  if (one.outcome.other_at_ns) return 1;
  if (one.outcome.symptom == Verdict::holds) return worse || one.prevented_by_luck() ? 1 : 0;
  return violates_more(all.as_it_was, one.outcome) && !worse ? 2 : 3;
}

/// A scenario that draws no faults, as that of a shrunk incident, says nothing of other seeds:
/// there the run's own plan is kept, and only what chance decides later is another.
bool keeps_its_plan(const Reproduction& run) {
  return run.cell.scenario().faults.empty() && !run.plan.faults.faults.empty();
}

void run_over_seeds(const models::AlgorithmRegistry& registry, const Reproduction& run,
                    const CounterfactualOptions& options, Counterfactuals& all) {
  all.share.emplace();
  Runner unchanged(run.cell.cell());
  for (std::uint64_t i = 0; i < options.seeds.count; ++i) {
    if (options.stop != nullptr && *options.stop) return;
    Reproduction other = run;
    other.seed = options.seeds.first + i;
    if (!keeps_its_plan(run)) other.plan = draw_run_plan(run.cell.cell(), other.seed);
    const RunPlan plan = plan_with_room(registry, other);
    count(*all.share, unchanged.run(other.seed, plan), options.symptom);
    for (Counterfactual& one : all.changed) {
      const bool fewer_faults = one.change.kind == Change::Kind::without_fault;
      if (fewer_faults && !keeps_its_plan(run)) continue;
      if (!one.share) one.share.emplace();
      Runner changed(one.change.cell.cell());
      count(*one.share, changed.run(other.seed, changed_plan(plan, one.change)), options.symptom);
    }
  }
}

/// As many as asked for, or fewer: what they come to in events shall be a matter of seconds.
std::uint32_t nearby_runs(const CounterfactualOptions& options, std::uint64_t changes,
                          std::uint64_t events) {
  constexpr std::uint64_t kEvents = 6'000'000;
  constexpr std::uint32_t kLeast = 4;
  const std::uint64_t affordable = kEvents / std::max<std::uint64_t>(1, changes * events);
  return std::min<std::uint32_t>(
      options.nearby, std::max(kLeast, static_cast<std::uint32_t>(
                                           std::min<std::uint64_t>(affordable, options.nearby))));
}

/// What prevents the symptom may only have come a millisecond too late, or too early, for it.
void run_nearby(const RunPlan& plan, const Reproduction& run, std::uint64_t events,
                const CounterfactualOptions& options, Counterfactuals& all) {
  const auto prevents = [](const Counterfactual& one) {
    return one.outcome.symptom == Verdict::holds;
  };
  const auto changes = std::count_if(all.changed.begin(), all.changed.end(), prevents);
  const std::uint32_t runs = nearby_runs(options, static_cast<std::uint64_t>(changes) + 1, events);
  if (runs == 0) return;
  all.nearby.emplace();
  Runner unchanged(run.cell.cell());
  for (std::uint32_t i = 0; i < runs; ++i) {
    if (options.stop != nullptr && *options.stop) return;
    const RunPlan other = nearby_plan(plan, run.seed, i);
    count(*all.nearby, unchanged.run(run.seed, other), options.symptom);
    for (Counterfactual& one : all.changed) {
      if (!prevents(one)) continue;
      if (!one.nearby) one.nearby.emplace();
      Runner changed(one.change.cell.cell());
      count(*one.nearby, changed.run(run.seed, changed_plan(other, one.change)), options.symptom);
    }
  }
}

}  // namespace

Counterfactuals counterfactuals(const models::AlgorithmRegistry& registry, const Reproduction& run,
                                const CounterfactualOptions& options) {
  Counterfactuals all;
  all.symptom = options.symptom;
  Chronicle chronicle;
  Runner unchanged(run.cell.cell());
  const RunResult as_it_was = unchanged.run(run.seed, run.plan, chronicle.onlookers());
  const Focus focus = focus_on(options.symptom, as_it_was, chronicle);
  all.as_it_was = outcome_of(as_it_was, options.symptom);
  const std::uint64_t events = as_it_was.events;
  const RunPlan plan = plan_with_room(registry, run);
  for (Change& change : changes_of(registry, run)) {
    if (options.stop != nullptr && *options.stop) break;
    const bool fewer_faults = change.kind == Change::Kind::without_fault;
    Chronicle changed;
    Runner runner(change.cell.cell());
    const RunResult result = runner.run(run.seed, changed_plan(plan, change),
                                        fewer_faults ? changed.onlookers() : Onlookers{});
    CounterfactualOutcome outcome = outcome_of(result, options.symptom);
    if (fewer_faults) outcome.other_at_ns = other_violation(result, changed, focus);
    all.changed.push_back({std::move(change), std::move(outcome)});
  }
  run_nearby(plan, run, events, options, all);
  if (options.seeds.count > 0) run_over_seeds(registry, run, options, all);
  std::stable_sort(all.changed.begin(), all.changed.end(),
                   [&](const Counterfactual& a, const Counterfactual& b) {
                     return rank(all, a) < rank(all, b);
                   });
  return all;
}

}  // namespace leasehold::scenarios
