#include "reports/summary_parts.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "checkers/property.hpp"
#include "reports/not_exercised.hpp"
#include "reports/number.hpp"
#include "reports/rate_text.hpp"
#include "reports/scenario_text.hpp"
#include "reports/text.hpp"

namespace leasehold::reports {
namespace {

using checkers::Property;
using scenarios::CampaignResult;
using scenarios::CellResult;
using scenarios::Scenario;

constexpr Property kExclusion = Property::work_exclusion;
constexpr std::string_view kNoLock = "none";
constexpr std::size_t kIndent = 2;

std::string plural(std::size_t count, const std::string& word) {
  return count_text(count) + " " + word + (count == 1 ? "" : "s");
}

std::string seeds_text(const scenarios::SeedRanges& seeds) {
  std::string text;
  for (const auto& range : seeds.ranges()) {
    text += text.empty() ? "" : ", ";
    text += std::to_string(range.first);
    if (range.last > range.first) text += "–" + std::to_string(range.last);
  }
  return text;
}

bool is_violated(const CellResult* cell) {
  return cell != nullptr && !cell->tally.property(kExclusion).violated_seeds.empty();
}

std::size_t kinds_of_fault(const Scenario& scenario) {
  std::set<scenarios::FaultKind> kinds;
  for (const auto& fault : scenario.faults) kinds.insert(fault.kind);
  return kinds.size();
}

/// Whether the first breakage tells more than the second.
bool tells_more(const CampaignResult& result, const CellResult& a, const CellResult& b) {
  const std::size_t kinds_a = kinds_of_fault(result.scenarios[a.scenario].scenario);
  const std::size_t kinds_b = kinds_of_fault(result.scenarios[b.scenario].scenario);
  if (kinds_a != kinds_b) return kinds_a < kinds_b;
  return violated_share(a.tally.property(kExclusion)).share() >
         violated_share(b.tally.property(kExclusion)).share();
}

LockBreakage breakage_of(const CampaignResult& result, const LockRow& row, const CellResult& cell) {
  LockBreakage breakage;
  breakage.lock = row.label;
  breakage.recipe = cell.recipe_of(cell.breakage ? cell.breakage->seed
                                                 : cell.tally.property(kExclusion).worst->seed);
  if (cell.breakage) {
    breakage.condition = cell.breakage->condition;
  } else if (result.scenarios[cell.scenario].scenario.faults.empty()) {
    breakage.condition = "no fault needed";
  } else {
    breakage.condition = result.scenarios[cell.scenario].label;
  }
  return breakage;
}

std::uint64_t most_runs(const CampaignResult& result) {
  std::uint64_t most = 0;
  for (const CellResult& cell : result.cells) most = std::max(most, cell.tally.runs());
  return most;
}

/// `gc-pauses, mixed`, or how many if that is long.
std::string some_of(const std::vector<std::string>& names, const std::string& word) {
  return names.size() <= 3 ? joined(names, ", ") : plural(names.size(), word);
}

/// By what a scenario did not put to the test: the locks it did not do so for.
std::map<std::string, std::vector<std::string>> blind_locks(const CampaignResult& result,
                                                            const std::vector<LockRow>& rows,
                                                            std::size_t scenario) {
  std::map<std::string, std::vector<std::string>> by_word;
  for (const LockRow& row : rows) {
    const CellResult* cell = row.cell(scenario);
    if (cell == nullptr) continue;
    for (const std::string& word :
         not_exercised(result.scenarios[scenario].scenario, cell->tally)) {
      by_word[word].push_back(row.label);
    }
  }
  return by_word;
}

}  // namespace

std::string extent_text(const CampaignResult& result, const std::vector<LockRow>& rows) {
  scenarios::SeedRanges seeds;
  std::uint64_t fewest = UINT64_MAX;
  for (const CellResult& cell : result.cells) {
    seeds.merge(cell.tally.seeds());
    fewest = std::min(fewest, cell.tally.runs());
  }
  const std::uint64_t most = seeds.count();
  const std::string runs = fewest == most || result.cells.empty()
                               ? count_text(most)
                               : count_text(fewest) + "–" + count_text(most);
  return plural(rows.size(), "lock") + ", " + plural(result.scenarios.size(), "scenario") + ", " +
         runs + " runs each (seeds " + seeds_text(seeds) + ")";
}

std::vector<ScenarioLine> scenario_lines(const CampaignResult& result, std::size_t width) {
  std::vector<ScenarioLine> lines;
  for (const scenarios::ScenarioOfResult& each : result.scenarios) {
    const std::string common = setting_text(result.scenarios.front().scenario);
    const std::string own = setting_text(each.scenario);
    const std::string text = faults_text(each.scenario, width) + (own == common ? "" : "; " + own);
    const auto same = std::find_if(lines.begin(), lines.end(),
                                   [&text](const ScenarioLine& line) { return line.text == text; });
    if (same == lines.end()) {
      lines.push_back({each.label, text});
    } else {
      const bool sibling =
          !each.variant.empty() && same->label.starts_with(each.scenario.name + "/");
      same->label += ", " + (sibling ? each.variant : each.label);
    }
  }
  if (lines.size() == 1) lines.front().label = "faults";
  return lines;
}

std::string console_head(const CampaignResult& result, const std::vector<LockRow>& rows,
                         std::size_t lines_of_faults, const Console& console) {
  const auto wrapped = [&console](const std::string& text) {
    return paragraph(printable(text), kIndent, console.width);
  };
  std::string text = wrapped("leasehold compare: " + extent_text(result, rows));
  if (result.scenarios.empty()) return text;
  text += wrapped(setting_text(result.scenarios.front().scenario));
  if (lines_of_faults == 0) {
    return text + wrapped("The faults of each scenario: leasehold list scenarios NAME");
  }
  std::size_t widest = 0;
  for (const ScenarioLine& line : scenario_lines(result, SIZE_MAX)) {
    widest = std::max(widest, display_width(printable(line.label)));
  }
  const std::size_t indent = std::min(kIndent + widest + 2, console.width / 2);
  for (const ScenarioLine& line :
       scenario_lines(result, (console.width - indent) * lines_of_faults)) {
    const std::string label = abbreviate(printable(line.label), indent - kIndent - 1);
    text += std::string(kIndent, ' ') + padded(label, indent - kIndent) +
            paragraph(printable(line.text), indent, console.width);
  }
  return text;
}

std::string markdown_head(const CampaignResult& result, const std::vector<LockRow>& rows) {
  std::string text = "## leasehold compare\n\n" + printable(extent_text(result, rows)) + "\n";
  if (result.scenarios.empty()) return text;
  text += "\n" + printable(setting_text(result.scenarios.front().scenario)) + "\n\n";
  Table faults({{"scenario", Align::left}, {"faults", Align::left}});
  for (const ScenarioLine& line : scenario_lines(result, SIZE_MAX)) {
    faults.add_row({{line.label}, {line.text}});
  }
  return text + to_markdown(faults) + "\n";
}

TableCell rate_cell(const CellResult* cell, Property property, Intervals intervals,
                    const std::string& usual) {
  if (cell == nullptr) return {"–", Style::faint};
  if (does_not_apply(cell->tally, property)) return {"n/a", Style::faint};
  const Proportion share = violated_share(cell->tally.property(property));
  const std::string mark = is_thin(cell->tally, property) ? "!" : "";
  if (share.of == 0) return {mark + "?", Style::plain};
  const RateText rate = rate_text(share);
  if (share.count == 0) return {mark + (rate.point == usual ? "·" : rate.point), Style::good};
  if (intervals == Intervals::beside) return {mark + rate.line(), Style::bad};
  const bool below = intervals == Intervals::below && !rate.interval.empty();
  return {mark + rate.point + (below ? "\n" + rate.interval : ""), Style::bad};
}

Table exclusion_table(const CampaignResult& result, const std::vector<LockRow>& rows,
                      Intervals intervals) {
  const std::string usual = intervals == Intervals::beside ? "" : usual_bound(result);
  std::vector<TableColumn> columns = {{"", Align::left}};
  for (const auto& scenario : result.scenarios) columns.push_back({scenario.label});
  Table table(columns);
  for (const LockRow& row : rows) {
    std::vector<TableCell> cells = {{row.label}};
    for (std::size_t i = 0; i < result.scenarios.size(); ++i) {
      cells.push_back(rate_cell(row.cell(i), kExclusion, intervals, usual));
    }
    table.add_row(std::move(cells));
  }
  return table;
}

std::string usual_bound(const CampaignResult& result) {
  return rate_text({0, most_runs(result)}).point;
}

std::string meaning_of_dot(const CampaignResult& result) {
  return "· none in " + count_text(most_runs(result)) + ": " + usual_bound(result);
}

std::vector<std::string> legend(const CampaignResult& result) {
  bool none = false;
  bool thin = false;
  bool unjudged = false;
  for (const CellResult& cell : result.cells) {
    const Proportion share = violated_share(cell.tally.property(kExclusion));
    none = none || (share.count == 0 && share.of > 0);
    thin = thin || is_thin(cell.tally, kExclusion);
    unjudged = unjudged || (share.of == 0 && !does_not_apply(cell.tally, kExclusion));
  }
  std::vector<std::string> all;
  if (none) all.push_back(meaning_of_dot(result));
  if (thin) all.emplace_back("! over 5 % of runs vacuous or unknown (left out)");
  if (unjudged) all.emplace_back("? no run could be judged");
  return all;
}

std::vector<LockBreakage> breakages(const CampaignResult& result,
                                    const std::vector<LockRow>& rows) {
  std::vector<LockBreakage> all;
  for (const LockRow& row : rows) {
    const CellResult* best = nullptr;
    for (std::size_t i = 0; i < result.scenarios.size(); ++i) {
      const CellResult* cell = row.cell(i);
      if (!is_violated(cell) || row.algorithm == kNoLock) continue;
      if (best == nullptr || tells_more(result, *cell, *best)) best = cell;
    }
    if (best != nullptr) all.push_back(breakage_of(result, row, *best));
  }
  return all;
}

std::string next_command(const std::string& recipe, std::size_t width) {
  const std::string command = "Next: leasehold shrink -o incident.json ";
  const std::string run = "'" + recipe + "'\n";
  const bool fits = display_width(command) + display_width(run) <= width + 1;
  return command + (fits ? "" : "\\\n  ") + run;
}

std::string not_exercised_text(const CampaignResult& result, const std::vector<LockRow>& rows,
                               std::size_t width) {
  // What was not exercised, by whom, where.
  std::map<std::string, std::map<std::string, std::vector<std::string>>> all;
  std::map<std::string, std::size_t> entries;
  for (std::size_t i = 0; i < result.scenarios.size(); ++i) {
    for (const auto& [word, locks] : blind_locks(result, rows, i)) {
      const std::string who = locks.size() == rows.size() ? "" : " by " + some_of(locks, "lock");
      all[word][who].push_back(result.scenarios[i].label);
      entries[word] += locks.size();
    }
  }
  std::vector<std::string> in_full;
  for (const auto& [word, by_whom] : all) {
    for (const auto& [who, where] : by_whom) {
      in_full.push_back(word + who + " (" + some_of(where, "scenario") + ")");
    }
  }
  const std::string head = "Not exercised: ";
  if (in_full.empty()) return head + "nothing that was planned";
  std::string text = head + joined(in_full, "; ");
  if (display_width(text) <= width) return text;
  std::vector<std::string> in_short;
  for (const auto& [word, count] : entries) {
    // What it is of, such as `fault:`, goes without saying where room is scarce.
    in_short.push_back(word.substr(word.find(':') + 1) + " in " + count_text(count));
  }
  const std::string of_all = "; of " + count_text(result.cells.size()) + " entries";
  return abbreviate(head + joined(in_short, ", "), width - of_all.size()) + of_all;
}

}  // namespace leasehold::reports
