#pragma once

#include <string>
#include <vector>

#include "scenarios/campaign_result.hpp"

namespace leasehold::reports {

/// What no run of a cell put to the test, as words of a script: `fault:KIND` (planned, but never in
/// effect while the lock was held or wanted), `second-client` (nobody but one client acquired),
/// `waiter` (nobody waited while another held), `property:NAME` (no run could be judged).
std::vector<std::string> not_exercised(const scenarios::Scenario& scenario,
                                       const scenarios::CellTally& tally);

}  // namespace leasehold::reports
