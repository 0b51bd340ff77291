#pragma once

#include <string>

#include "reports/table.hpp"
#include "scenarios/campaign_result.hpp"

namespace leasehold::reports {

/// The longest that `compare` prints without --details.
inline constexpr std::size_t kSummaryLines = 40;

/// What `compare` says at a glance: what was run, the share of runs in which two clients worked at
/// once for every lock and scenario, what breaks each lock, what to do next, what was not
/// exercised. On a console at most kSummaryLines lines: first the intervals go, then what the
/// faults are in full, then the last locks.
std::string summary(const scenarios::CampaignResult& result, const Console& console);

/// The same in GitHub's Markdown, without limits.
std::string summary_markdown(const scenarios::CampaignResult& result);

}  // namespace leasehold::reports
