#pragma once

#include <string>

#include "reports/table.hpp"
#include "scenarios/campaign_result.hpp"

namespace leasehold::reports {

struct CompareOptions {
  bool markdown = false;  ///< else for a console
  bool details = false;
  Console console;
  bool approaches = false;  ///< the table of approaches in place of the summary
};

/// What `compare` prints for people: how well the period was kept if that was the question, else
/// who excluded whom; with details, everything else.
std::string compare_report(const scenarios::CampaignResult& result, const CompareOptions& options);

}  // namespace leasehold::reports
