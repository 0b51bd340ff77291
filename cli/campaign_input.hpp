#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "scenarios/campaign_file.hpp"

namespace leasehold::cli {

/// A campaign file that was named in the place of scenarios.
struct CampaignInput {
  std::string file;  ///< empty: there is none
  std::vector<scenarios::Threshold> thresholds;
};

/// Puts what a campaign file says into the flags. What was given beside it on the command line
/// stays. A JSON object is a campaign if it has no `name`, as a scenario must, and a key that only
/// campaigns have.
support::Expected<CampaignInput> take_campaign(CommonFlags& flags);

/// What is wrong with settings that came from a campaign file, told as of that file.
support::Diagnostics told_of(const CampaignInput& campaign, support::Diagnostics diagnostics);

}  // namespace leasehold::cli
