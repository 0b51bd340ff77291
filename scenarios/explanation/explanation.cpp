#include "scenarios/explanation/explanation.hpp"

#include <utility>

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

/// The last plan with which nothing more goes wrong and all is well.
std::optional<FaultPlan> last_calm(const Explanation& found, const BegunFaults& faults) {
  for (const LastChance& chance : found.chances) {
    if (chance.lever == Lever::world && chance.until_ns) return calm_from(faults, *chance.until_ns);
  }
  return std::nullopt;
}

/// Whether the order decides, as some run shows: the first event held back until the second has
/// come, or the faults ended in time.
bool confirm_order(Rerunner& rerunner, const Explanation& found, const BegunFaults& faults) {
  const Focus& focus = found.focus;
  const std::optional<FaultPlan> calm = last_calm(found, faults);
  if (focus.property == checkers::Property::frequency) return found.critical.has_value();
  if (!focus.first || !focus.second) return false;
  if (calm && rerunner.turned_round(*calm)) return true;
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
  return rerunner.turned_round(held_back);
}

/// What keeps a lock from coming back: its holder's death or the end of its belief, which the focus
/// has, or that the holder never hears of it, for a fault that is needed.
void add_standstill(Explanation& found, Rerunner& rerunner, const FaultPlan& calm) {
  Focus& focus = found.focus;
  if (!focus.earlier) return;
  using What = Explanation::Elsewhere::What;
  using checkers::Operation;
  const bool never_told = !focus.first;
  if (never_told && !found.needed.empty()) {
    focus.first = found.chronicle.find(0, [&](const Moment& moment) {
      const auto* fault = as<checkers::FaultRecord>(moment);
      return fault != nullptr && fault->fault == found.needed.front().fault &&
             fault->phase == checkers::FaultRecord::Phase::bound;
    });
  }
  if (!focus.first) return;
  Chronicle chronicle;
  rerunner.run(calm, chronicle.onlookers());
  const auto other_way = chronicle.find(0, [&](const Moment& moment) {
    const auto* operation = as<Operation>(moment);
    if (operation == nullptr || operation->attempt != focus.earlier->attempt) return false;
    return never_told ? operation->kind == Operation::Kind::acquire &&
                            operation->phase == Operation::Phase::ok
                      : operation->kind == Operation::Kind::release;
  });
  if (!other_way) return;
  found.elsewhere = {never_told ? What::told : What::given_back,
                     chronicle.moments()[*other_way].at.at_ns};
}

/// Who asked just too early is one more who could have averted a gap: by asking later.
void add_asker(Explanation& found, Rerunner& rerunner, const BegunFaults& faults,
               std::uint32_t clients) {
  found.too_early = asked_too_early(rerunner, found.chronicle, found.focus, faults, clients);
  if (!found.too_early) return;
  LastChance chance{Lever::asker, {Way::wait}};
  chance.until_ns = found.too_early->asked_ns;
  chance.client = found.too_early->client;
  found.chances.push_back(std::move(chance));
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
  if (found.frequency && found.frequency->late == 0 && found.focus.first) {
    found.focus.due_ns = found.chronicle.moments()[*found.focus.first].at.at_ns +
                         gap_bounds(run.cell.scenario()).least_ns;
  }
  const RunPlan room = plan_with_room(registry, run);
  const BegunFaults faults = begun_before(run.plan.faults, found.chronicle, found.focus.at.at_ns);
  found.faults_before = faults.plan.faults.size();
  const std::uint32_t clients = run.cell.scenario().clients;
  Rerunner rerunner(run.cell, run.seed, room, found.chronicle, found.focus);
  NeededFaults needed = needed_faults(rerunner, found.chronicle, found.focus, faults, clients);
  found.needed = std::move(needed.faults);
  found.faults_tried = needed.tried;
  found.chances = last_chances(rerunner, found.chronicle, found.focus, faults, found.needed);
  if (property == checkers::Property::frequency) add_asker(found, rerunner, faults, clients);
  found.critical = latest(found.chances);
  found.order_confirmed = confirm_order(rerunner, found, faults);
  const std::optional<FaultPlan> calm = last_calm(found, faults);
  if (property == checkers::Property::progress && calm) add_standstill(found, rerunner, *calm);
  found.reruns = rerunner.runs();
  return found;
}

}  // namespace leasehold::scenarios
