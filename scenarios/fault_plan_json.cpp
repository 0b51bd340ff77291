#include "scenarios/fault_plan_json.hpp"

#include <algorithm>
#include <set>

#include "scenarios/format/describe_plan.hpp"
#include "scenarios/format/object_reader.hpp"
#include "scenarios/format/write_value.hpp"

namespace leasehold::scenarios {
namespace {

using support::quoted;

/// What describe_plan.hpp cannot say of one key alone.
void check_fault(const PlannedFault& fault, std::set<std::string>& ids, const Site& site) {
  const std::string target(word(fault.target.role));
  if (!info(fault.kind).allows(fault.target.role)) {
    site.fail(quoted(std::string(word(fault.kind))) + " cannot hit " + quoted(target));
  }
  const bool numbered = fault.target.index.has_value();
  const std::uint32_t count = fault.target.role == Role::client ? kClientsMax : kServerSlots;
  if (numbered && *fault.target.index >= count) {
    site.fail("there is no " + target + ":" + std::to_string(*fault.target.index));
  }
  const bool anyone =
      fault.target.role == Role::server || (fault.target.role == Role::client && !fault.on);
  if (anyone && !numbered) site.fail("hits no certain " + target, target + ":K");
  if (fault.shape != PartitionShape::isolate && fault.target.role != Role::all) {
    site.fail("a partition that splits everyone has one target", "the target \"all\"");
  }
  if (!ids.insert(fault.id).second) site.fail("id " + quoted(fault.id) + " stands twice");
}

}  // namespace

nlohmann::ordered_json to_json(const FaultPlan& plan) { return format::write_object(plan); }

bool read_fault_plan(const Site& site, FaultPlan& out) {
  FaultPlan plan;
  if (!format::read_object(site, plan)) return false;
  const std::size_t before = site.problems.count();
  const LocatedValue* list = site.value.find("faults");
  std::set<std::string> ids;
  for (std::size_t i = 0; i < plan.faults.size(); ++i) {
    PlannedFault& fault = plan.faults[i];
    if (fault.id.empty()) fault.id = std::string(word(fault.kind)) + "." + std::to_string(i);
    check_fault(fault, ids, site.child(*list, "faults").child(i));
  }
  if (site.problems.count() > before) return false;
  std::stable_sort(plan.faults.begin(), plan.faults.end(),
                   [](const auto& a, const auto& b) { return a.start_ns < b.start_ns; });
  out = std::move(plan);
  return true;
}

support::Expected<FaultPlan> parse_fault_plan(std::string_view text, const std::string& file) {
  const auto root = parse_located(text, file);
  if (!root) return root.error();
  Problems problems(file);
  FaultPlan plan;
  if (!read_fault_plan({*root, "", problems}, plan)) return problems.take();
  return plan;
}

}  // namespace leasehold::scenarios
