#pragma once

#include <string>
#include <vector>

#include "reports/interval.hpp"
#include "scenarios/campaign_result.hpp"

/// What the tables of a campaign have in common: a row per lock, and how a cell is judged.
namespace leasehold::reports {

/// One algorithm with the parameters that somebody set, in every scenario.
struct LockRow {
  std::string label;  ///< its id, and what was set if the id has several rows
  std::string algorithm;
  /// By scenario: the entries with different fencing, `off` first. Empty where it was not run.
  std::vector<std::vector<const scenarios::CellResult*>> cells;

  /// The entry that tables without a column for fencing show: `off` if there is one.
  [[nodiscard]] const scenarios::CellResult* cell(std::size_t scenario) const {
    return cells[scenario].empty() ? nullptr : cells[scenario].front();
  }
};

/// In the order of the campaign. They point into the result.
std::vector<LockRow> lock_rows(const scenarios::CampaignResult& result);

/// A lock in one variant of a scenario, for tables without a column for scenarios.
struct VariantRow {
  std::string label;  ///< the lock's, and the variant's if there are several
  const scenarios::CellResult* cell;
  const scenarios::Scenario* scenario;
};

/// In the order of the scenarios and, within each, of the locks. They point into the result.
std::vector<VariantRow> variant_rows(const scenarios::CampaignResult& result,
                                     const std::vector<LockRow>& rows);

/// More than 5 % of the runs that the property applies to were vacuous or unknown.
bool is_thin(const scenarios::CellTally& tally, checkers::Property property);

/// The property does not apply to any run.
bool does_not_apply(const scenarios::CellTally& tally, checkers::Property property);

}  // namespace leasehold::reports
