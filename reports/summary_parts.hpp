#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/lock_rows.hpp"
#include "reports/table.hpp"

/// What a summary is put together from, whatever the medium.
namespace leasehold::reports {

/// `7 locks, 7 scenarios, 1,000 runs each (seeds 0–999)`
std::string extent_text(const scenarios::CampaignResult& result, const std::vector<LockRow>& rows);

/// A scenario and what it puts the lock through, its setting too where it has one of its own.
struct ScenarioLine {
  std::string label;
  std::string text;
};
std::vector<ScenarioLine> scenario_lines(const scenarios::CampaignResult& result,
                                         std::size_t width);

enum class Intervals : std::uint8_t { none, below, beside };

/// A rate in a cell of a table, marked with `!` if the cell is thin.
TableCell rate_cell(const scenarios::CellResult* cell, checkers::Property property,
                    Intervals intervals);

/// Locks as rows, scenarios as columns, the share of runs with a violation in the cells.
Table exclusion_table(const scenarios::CampaignResult& result, const std::vector<LockRow>& rows,
                      Intervals intervals);

/// What the signs in that table mean, those that occur.
std::vector<std::string> legend(const scenarios::CampaignResult& result);

/// The most telling way in which a lock was broken: in the scenario with the fewest kinds of fault,
/// of those the one in which most runs were.
struct LockBreakage {
  std::string lock;
  std::string condition;
  std::string recipe;
};
std::vector<LockBreakage> breakages(const scenarios::CampaignResult& result,
                                    const std::vector<LockRow>& rows);

/// The locks that nothing broke.
std::vector<std::string> unbroken(const std::vector<LockRow>& rows);

/// `waiter: none (7 scenarios)`; empty if everything was exercised.
std::vector<std::string> not_exercised_texts(const scenarios::CampaignResult& result,
                                             const std::vector<LockRow>& rows);

}  // namespace leasehold::reports
