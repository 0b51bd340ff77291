#include "scenarios/explanation/assumptions.hpp"

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

/// The least size found by halving, to a hundredth of what it was.
std::int64_t least_size(Rerunner& rerunner, FaultPlan plan, std::size_t fault) {
  std::int64_t& size = *size_of(plan.faults[fault]);
  std::int64_t enough = size;
  std::int64_t too_little = 0;
  const std::int64_t resolution = std::abs(size) / 100 + 1;
  while (std::abs(enough - too_little) > resolution) {
    size = too_little + (enough - too_little) / 2;
    (rerunner.violated(plan) ? enough : too_little) = size;
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

std::vector<NeededFault> needed_faults(Rerunner& rerunner, const Focus& focus,
                                       const BegunFaults& faults) {
  BegunFaults left = faults;
  for (std::size_t i = 0; i < left.plan.faults.size();) {
    const FaultPlan fewer = without(left.plan, i);
    if (!rerunner.same_violation(fewer)) {
      ++i;
      continue;
    }
    left.plan = fewer;
    left.spans.erase(left.spans.begin() + static_cast<std::ptrdiff_t>(i));
    left.index.erase(left.index.begin() + static_cast<std::ptrdiff_t>(i));
  }
  std::vector<NeededFault> needed;
  for (std::size_t i = 0; i < left.plan.faults.size(); ++i) {
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
    needed.push_back(one);
  }
  return needed;
}

}  // namespace leasehold::scenarios
