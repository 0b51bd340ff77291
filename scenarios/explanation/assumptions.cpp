#include "scenarios/explanation/assumptions.hpp"

#include <algorithm>
#include <cstdlib>

namespace leasehold::scenarios {
namespace {

/// The value of the fault that says how bad it is; null if it has none.
std::int64_t* size_of(PlannedFault& fault) {
  switch (fault.kind) {
    case FaultKind::clock_step:
      return &fault.step_ns;
    case FaultKind::clock_rate:
    case FaultKind::clock_slew:
      return &fault.rate_ppm;
    case FaultKind::delay:
      return &fault.extra_ns;
    case FaultKind::partition:
    case FaultKind::loss:
    case FaultKind::reply_loss:
    case FaultKind::pause:
    case FaultKind::vm_suspend:
    case FaultKind::slow_disk:
    case FaultKind::cpu_steal:
      return &fault.duration_ns;
    case FaultKind::crash:
    case FaultKind::power_loss:
    case FaultKind::fsync_error:
    case FaultKind::memory_pressure:
    case FaultKind::connection_reset:
    case FaultKind::failover:
      break;
  }
  return nullptr;
}

FaultPlan without(const FaultPlan& plan, std::size_t fault) {
  FaultPlan fewer = plan;
  fewer.faults.erase(fewer.faults.begin() + static_cast<std::ptrdiff_t>(fault));
  return fewer;
}

/// When the older hold began; 0 if there is none.
std::int64_t hold_began_ns(const Chronicle& chronicle, const Focus& focus) {
  if (!focus.earlier) return 0;
  const auto began = chronicle.find(0, [&](const Moment& moment) {
    return attempt_of(moment.what) == focus.earlier->attempt &&
           (as<checkers::Grant>(moment) != nullptr || as<checkers::Work>(moment) != nullptr);
  });
  return began ? chronicle.moments()[*began].at.at_ns : 0;
}

/// Whether it began after a time, or was still in effect then.
bool is_at_work_since(std::int64_t since_ns, const PlannedFault& fault,
                      const Chronicle::FaultSpan& span) {
  const bool lasts = fault.duration_ns > 0 && (!span.ended_ns || *span.ended_ns > since_ns);
  return *span.began_ns >= since_ns || lasts;
}

/// Whether it hit a server, the resource, the network as a whole or one of the two clients.
bool hits_somebody_involved(const PlannedFault& fault, const Chronicle::FaultSpan& span,
                            const Focus& focus, std::uint32_t clients) {
  if (!focus.earlier) return true;
  if (fault.kind == FaultKind::partition && fault.shape != PartitionShape::isolate) return true;
  return std::any_of(span.targets.begin(), span.targets.end(), [&](sim::ProcessId target) {
    return target >= clients || target == focus.earlier->client ||
           (focus.later && target == focus.later->client);
  });
}

FaultPlan only_untried(const FaultPlan& plan, const std::vector<bool>& tried) {
  FaultPlan untried;
  for (std::size_t i = 0; i < plan.faults.size(); ++i) {
    if (!tried[i]) untried.faults.push_back(plan.faults[i]);
  }
  return untried;
}

/// The least size found by halving, to a hundredth of what it was.
std::int64_t least_size(Rerunner& rerunner, FaultPlan plan, std::size_t fault) {
  std::int64_t& size = *size_of(plan.faults[fault]);
  std::int64_t enough = size;
  std::int64_t too_little = 0;
  const std::int64_t resolution = std::abs(size) / 100 + 1;
  while (std::abs(enough - too_little) > resolution) {
    size = too_little + (enough - too_little) / 2;
    (rerunner.same_violation(plan) ? enough : too_little) = size;
  }
  return enough;
}

}  // namespace

Assumption assumption_of(const PlannedFault& fault, const Focus& focus) {
  switch (fault.kind) {
    case FaultKind::pause:
    case FaultKind::vm_suspend:
    case FaultKind::cpu_steal:
      return Assumption::bounded_pause;
    case FaultKind::clock_rate:
    case FaultKind::clock_slew:
      return Assumption::bounded_drift;
    case FaultKind::clock_step:
      return Assumption::no_clock_step;
    case FaultKind::slow_disk:
    case FaultKind::fsync_error:
      return Assumption::honest_disk;
    case FaultKind::memory_pressure:
      return Assumption::enough_memory;
    case FaultKind::failover:
      return Assumption::one_primary;
    case FaultKind::crash:
    case FaultKind::power_loss: {
      const bool of_client = fault.target.role == Role::client || fault.target.role == Role::holder;
      const bool stands_still = focus.property == checkers::Property::progress;
      return of_client || (stands_still && fault.target.role == Role::all)
                 ? Assumption::living_holder
                 : Assumption::kept_state;
    }
    case FaultKind::partition:
    case FaultKind::loss:
    case FaultKind::delay:
    case FaultKind::reply_loss:
    case FaultKind::connection_reset:
      break;
  }
  return Assumption::bounded_delay;
}

NeededFaults needed_faults(Rerunner& rerunner, const Chronicle& chronicle, const Focus& focus,
                           const BegunFaults& faults, std::uint32_t clients) {
  BegunFaults left = faults;
  std::vector<bool> tried;
  const std::int64_t since_ns = hold_began_ns(chronicle, focus);
  for (std::size_t i = 0; i < faults.plan.faults.size(); ++i) {
    const PlannedFault& fault = faults.plan.faults[i];
    tried.push_back(is_at_work_since(since_ns, fault, faults.spans[i]) &&
                    hits_somebody_involved(fault, faults.spans[i], focus, clients));
  }
  if (rerunner.same_violation(only_untried(faults.plan, tried))) {
    tried.assign(tried.size(), true);  // then the earlier ones must have done it
  }
  NeededFaults needed;
  needed.tried = static_cast<std::size_t>(std::count(tried.begin(), tried.end(), true));
  for (std::size_t i = 0; i < left.plan.faults.size();) {
    if (!tried[i] || !rerunner.same_violation(without(left.plan, i))) {
      ++i;
      continue;
    }
    const auto place = static_cast<std::ptrdiff_t>(i);
    left.plan = without(left.plan, i);
    left.spans.erase(left.spans.begin() + place);
    left.index.erase(left.index.begin() + place);
    tried.erase(tried.begin() + place);
  }
  for (std::size_t i = 0; i < left.plan.faults.size(); ++i) {
    if (!tried[i]) continue;
    PlannedFault& fault = left.plan.faults[i];
    NeededFault one{left.index[i],
                    assumption_of(fault, focus),
                    *left.spans[i].began_ns,
                    left.spans[i].ended_ns,
                    std::nullopt,
                    std::nullopt};
    if (const std::int64_t* size = size_of(fault); size != nullptr && *size != 0) {
      one.size = *size;
      one.least_size = least_size(rerunner, left.plan, i);
    }
    needed.faults.push_back(one);
  }
  return needed;
}

}  // namespace leasehold::scenarios
