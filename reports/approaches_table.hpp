#pragma once

#include <string>

#include "reports/table.hpp"
#include "scenarios/campaign_result.hpp"

/// The locks side by side, as articles compare them, with what was measured in the place of what is
/// said: how long an acquisition takes, how safe a lock is under partitions and clocks, how often
/// it fails; and what that depends on.
namespace leasehold::reports {

/// At most 40 lines for the seven locks of a default run.
std::string approaches_table(const scenarios::CampaignResult& result, const Console& console);
std::string approaches_markdown(const scenarios::CampaignResult& result);

}  // namespace leasehold::reports
