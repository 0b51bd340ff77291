#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "scenarios/fault_plan.hpp"
#include "scenarios/json/problems.hpp"
#include "support/expected.hpp"

/// Fault plans as JSON: stored in incidents, edited by hand, replayed. Times are whole nanoseconds
/// of true time, `{"faults": [{"kind": "pause", "target": "holder", "start_ns": …}]}`.
namespace leasehold::scenarios {

nlohmann::ordered_json to_json(const FaultPlan& plan);

/// A plan inside a larger file. What is wrong is added to the site's problems; then false.
bool read_fault_plan(const Site& site, FaultPlan& out);

/// A file that is a plan and nothing else. Faults come back in the order of their start times,
/// those without an id named after their position.
support::Expected<FaultPlan> parse_fault_plan(std::string_view text, const std::string& file);

}  // namespace leasehold::scenarios
