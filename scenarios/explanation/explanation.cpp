#include "scenarios/explanation/explanation.hpp"

#include <algorithm>

#include "scenarios/counterfactual/rerun.hpp"

namespace leasehold::scenarios {
namespace {

using checkers::Milestone;

/// Longer than anything takes that follows at once.
constexpr std::int64_t kAMomentNs = 100'000'000;

/// The latest chance; of equal ones a client's, for it names the step.
std::optional<LastChance> latest(const std::vector<LastChance>& chances) {
  std::optional<LastChance> last;
  for (const LastChance& chance : chances) {
    if (!chance.until_ns) continue;
    if (!last || *chance.until_ns >= *last->until_ns) last = chance;
  }
  return last;
}

/// The last step of the attempt's client up to a moment: where it can be held back.
std::optional<std::int64_t> step_before(const Chronicle& chronicle, std::size_t moment,
                                        checkers::AttemptId attempt) {
  const auto step = chronicle.find_last(moment + 1, [&](const Moment& one) {
    const auto* milestone = as<Milestone>(one);
    const auto* operation = as<checkers::Operation>(one);
    const bool leads_on =
        operation != nullptr && operation->kind == checkers::Operation::Kind::acquire;
    return attempt_of(one.what) == attempt && (milestone != nullptr || leads_on);
  });
  if (!step) return std::nullopt;
  return chronicle.moments()[*step].at.at_ns;
}

/// Whether the order decides: the first event held back until the second has come, or the faults
/// ended in time.
bool confirm_order(Rerunner& rerunner, const Explanation& found, const BegunFaults& faults) {
  const Focus& focus = found.focus;
  if (!focus.first || !focus.second) return false;
  for (const LastChance& chance : found.chances) {
    if (chance.lever != Lever::world || !chance.until_ns) continue;
    if (rerunner.turned_round(calm_from(faults, *chance.until_ns), found.chronicle)) return true;
  }
  const auto& moments = found.chronicle.moments();
  const auto attempt = attempt_of(moments[*focus.first].what);
  if (!attempt) return false;
  const auto from_ns = step_before(found.chronicle, *focus.first, *attempt);
  if (!from_ns) return false;
  const checkers::ClientId client =
      focus.later && focus.later->attempt == *attempt ? focus.later->client : focus.earlier->client;
  FaultPlan held_back = faults.plan;
  held_back.faults.push_back(
      stop(client, *from_ns, moments[*focus.second].at.at_ns - *from_ns + kAMomentNs));
  return rerunner.turned_round(held_back, found.chronicle);
}

void add_evidence(Explanation& found, const checkers::RunChecker& checker) {
  using checkers::Property;
  if (found.focus.property == Property::effect_safety) found.effect = checker.effects().first;
  if (found.focus.property == Property::progress) found.progress = checker.progress();
  if (found.focus.property == Property::frequency) found.frequency = checker.frequency()->counts;
}

}  // namespace

Explanation explain(const models::AlgorithmRegistry& registry, const Reproduction& run,
                    checkers::Property property) {
  Explanation found;
  Runner runner(run.cell.cell());
  const RunResult result = runner.run(run.seed, run.plan, found.chronicle.onlookers());
  found.focus = focus_on(property, result, found.chronicle);
  add_evidence(found, *result.checker);
  const RunPlan room = plan_with_room(registry, run);
  const BegunFaults faults = begun_before(run.plan.faults, found.chronicle, found.focus.at.at_ns);
  found.faults_before = faults.plan.faults.size();
  Rerunner rerunner(run.cell, run.seed, room, found.focus);
  found.chances = last_chances(rerunner, found.chronicle, found.focus, faults);
  found.critical = latest(found.chances);
  found.order_confirmed = confirm_order(rerunner, found, faults);
  found.needed = needed_faults(rerunner, found.focus, faults);
  found.reruns = rerunner.runs();
  return found;
}

}  // namespace leasehold::scenarios
