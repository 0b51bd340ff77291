#pragma once

#include <string>
#include <vector>

#include "reports/table.hpp"
#include "scenarios/campaign_result.hpp"

namespace leasehold::reports {

/// What one scenario showed, all locks side by side.
struct ScenarioDetails {
  struct Part {
    std::string caption;
    Table table;
  };
  std::string label;
  std::string faults;
  std::vector<Part> parts;
};

/// For every scenario: violations of each property, overlaps, effects with fencing off and on,
/// waiting and cost.
std::vector<ScenarioDetails> details(const scenarios::CampaignResult& result);

std::string to_console(const std::vector<ScenarioDetails>& details, const Console& console);
std::string to_markdown(const std::vector<ScenarioDetails>& details);

}  // namespace leasehold::reports
