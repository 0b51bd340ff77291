#include "scenarios/explanation/continuations.hpp"

#include <algorithm>
#include <utility>

namespace leasehold::scenarios {
namespace {

/// As it is if it must be over by then; none if it had not begun.
std::optional<PlannedFault> cut_short(PlannedFault fault, const Chronicle::FaultSpan& span,
                                      std::int64_t by_ns) {
  const std::int64_t lasted = by_ns - *span.began_ns;
  if (lasted <= 0) return std::nullopt;
  if (fault.duration_ns > 0) fault.duration_ns = std::min(fault.duration_ns, lasted);
  if (fault.restart_after_ns) fault.restart_after_ns = std::min(*fault.restart_after_ns, lasted);
  return fault;
}

PlannedFault befalls(checkers::ClientId client, FaultKind kind, std::int64_t at_ns) {
  PlannedFault fault;
  fault.kind = kind;
  fault.id = "otherwise";
  fault.target = {Role::client, client};
  fault.start_ns = at_ns;
  return fault;
}

}  // namespace

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
    auto fault = cut_short(faults.plan.faults[i], faults.spans[i], from_ns);
    if (fault) calm.faults.push_back(*std::move(fault));
  }
  return calm;
}

FaultPlan over_by(const BegunFaults& faults, std::size_t fault, std::int64_t by_ns) {
  FaultPlan plan = faults.plan;
  const auto place = plan.faults.begin() + static_cast<std::ptrdiff_t>(fault);
  if (const auto shorter = cut_short(*place, faults.spans[fault], by_ns)) {
    *place = *shorter;
  } else {
    plan.faults.erase(place);
  }
  return plan;
}

PlannedFault stop(checkers::ClientId client, std::int64_t at_ns,
                  std::optional<std::int64_t> for_ns) {
  PlannedFault fault = befalls(client, for_ns ? FaultKind::pause : FaultKind::crash, at_ns);
  fault.duration_ns = for_ns.value_or(0);
  return fault;
}

PlannedFault hold_back(checkers::ClientId client, Peers peers, std::int64_t at_ns,
                       std::int64_t for_ns) {
  PlannedFault fault = befalls(client, FaultKind::partition, at_ns);
  fault.peers = peers;
  fault.duration_ns = for_ns;
  return fault;
}

PlannedFault break_off(checkers::ClientId client, std::int64_t at_ns) {
  return befalls(client, FaultKind::connection_reset, at_ns);
}

}  // namespace leasehold::scenarios
