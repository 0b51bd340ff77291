#include "reports/details.hpp"

#include <array>

#include "reports/lock_rows.hpp"
#include "reports/number.hpp"
#include "reports/scenario_text.hpp"
#include "reports/summary_parts.hpp"
#include "reports/text.hpp"
#include "scenarios/words.hpp"
#include "scenarios/workload/workloads.hpp"

namespace leasehold::reports {
namespace {

using checkers::CensoredHistogram;
using checkers::Histogram;
using checkers::Property;
using checkers::Quantile;
using scenarios::CampaignResult;
using scenarios::CellResult;
using scenarios::RateSums;

constexpr Quantile kMedian{1, 2};
constexpr Quantile kP99{99, 100};

TableCell number(std::uint64_t count) {
  return {count_text(count), count == 0 ? Style::faint : Style::plain};
}

TableCell duration(const std::optional<std::int64_t>& ns) {
  if (!ns) return {"–", Style::faint};
  return {duration_text(*ns)};
}

TableCell wait(const CensoredHistogram& latency, Quantile p) {
  const CensoredHistogram::Value value = latency.quantile_ns(p);
  if (value.at_least_ns) return {"> " + duration_text(*value.at_least_ns), Style::bad};
  return duration(value.value_ns);
}

/// Per so many of the denominator, three significant digits.
TableCell rate(const RateSums& sums, std::uint64_t RateSums::* numerator,
               std::uint64_t RateSums::* denominator, double per = 1) {
  if (sums.*denominator == 0) return {"–", Style::faint};
  if (sums.*numerator == 0) return {"0", Style::faint};
  return {
      Decimal(per * static_cast<double>(sums.*numerator) / static_cast<double>(sums.*denominator))
          .significant(3)};
}

std::string bound(double value, Rounding rounding) {
  return value == 0 ? "0" : Decimal(value).significant(2, rounding);
}

/// Per 1,000 acquisitions, with an interval.
TableCell works_at_once(const scenarios::CellTally& tally) {
  constexpr double kPer = 1'000;
  const RateSums& sums = tally.rate_sums();
  TableCell cell = rate(sums, &RateSums::work_overlaps, &RateSums::acquired, kPer);
  const auto interval = overlap_interval(tally);
  if (!interval) return cell;
  if (sums.work_overlaps == 0) {
    return {"≤ " + bound(kPer * interval->high, Rounding::up), Style::faint};
  }
  cell.text += " (" + bound(kPer * interval->low, Rounding::down) + "–" +
               bound(kPer * interval->high, Rounding::up) + ")";
  return cell;
}

/// The lock's name and what `cells` makes of its entry, for every lock that ran in the scenario.
template <class Cells>
Table table_of(const std::vector<LockRow>& rows, std::size_t scenario,
               std::vector<TableColumn> columns, Cells&& cells) {
  Table table(std::move(columns));
  for (const LockRow& row : rows) {
    if (row.cell(scenario) == nullptr) continue;
    std::vector<TableCell> all = cells(*row.cell(scenario));
    all.insert(all.begin(), TableCell{row.label});
    table.add_row(std::move(all));
  }
  return table;
}

/// Where no run violated a property, its cell shows `usual` as a dot.
Table violations(const std::vector<LockRow>& rows, std::size_t scenario, const std::string& usual) {
  constexpr std::array kProperties = {Property::grant_exclusion, Property::belief_exclusion,
                                      Property::work_exclusion, Property::linearizable,
                                      Property::progress};
  return table_of(rows, scenario,
                  {{"", Align::left},
                   {"granted at once"},
                   {"believed at once"},
                   {"worked at once"},
                   {"not linearizable"},
                   {"no progress"}},
                  [&](const CellResult& cell) {
                    std::vector<TableCell> all;
                    for (const Property property : kProperties) {
                      all.push_back(rate_cell(&cell, property, Intervals::beside, usual));
                    }
                    return all;
                  });
}

Table overlaps(const std::vector<LockRow>& rows, std::size_t scenario) {
  return table_of(rows, scenario,
                  {{"", Align::left},
                   {"works at once"},
                   {"p50"},
                   {"p99"},
                   {"longest"},
                   {"beliefs: p50"},
                   {"p99"},
                   {"longest"}},
                  [](const CellResult& cell) {
                    const Histogram& work = cell.tally.totals().work_overlap_ns;
                    const Histogram& belief = cell.tally.totals().belief_overlap_ns;
                    return std::vector<TableCell>{works_at_once(cell.tally),
                                                  duration(work.quantile_ns(kMedian)),
                                                  duration(work.quantile_ns(kP99)),
                                                  duration(work.max_ns()),
                                                  duration(belief.quantile_ns(kMedian)),
                                                  duration(belief.quantile_ns(kP99)),
                                                  duration(belief.max_ns())};
                  });
}

/// `rule`: whether the workload counts such effects as harm.
TableCell harm(bool rule, std::uint64_t count) {
  return rule ? number(count) : TableCell{"n/a", Style::faint};
}

std::vector<TableCell> effects_of(const std::string& lock, const CellResult& cell,
                                  const checkers::EffectRules& rules, const std::string& usual) {
  const scenarios::Totals& totals = cell.tally.totals();
  const std::string fencing = cell.has_token ? std::string(scenarios::word(cell.fencing())) : "n/a";
  return {{lock},
          {fencing},
          rate_cell(&cell, Property::effect_safety, Intervals::beside, usual),
          harm(rules.stale, totals.effects.stale),
          harm(rules.lost, totals.effects.lost),
          harm(rules.duplicate, totals.effects.duplicate),
          number(totals.effects.fenced),
          number(totals.exposures)};
}

/// A row for each fencing of each lock.
Table effects(const std::vector<LockRow>& rows, std::size_t scenario,
              const checkers::EffectRules& rules, const std::string& usual) {
  Table table({{"", Align::left},
               {"fencing", Align::left},
               {"runs harmed"},
               {"stale"},
               {"lost"},
               {"duplicate"},
               {"rejected"},
               {"exposed"}});
  for (const LockRow& row : rows) {
    for (const CellResult* cell : row.cells[scenario])
      table.add_row(effects_of(row.label, *cell, rules, usual));
  }
  return table;
}

Table waiting(const std::vector<LockRow>& rows, std::size_t scenario) {
  constexpr double kMinute = 60e9;
  return table_of(rows, scenario,
                  {{"", Align::left},
                   {"stuck runs"},
                   {"slow runs"},
                   {"wait p50"},
                   {"wait p99"},
                   {"acquired a minute"},
                   {"round trips"},
                   {"messages"},
                   {"fsyncs"}},
                  [](const CellResult& cell) {
                    const scenarios::Totals& totals = cell.tally.totals();
                    const RateSums& sums = cell.tally.rate_sums();
                    return std::vector<TableCell>{
                        number(totals.stuck_runs),
                        number(totals.slow_runs),
                        wait(totals.acquire_latency_ns, kMedian),
                        wait(totals.acquire_latency_ns, kP99),
                        rate(sums, &RateSums::acquired, &RateSums::simulated_ns, kMinute),
                        rate(sums, &RateSums::round_trips, &RateSums::acquired),
                        rate(sums, &RateSums::messages, &RateSums::acquired),
                        rate(sums, &RateSums::fsyncs, &RateSums::acquired)};
                  });
}

struct Part {
  std::string caption;
  Table table;
};

std::vector<Part> parts(const CampaignResult& result, const std::vector<LockRow>& rows,
                        std::size_t scenario, const std::string& usual) {
  const checkers::EffectRules rules =
      scenarios::effect_rules(result.scenarios[scenario].scenario.workload);
  return {{"Runs with a violation, exact 95 % interval", violations(rows, scenario, usual)},
          {"Works at once of two clients, per 1,000 acquisitions (95 %), and how long",
           overlaps(rows, scenario)},
          {"Effects on the protected resource", effects(rows, scenario, rules, usual)},
          {"Waiting for the lock, and cost per acquisition", waiting(rows, scenario)}};
}

}  // namespace

std::string details(const CampaignResult& result, const Console& console) {
  const std::vector<LockRow> rows = lock_rows(result);
  const std::string usual = usual_bound(result);
  // Some property holds almost everywhere, though it need not be the one of the summary.
  std::vector<std::string> signs = legend(result);
  const std::string dot = meaning_of_dot(result);
  if (signs.empty() || signs.front() != dot) signs.insert(signs.begin(), dot);
  std::string text = paragraph(joined(signs, "; "), 2, console.width);
  for (std::size_t i = 0; i < result.scenarios.size(); ++i) {
    const scenarios::ScenarioOfResult& scenario = result.scenarios[i];
    const std::string title = abbreviate(printable(scenario.label), console.width);
    text += "\n" + styled(title, Style::strong, console) + "\n  " +
            paragraph(printable(faults_text(scenario.scenario, SIZE_MAX)), 2, console.width);
    for (const Part& part : parts(result, rows, i, usual)) {
      text += '\n' + part.caption + '\n' + to_console(part.table, console);
    }
  }
  return text;
}

std::string details_markdown(const CampaignResult& result) {
  const std::vector<LockRow> rows = lock_rows(result);
  std::string text;
  for (std::size_t i = 0; i < result.scenarios.size(); ++i) {
    const scenarios::ScenarioOfResult& scenario = result.scenarios[i];
    text += (i == 0 ? "### " : "\n### ") + printable(scenario.label) + "\n\n" +
            printable(faults_text(scenario.scenario, SIZE_MAX)) + "\n";
    for (const Part& part : parts(result, rows, i, "")) {
      text += "\n" + part.caption + "\n\n" + to_markdown(part.table);
    }
  }
  return text;
}

}  // namespace leasehold::reports
