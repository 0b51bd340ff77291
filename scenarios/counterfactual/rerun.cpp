#include "scenarios/counterfactual/rerun.hpp"

#include <algorithm>

namespace leasehold::scenarios {
namespace {

using checkers::Property;
using checkers::Verdict;

/// The rounds that clients take who never wait for each other: more than with any lock.
WorkloadPlan rounds_without_waiting(const models::AlgorithmRegistry& registry,
                                    const Reproduction& run) {
  Cell cell = run.cell.cell();
  if (const models::Algorithm* none = registry.find("none")) {
    cell.algorithm = none;
    cell.parameters = models::Parameters(none->info().parameters);
    cell.fencing = Fencing::off;
    cell.vendor_defaults = false;
  }
  return draw_rounds(cell, run.seed, {});
}

bool all_wishes_granted(const RunResult& result) {
  const checkers::AttemptCounts& attempts = result.checker->acquisition().attempts;
  return attempts.acquired > 0 && attempts.unfinished == 0;
}

}  // namespace

RunPlan plan_with_room(const models::AlgorithmRegistry& registry, const Reproduction& run) {
  RunPlan plan = run.plan;
  if (!plan.workload) return plan;
  if (draw_rounds(run.cell.cell(), run.seed, plan.faults) != *plan.workload) return plan;
  const WorkloadPlan more = rounds_without_waiting(registry, run);
  for (std::size_t i = 0; i < plan.workload->clients.size(); ++i) {
    std::vector<PlannedRound>& rounds = plan.workload->clients[i];
    const std::vector<PlannedRound>& longer = more.clients[i];
    if (longer.size() <= rounds.size()) continue;
    rounds.insert(rounds.end(), longer.begin() + static_cast<std::ptrdiff_t>(rounds.size()),
                  longer.end());
  }
  return plan;
}

Reproduction with_time_to_heal(const models::AlgorithmRegistry& registry, const Reproduction& run,
                               Property property) {
  Scenario scenario = run.cell.scenario();
  const Yardsticks measure = scenario.yardsticks();
  const bool heals = scenario.heal.resolve(measure) > sim::Duration::zero();
  if (heals || property == Property::frequency) return run;
  scenario.heal = Span::of(
      std::max(Scenario{}.heal.resolve(measure), scenario.progress_within.resolve(measure)));
  Reproduction longer = run;
  longer.cell = resolve(registry, scenario, run.cell.algorithm().id, run.cell.parameters()).value();
  return longer;
}

Verdict verdict_on(const RunResult& result, Property property) {
  const Verdict verdict = result.checker->verdicts()[property].verdict;
  const bool served =
      property == Property::progress && verdict == Verdict::unknown && all_wishes_granted(result);
  return served ? Verdict::holds : verdict;
}

}  // namespace leasehold::scenarios
