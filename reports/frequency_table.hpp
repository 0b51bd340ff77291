#pragma once

#include <string>

#include "reports/table.hpp"
#include "scenarios/campaign_result.hpp"

namespace leasehold::reports {

/// Whether some scenario asks for a job about once a period.
bool has_period_job(const scenarios::CampaignResult& result);

/// How well each lock, in each of those scenarios, kept the period: the gaps between runs of the
/// job in periods, how many of them were within tolerance, early or late, what was missed, and each
/// server's share of the runs. With its own head. REQUIRES: has_period_job().
std::string frequency_table(const scenarios::CampaignResult& result, const Console& console);
std::string frequency_markdown(const scenarios::CampaignResult& result);

}  // namespace leasehold::reports
