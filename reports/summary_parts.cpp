#include "reports/summary_parts.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "checkers/property.hpp"
#include "reports/not_exercised.hpp"
#include "reports/number.hpp"
#include "reports/rate_text.hpp"
#include "reports/scenario_text.hpp"

namespace leasehold::reports {
namespace {

using checkers::Property;
using scenarios::CampaignResult;
using scenarios::CellResult;
using scenarios::Scenario;

constexpr Property kExclusion = Property::work_exclusion;

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

std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
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
    breakage.condition = "nothing needed";
  } else {
    breakage.condition = result.scenarios[cell.scenario].label;
  }
  return breakage;
}

/// `gc-pauses, mixed`, or how many if that is long.
std::string some_of(const std::vector<std::string>& names, const std::string& word) {
  return names.size() <= 3 ? joined(names) : plural(names.size(), word);
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
    lines.push_back({each.label, faults_text(each.scenario, width)});
    if (own != common) lines.back().text += "; " + own;
  }
  return lines;
}

TableCell rate_cell(const CellResult* cell, Property property, Intervals intervals) {
  if (cell == nullptr) return {"–", Style::faint};
  if (does_not_apply(cell->tally, property)) return {"n/a", Style::faint};
  const Proportion share = violated_share(cell->tally.property(property));
  const std::string mark = is_thin(cell->tally, property) ? "!" : "";
  if (share.of == 0) return {mark + "?", Style::plain};
  const RateText rate = rate_text(share);
  TableCell result{mark + rate.point, share.count == 0 ? Style::good : Style::bad};
  if (intervals == Intervals::below && !rate.interval.empty()) result.text += "\n" + rate.interval;
  if (intervals == Intervals::beside) result.text = mark + rate.line();
  return result;
}

Table exclusion_table(const CampaignResult& result, const std::vector<LockRow>& rows,
                      Intervals intervals) {
  std::vector<TableColumn> columns = {{"", Align::left}};
  for (const auto& scenario : result.scenarios) columns.push_back({scenario.label});
  Table table(columns);
  for (const LockRow& row : rows) {
    std::vector<TableCell> cells = {{row.label}};
    for (std::size_t i = 0; i < result.scenarios.size(); ++i) {
      cells.push_back(rate_cell(row.cell(i), kExclusion, intervals));
    }
    table.add_row(std::move(cells));
  }
  return table;
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
  if (none) all.emplace_back("≤: not one violation in all runs");
  if (thin) all.emplace_back("!: over 5 % of runs vacuous or unknown, rate over the others");
  if (unjudged) all.emplace_back("?: no run could be judged");
  return all;
}

std::vector<LockBreakage> breakages(const CampaignResult& result,
                                    const std::vector<LockRow>& rows) {
  std::vector<LockBreakage> all;
  for (const LockRow& row : rows) {
    const CellResult* best = nullptr;
    for (std::size_t i = 0; i < result.scenarios.size(); ++i) {
      const CellResult* cell = row.cell(i);
      if (!is_violated(cell)) continue;
      if (best == nullptr || tells_more(result, *cell, *best)) best = cell;
    }
    if (best != nullptr) all.push_back(breakage_of(result, row, *best));
  }
  return all;
}

std::vector<std::string> unbroken(const std::vector<LockRow>& rows) {
  std::vector<std::string> all;
  for (const LockRow& row : rows) {
    bool broken = false;
    for (std::size_t i = 0; i < row.cells.size(); ++i) broken = broken || is_violated(row.cell(i));
    if (!broken) all.push_back(row.label);
  }
  return all;
}

std::vector<std::string> not_exercised_texts(const CampaignResult& result,
                                             const std::vector<LockRow>& rows) {
  // What was not exercised, by whom, where.
  std::map<std::string, std::map<std::string, std::vector<std::string>>> all;
  for (std::size_t i = 0; i < result.scenarios.size(); ++i) {
    std::map<std::string, std::vector<std::string>> by_word;
    for (const LockRow& row : rows) {
      if (row.cell(i) == nullptr) continue;
      for (const std::string& word :
           not_exercised(result.scenarios[i].scenario, row.cell(i)->tally)) {
        by_word[word].push_back(row.label);
      }
    }
    for (const auto& [word, locks] : by_word) {
      const std::string who = locks.size() == rows.size() ? "any lock" : some_of(locks, "lock");
      all[word][who].push_back(result.scenarios[i].label);
    }
  }
  std::vector<std::string> texts;
  for (const auto& [word, by_whom] : all) {
    for (const auto& [who, where] : by_whom) {
      texts.push_back(word + " by " + who + " (" + some_of(where, "scenario") + ")");
    }
  }
  return texts;
}

}  // namespace leasehold::reports
