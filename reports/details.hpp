#pragma once

#include <string>

#include "reports/table.hpp"
#include "scenarios/campaign_result.hpp"

namespace leasehold::reports {

/// What `--details` adds to a summary. For every scenario, all locks side by side: violations of
/// each property, overlaps, effects with fencing off and on, waiting and cost.
std::string details(const scenarios::CampaignResult& result, const Console& console);
std::string details_markdown(const scenarios::CampaignResult& result);

}  // namespace leasehold::reports
