#include "scenarios/explanation/rerunner.hpp"

#include <algorithm>

#include "scenarios/counterfactual/rerun.hpp"
#include "scenarios/explanation/rhythm.hpp"
#include "scenarios/format/absolute_lengths.hpp"

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

Rerunner::Rerunner(const ResolvedCell& cell, std::uint64_t seed, const RunPlan& plan,
                   const Chronicle& chronicle, const Focus& focus)
    : cell_(cell),
      runner_(cell.cell()),
      seed_(seed),
      workload_(plan.workload),
      as_it_was_(chronicle),
      focus_(focus) {}

RunResult Rerunner::run(const FaultPlan& faults, const Onlookers& onlookers) {
  ++runs_;
  return runner_.run(seed_, RunPlan{faults, workload_}, onlookers);
}

bool Rerunner::violated(const RunResult& result, const Chronicle& chronicle) const {
  if (focus_.property == checkers::Property::frequency) {
    const auto gap = gap_after(focus_.earlier, chronicle);
    return gap && !gap_bounds(cell_.scenario()).contain(*gap);
  }
  return verdict_on(result, focus_.property) == Verdict::violated;
}

bool Rerunner::violated(Runner& runner, const FaultPlan& faults) {
  ++runs_;
  Chronicle chronicle;
  const bool looks = focus_.property == checkers::Property::frequency;
  const RunResult result =
      runner.run(seed_, RunPlan{faults, workload_}, looks ? chronicle.onlookers() : Onlookers{});
  return violated(result, chronicle);
}

bool Rerunner::violated(const FaultPlan& faults) { return violated(runner_, faults); }

bool Rerunner::violated_with(const PlannedFault& more, const BegunFaults& others) {
  const std::int64_t over_ns = more.start_ns + more.duration_ns + 1;
  const std::int64_t horizon_ns = cell_.scenario().horizon.ns();
  FaultPlan faults = over_ns > horizon_ns ? calm_from(others, horizon_ns) : others.plan;
  faults.faults.push_back(more);
  if (over_ns <= horizon_ns) return violated(faults);
  Scenario longer = cell_.scenario();
  format::measure_by_horizon_no_more(longer);
  longer.horizon = sim::Duration::nanoseconds(over_ns);
  Cell cell = cell_.cell();
  cell.scenario = &longer;
  Runner runner(cell);
  return violated(runner, faults);
}

bool Rerunner::same_violation(const FaultPlan& faults) {
  Chronicle chronicle;
  const RunResult result = run(faults, chronicle.onlookers());
  if (!violated(result, chronicle)) return false;
  if (focus_.property == checkers::Property::frequency) return true;
  return is_same_story(focus_on(focus_.property, result, chronicle), focus_);
}

bool Rerunner::turned_round(const FaultPlan& faults) {
  if (!focus_.first || !focus_.second) return false;
  Chronicle chronicle;
  const RunResult result = run(faults, chronicle.onlookers());
  if (verdict_on(result, focus_.property) != Verdict::holds) return false;
  const auto first = same_event(chronicle, as_it_was_.moments()[*focus_.first]);
  const auto second = same_event(chronicle, as_it_was_.moments()[*focus_.second]);
  return first && second && *second < *first;
}

}  // namespace leasehold::scenarios
