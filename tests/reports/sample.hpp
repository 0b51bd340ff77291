#pragma once

#include <string>
#include <vector>

#include "scenarios/campaign_result.hpp"

/// A campaign with made-up but plausible results, for looking at tables.
namespace leasehold::reports::test {

/// The seven locks and seven scenarios of `compare`, so many seeds each; fenced entries for the
/// locks that have a token.
scenarios::CampaignResult sample_campaign(std::uint64_t seeds = 1'000);

/// The story of the period job: one scenario in three variants.
scenarios::CampaignResult sample_period_job(std::uint64_t seeds = 100);

}  // namespace leasehold::reports::test
