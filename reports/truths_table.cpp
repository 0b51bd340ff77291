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
  const std::string& variant(const CellResult& cell) const { return scenario(cell).variant; }
  Findings findings(const CellResult& cell) const {
    const ScenarioOfResult& from = scenario(cell);
    return scenarios::findings(*from.expect, from.scenario.yardsticks(), cell.tally);
  }

  /// `118 of 120 entries came out as expected, over 50 runs each`
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
      return row.cell->algorithm == cell.algorithm && variant(*row.cell) == from.misses;
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

TableCell measured_cell(const FindingText& text) {
  return {(text.as_expected ? "✓ " : "✗ ") + text.measured,
          text.as_expected ? Style::good : Style::bad};
}

/// What is expected where a condition is just missed, under its label; of what is looked at in the
/// row as well, without saying it again.
std::vector<FindingText> missed_texts(const TruthRow& row, const std::vector<FindingText>& met,
                                      const TruthReport& report) {
  std::vector<FindingText> all;
  for (const CellResult* missed : row.missed) {
    const std::vector<FindingText> texts = finding_texts(report.findings(*missed));
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const bool same = i < met.size() && met[i].subject == texts[i].subject;
      all.push_back(texts[i]);
      if (!same) all.back().expected = texts[i].subject + ' ' + texts[i].expected;
      if (i == 0) all.back().expected = report.variant(*missed) + ": " + all.back().expected;
    }
  }
  return all;
}

/// A line for each thing looked at, so that what was measured stands beside it.
void add_lines(const TruthRow& row, const TruthReport& report, Table& table) {
  const std::vector<FindingText> met = finding_texts(report.findings(*row.cell));
  const std::vector<FindingText> missed = missed_texts(row, met, report);
  for (std::size_t i = 0; i < std::max(met.size(), missed.size()); ++i) {
    std::vector<TableCell> cells(5);
    if (i == 0) cells[0] = {row.cell->algorithm + ", " + report.variant(*row.cell)};
    if (i < met.size()) {
      cells[1] = {met[i].subject + ' ' + met[i].expected};
      cells[2] = measured_cell(met[i]);
    }
    if (i < missed.size()) {
      cells[3] = {missed[i].expected};
      cells[4] = measured_cell(missed[i]);
    } else if (i == 0) {
      cells[3] = {"–", Style::faint};
    }
    table.add_row(std::move(cells));
  }
}

Table table_of(const TruthBlock& block, const TruthReport& report) {
  Table table({{"lock, condition", Align::left, true},
               {"expected", Align::left, true},
               {"measured", Align::left, true},
               {"just missed", Align::left, true},
               {"measured", Align::left, true}});
  for (const TruthRow& row : block.rows) add_lines(row, report, table);
  return table;
}

/// The recipe of a run that did not come out as expected, as far as the tally knows which did not.
std::string recipe_of(const CellResult& cell, const Findings& findings) {
  for (const scenarios::ShareFinding& share : findings.shares) {
    if (share.as_expected() || !share.property) continue;
    const scenarios::SeedRanges& violated = cell.tally.property(*share.property).violated_seeds;
    const bool too_many = share.seen * 1'000 > share.judged * share.expected.at_most_per_mille;
    const scenarios::SeedRanges wrong =
        too_many ? violated : without(cell.tally.judged_seeds(*share.property), violated);
    if (!wrong.empty()) return cell.recipe_of(wrong.ranges().front().first);
  }
  return cell.recipe_of(cell.tally.seeds().ranges().front().first);
}

/// A line for each entry that did not come out as expected.
std::vector<std::string> unexpected(const TruthReport& report) {
  std::vector<std::string> recipes;
  report.each([&](const CellResult& cell) {
    const Findings found = report.findings(cell);
    if (!found.as_expected()) recipes.push_back("✗ " + recipe_of(cell, found));
  });
  return recipes;
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
      "Known truths: what is expected of a lock under a condition, in how many runs it was "
      "violated, "
      "and what came of the condition just missed (✓ as expected, ✗ not)",
      0, console.width);
  for (const TruthBlock& block : report.blocks()) {
    const std::string& condition = block.scenario->scenario.truth->condition;
    text += '\n' +
            styled(paragraph(printable(condition), 0, console.width), Style::strong, console) +
            to_console(table_of(block, report), console);
  }
  text += '\n' + paragraph(report.outcome() + ".", 0, console.width);
  for (const std::string& line : unexpected(report)) text += "  " + line + '\n';
  return text;
}

std::string truths_markdown(const CampaignResult& result) {
  const TruthReport report(result);
  std::string text;
  for (const TruthBlock& block : report.blocks()) {
    text += "**" + block.scenario->scenario.truth->condition + "**\n\n" +
            to_markdown(table_of(block, report)) + '\n';
  }
  text += report.outcome() + ".\n";
  for (const std::string& line : unexpected(report)) text += "\n`" + line + "`\n";
  return text;
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
