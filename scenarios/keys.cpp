#include "scenarios/keys.hpp"

#include "scenarios/format/walk.hpp"

namespace leasehold::scenarios {
namespace {

/// A scenario with one fault of each kind.
Scenario with_every_kind(WorkloadKind workload) {
  Scenario scenario;
  scenario.workload = format::default_workload(workload);
  for (const FaultKindInfo& kind : fault_kinds()) {
    scenario.faults.push_back(default_fault(kind.kind));
    scenario.faults.back().on = TriggerTemplate{};
  }
  scenario.truth = Truth{};
  Expectation& expect = scenario.variants.emplace_back().expect.emplace();
  expect.shares.fill(ExpectedShare{});
  expect.stuck = ExpectedShare{};
  expect.longest_wait = expect.longest_gap = ExpectedLength{};
  return scenario;
}

}  // namespace

std::set<std::string> scenario_keys() {
  std::set<std::string> keys{"/$schema"};
  for (std::size_t i = 0; i < words<WorkloadKind>().size(); ++i) {
    keys.merge(format::keys_of(with_every_kind(static_cast<WorkloadKind>(i))));
  }
  return keys;
}

std::set<std::string> fault_keys(FaultKind kind) { return format::keys_of(default_fault(kind)); }

std::set<std::string> workload_keys(WorkloadKind kind) {
  return format::keys_of(format::default_workload(kind));
}

}  // namespace leasehold::scenarios
