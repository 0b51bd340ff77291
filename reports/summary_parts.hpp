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

/// Scenarios that put a lock through the same, and what that is, their setting too where it is not
/// that of the first.
struct ScenarioLine {
  std::string label;  ///< `faults` if it is one line for all
  std::string text;
};
std::vector<ScenarioLine> scenario_lines(const scenarios::CampaignResult& result,
                                         std::size_t width);

/// What was run, lease, work and faults, with at most so many lines for those of one scenario.
std::string console_head(const scenarios::CampaignResult& result, const std::vector<LockRow>& rows,
                         std::size_t lines_of_faults, const Console& console);
std::string markdown_head(const scenarios::CampaignResult& result,
                          const std::vector<LockRow>& rows);

enum class Intervals : std::uint8_t { none, below, beside };

/// A rate in a cell of a table, marked with `!` if the cell is thin. On a console, a cell without a
/// violation shows `·` if its bound is the `usual` one: next to `≤ 0.37 %`, a `0.3 %` that was seen
/// would seem the better one.
TableCell rate_cell(const scenarios::CellResult* cell, checkers::Property property,
                    Intervals intervals, const std::string& usual = "");

/// Locks as rows, scenarios as columns, the share of runs with a violation in the cells.
Table exclusion_table(const scenarios::CampaignResult& result, const std::vector<LockRow>& rows,
                      Intervals intervals);

/// What no violation means in a cell all of whose runs were judged: `≤ 0.37 %`.
std::string usual_bound(const scenarios::CampaignResult& result);

/// `· none in 1,000: ≤ 0.37 %`
std::string meaning_of_dot(const scenarios::CampaignResult& result);

/// What the signs in that table mean on a console, those that occur.
std::vector<std::string> legend(const scenarios::CampaignResult& result);

/// The most telling way in which a lock was broken: in the scenario with the fewest kinds of fault,
/// of those the one in which most runs were. Having no lock needs none.
struct LockBreakage {
  std::string lock;
  std::string condition;
  std::string recipe;
};
std::vector<LockBreakage> breakages(const scenarios::CampaignResult& result,
                                    const std::vector<LockRow>& rows);

/// The command that shows a violation, on two lines of a shell if one is too narrow.
std::string next_command(const std::string& recipe, std::size_t width);

inline constexpr std::size_t kMarkdownRemark = 400;

/// `Not exercised: waiter by none (7 scenarios)`; if that is wider than asked for, in how many
/// entries of the result.
std::string not_exercised_text(const scenarios::CampaignResult& result,
                               const std::vector<LockRow>& rows, std::size_t width);

}  // namespace leasehold::reports
