#include "reports/not_exercised.hpp"

#include <algorithm>

#include "checkers/property.hpp"
#include "scenarios/words.hpp"

namespace leasehold::reports {

std::vector<std::string> not_exercised(const scenarios::Scenario& scenario,
                                       const scenarios::CellTally& tally) {
  std::vector<std::string> all;
  const scenarios::Totals& totals = tally.totals();
  for (const scenarios::FaultTemplate& fault : scenario.faults) {
    const auto kind = static_cast<std::size_t>(fault.kind);
    const bool met = kind < totals.faults.size() && totals.faults[kind].met > 0;
    const std::string word = "fault:" + std::string(scenarios::word(fault.kind));
    if (!met && std::find(all.begin(), all.end(), word) == all.end()) all.push_back(word);
  }
  if (totals.runs_with_two_clients == 0) all.emplace_back("second-client");
  if (totals.runs_with_waiter == 0) all.emplace_back("waiter");
  for (std::size_t i = 0; i < checkers::kPropertyCount; ++i) {
    const auto property = static_cast<checkers::Property>(i);
    const scenarios::PropertyTally& tallied = tally.property(property);
    const bool applies = tallied.not_applicable_seeds.count() < tally.runs();
    if (applies && tallied.judged_runs() == 0) {
      all.push_back("property:" + std::string(checkers::kPropertyNames[i]));
    }
  }
  return all;
}

}  // namespace leasehold::reports
