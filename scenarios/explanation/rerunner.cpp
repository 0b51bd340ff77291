#include "scenarios/explanation/rerunner.hpp"

#include <algorithm>

#include "scenarios/counterfactual/rerun.hpp"

namespace leasehold::scenarios {
namespace {

using checkers::Verdict;

/// The moment of another run that is what this one was: the same kind of record with the same
/// contents of the same attempt.
std::optional<std::size_t> same_event(const Chronicle& chronicle, const Moment& wanted) {
  const std::optional<checkers::AttemptId> attempt = attempt_of(wanted.what);
  return chronicle.find(0, [&](const Moment& moment) {
    if (moment.what.index() != wanted.what.index() || attempt_of(moment.what) != attempt) {
      return false;
    }
    return std::visit(
        [&](const auto& record) {
          const auto& other = std::get<std::decay_t<decltype(record)>>(wanted.what);
          if constexpr (requires { record.request; }) {
            return record.request == other.request;
          } else if constexpr (requires { record.phase; }) {
            return record.phase == other.phase;
          } else {
            return true;
          }
        },
        moment.what);
  });
}

}  // namespace

RunResult Rerunner::run(const FaultPlan& faults, const Onlookers& onlookers) {
  ++runs_;
  return runner_.run(seed_, RunPlan{faults, workload_}, onlookers);
}

bool Rerunner::violated(const FaultPlan& faults) {
  return verdict_on(run(faults, {}), focus_.property) == Verdict::violated;
}

bool Rerunner::same_violation(const FaultPlan& faults) {
  Chronicle chronicle;
  const RunResult result = run(faults, chronicle.onlookers());
  if (verdict_on(result, focus_.property) != Verdict::violated) return false;
  return is_same_story(focus_on(focus_.property, result, chronicle), focus_);
}

bool Rerunner::turned_round(const FaultPlan& faults, const Chronicle& as_it_was) {
  if (!focus_.first || !focus_.second) return false;
  Chronicle chronicle;
  const RunResult result = run(faults, chronicle.onlookers());
  if (verdict_on(result, focus_.property) != Verdict::holds) return false;
  const auto first = same_event(chronicle, as_it_was.moments()[*focus_.first]);
  const auto second = same_event(chronicle, as_it_was.moments()[*focus_.second]);
  return first && second && *second < *first;
}

BegunFaults begun_before(const FaultPlan& plan, const Chronicle& chronicle,
                         std::int64_t before_ns) {
  BegunFaults begun;
  const std::vector<Chronicle::FaultSpan>& spans = chronicle.fault_spans();
  for (std::size_t i = 0; i < plan.faults.size(); ++i) {
    if (!spans[i].began_ns || *spans[i].began_ns > before_ns) continue;
    begun.plan.faults.push_back(plan.faults[i]);
    begun.spans.push_back(spans[i]);
    begun.index.push_back(i);
  }
  return begun;
}

FaultPlan calm_from(const BegunFaults& faults, std::int64_t from_ns) {
  FaultPlan calm;
  for (std::size_t i = 0; i < faults.plan.faults.size(); ++i) {
    const std::int64_t lasted = from_ns - *faults.spans[i].began_ns;
    if (lasted <= 0) continue;
    PlannedFault fault = faults.plan.faults[i];
    if (fault.duration_ns > 0) fault.duration_ns = std::min(fault.duration_ns, lasted);
    if (fault.restart_after_ns) fault.restart_after_ns = std::min(*fault.restart_after_ns, lasted);
    calm.faults.push_back(std::move(fault));
  }
  return calm;
}

PlannedFault stop(checkers::ClientId client, std::int64_t at_ns,
                  std::optional<std::int64_t> for_ns) {
  PlannedFault fault;
  fault.kind = for_ns ? FaultKind::pause : FaultKind::crash;
  fault.id = "stop";
  fault.target = {Role::client, client};
  fault.start_ns = at_ns;
  fault.duration_ns = for_ns.value_or(0);
  return fault;
}

}  // namespace leasehold::scenarios
