#include "scenarios/keys.hpp"

#include <algorithm>
#include <string_view>

#include "scenarios/format/walk.hpp"

namespace leasehold::scenarios {
namespace {

std::string with_any_position(std::string_view pointer) {
  std::string out;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::string_view token = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(token.size());
    const bool is_position = token.find_first_not_of("0123456789") == std::string_view::npos;
    out += "/" + (is_position ? "*" : std::string(token));
  }
  return out;
}

template <class S>
std::set<std::string> keys_of(const S& s) {
  std::set<std::string> keys;
  format::walk(s, [&](const std::string& pointer, const auto&, const auto&) {
    keys.insert(with_any_position(pointer));
  });
  return keys;
}

/// A scenario with one fault of each kind.
Scenario with_every_kind(WorkloadKind workload) {
  Scenario scenario;
  scenario.workload = format::default_workload(workload);
  for (const FaultKindInfo& kind : fault_kinds()) {
    scenario.faults.push_back(default_fault(kind.kind));
    scenario.faults.back().on = TriggerTemplate{};
  }
  scenario.variants.emplace_back();
  return scenario;
}

}  // namespace

std::set<std::string> scenario_keys() {
  std::set<std::string> keys{"/$schema"};
  for (std::size_t i = 0; i < words<WorkloadKind>().size(); ++i) {
    keys.merge(keys_of(with_every_kind(static_cast<WorkloadKind>(i))));
  }
  return keys;
}

std::set<std::string> fault_keys(FaultKind kind) { return keys_of(default_fault(kind)); }

std::set<std::string> workload_keys(WorkloadKind kind) {
  return keys_of(format::default_workload(kind));
}

}  // namespace leasehold::scenarios
