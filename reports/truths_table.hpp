#pragma once

#include <string>

#include "reports/table.hpp"
#include "scenarios/campaign_result.hpp"

/// The known truths as a table: what each lock must do under a condition and what it did, with the
/// condition just missed beside it.
namespace leasehold::reports {

bool has_truths(const scenarios::CampaignResult& result);

/// Whether every entry that expects something got it.
bool all_as_expected(const scenarios::CampaignResult& result);

std::string truths_table(const scenarios::CampaignResult& result, const Console& console);
std::string truths_markdown(const scenarios::CampaignResult& result);

/// The rest of the campaign.
scenarios::CampaignResult without_truths(const scenarios::CampaignResult& result);

}  // namespace leasehold::reports
