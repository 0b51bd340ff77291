#include "reports/truths_table.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "reports/number.hpp"
#include "reports/text.hpp"
#include "reports/truth_text.hpp"
#include "scenarios/findings.hpp"

namespace leasehold::reports {
namespace {

using scenarios::CampaignResult;
using scenarios::CellResult;
using scenarios::Findings;
using scenarios::ScenarioOfResult;

/// One entry of a truth, and those that just miss its condition.
struct TruthRow {
  const CellResult* cell = nullptr;
  std::vector<const CellResult*> missed;
};

/// The rows of one scenario.
struct TruthBlock {
  const ScenarioOfResult* scenario = nullptr;
  std::vector<TruthRow> rows;
};

class TruthReport {
 public:
  explicit TruthReport(const CampaignResult& result) : result_(result) {
    for (const CellResult& cell : result.cells) {
      if (scenario(cell).expect) add(cell);
    }
  }

  const std::vector<TruthBlock>& blocks() const { return blocks_; }
  const ScenarioOfResult& scenario(const CellResult& cell) const {
    return result_.scenarios[cell.scenario];
  }
  Findings findings(const CellResult& cell) const {
    const ScenarioOfResult& from = scenario(cell);
    return scenarios::findings(*from.expect, from.scenario.yardsticks(), cell.tally);
  }

  /// `118 of 120 rows came out as expected, over 50 runs each (seeds 0–49)`
  std::string outcome() const {
    std::uint64_t all = 0;
    std::uint64_t good = 0;
    std::uint64_t runs = 0;
    each([&](const CellResult& cell) {
      ++all;
      good += findings(cell).as_expected() ? 1 : 0;
      runs = std::max(runs, cell.tally.runs());
    });
    return count_text(good) + " of " + count_text(all) + " entries came out as expected, over " +
           count_text(runs) + " runs each";
  }

  template <class Visit>
  void each(Visit visit) const {
    for (const CellResult& cell : result_.cells) {
      if (scenario(cell).expect) visit(cell);
    }
  }

 private:
  void add(const CellResult& cell) {
    const ScenarioOfResult& from = scenario(cell);
    const bool is_new =
        blocks_.empty() || blocks_.back().scenario->scenario.name != from.scenario.name;
    if (is_new) blocks_.push_back({&from, {}});
    std::vector<TruthRow>& rows = blocks_.back().rows;
    const auto met = std::find_if(rows.begin(), rows.end(), [&](const TruthRow& row) {
      return row.cell->algorithm == cell.algorithm && scenario(*row.cell).variant == from.misses;
    });
    if (from.misses.empty() || met == rows.end()) {
      rows.push_back({&cell, {}});
    } else {
      met->missed.push_back(&cell);
    }
  }

  const CampaignResult& result_;
  std::vector<TruthBlock> blocks_;
};

std::string marked(const Findings& findings) {
  return (findings.as_expected() ? "✓ " : "✗ ") + measured_text(findings);
}

Style style_of(const Findings& findings) {
  return findings.as_expected() ? Style::good : Style::bad;
}

Table table_of(const TruthBlock& block, const TruthReport& report) {
  Table table({{"lock, condition", Align::left, true},
               {"expected", Align::left, true},
               {"measured", Align::left, true},
               {"just missed", Align::left, true},
               {"measured", Align::left, true}});
  for (const TruthRow& row : block.rows) {
    const Findings met = report.findings(*row.cell);
    std::vector<TableCell> cells = {
        {row.cell->algorithm + ", " + report.scenario(*row.cell).variant},
        {expected_text(met)},
        {marked(met), style_of(met)},
        {"–", Style::faint},
        {""}};
    for (const CellResult* missed : row.missed) {
      const Findings found = report.findings(*missed);
      const bool first = missed == row.missed.front();
      std::string& label = cells[3].text;
      label = (first ? "" : label + '\n') + report.scenario(*missed).variant + ": " +
              expected_text(found, met);
      cells[3].style = Style::plain;
      cells[4].text += (first ? "" : "\n") + marked(found);
      if (first || !found.as_expected()) cells[4].style = style_of(found);
    }
    table.add_row(std::move(cells));
  }
  return table;
}

std::string recipe_of(const CellResult& cell) {
  return cell.recipe_of(cell.tally.seeds().ranges().front().first);
}

}  // namespace

bool has_truths(const CampaignResult& result) {
  return std::any_of(result.scenarios.begin(), result.scenarios.end(),
                     [](const ScenarioOfResult& each) { return each.expect.has_value(); });
}

bool all_as_expected(const CampaignResult& result) {
  bool all = true;
  const TruthReport report(result);
  report.each([&](const CellResult& cell) { all = all && report.findings(cell).as_expected(); });
  return all;
}

std::string truths_table(const CampaignResult& result, const Console& console) {
  const TruthReport report(result);
  std::string text = paragraph(
      "Known truths: what is expected of a lock under a condition, in how many runs it was seen, "
      "and what came of the condition just missed (✓ as expected, ✗ not)",
      0, console.width);
  for (const TruthBlock& block : report.blocks()) {
    const std::string& condition = block.scenario->scenario.truth->condition;
    text += '\n' +
            styled(paragraph(printable(condition), 0, console.width), Style::strong, console) +
            to_console(table_of(block, report), console);
  }
  text += '\n' + paragraph(report.outcome() + ".", 0, console.width);
  report.each([&](const CellResult& cell) {
    if (!report.findings(cell).as_expected()) text += "  ✗ " + recipe_of(cell) + '\n';
  });
  return text;
}

std::string truths_markdown(const CampaignResult& result) {
  const TruthReport report(result);
  std::string text;
  for (const TruthBlock& block : report.blocks()) {
    text += "**" + block.scenario->scenario.truth->condition + "**\n\n" +
            to_markdown(table_of(block, report)) + '\n';
  }
  return text + report.outcome() + ".\n";
}

CampaignResult without_truths(const CampaignResult& result) {
  CampaignResult rest;
  rest.engine_version = result.engine_version;
  rest.campaign = result.campaign;
  std::map<std::size_t, std::size_t> moved;
  for (const CellResult& cell : result.cells) {
    if (result.scenarios[cell.scenario].expect) continue;
    const auto [entry, is_new] = moved.try_emplace(cell.scenario, rest.scenarios.size());
    if (is_new) rest.scenarios.push_back(result.scenarios[cell.scenario]);
    rest.cells.push_back(cell);
    rest.cells.back().scenario = entry->second;
  }
  return rest;
}

}  // namespace leasehold::reports
