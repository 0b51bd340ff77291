#pragma once

#include <string>

#include "reports/table.hpp"
#include "scenarios/campaign_result.hpp"

/// What became of the index that one worker at a time was to rebuild.
namespace leasehold::reports {

/// Whether all that was run is an index job.
bool has_only_index_jobs(const scenarios::CampaignResult& result);

std::string index_table(const scenarios::CampaignResult& result, const Console& console);
std::string index_markdown(const scenarios::CampaignResult& result);

}  // namespace leasehold::reports
