#include "reports/approaches_table.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "checkers/property.hpp"
#include "reports/lock_rows.hpp"
#include "reports/number.hpp"
#include "reports/rate_text.hpp"
#include "reports/summary.hpp"
#include "reports/summary_parts.hpp"
#include "reports/text.hpp"

namespace leasehold::reports {
namespace {

using checkers::CensoredHistogram;
using checkers::Property;
using checkers::Quantile;
using scenarios::CampaignResult;
using scenarios::CellResult;

constexpr std::string_view kAlone = "alone";
constexpr std::string_view kMixed = "mixed";

/// What a user of the lock would call a failure of it.
constexpr std::array<Property, 3> kFailures = {Property::work_exclusion, Property::effect_safety,
                                               Property::progress};

/// A column that tells of one property in one scenario.
struct RateColumn {
  std::string_view scenario;
  Property property;
  std::string heading;
};
const std::array<RateColumn, 4> kRates = {
    {{"partitions", Property::work_exclusion, "partitions: 2 at once"},
     {"partitions", Property::progress, "unserved"},
     {"clock-drift", Property::work_exclusion, "drift: 2 at once"},
     {"clock-steps", Property::work_exclusion, "steps: 2 at once"}}};

const CellResult* cell_in(const CampaignResult& result, const LockRow& row,
                          std::string_view scenario) {
  for (std::size_t i = 0; i < result.scenarios.size(); ++i) {
    if (result.scenarios[i].label == scenario) return row.cell(i);
  }
  return nullptr;
}

TableCell latency(const CellResult* cell, Quantile p) {
  if (cell == nullptr) return {"–", Style::faint};
  const CensoredHistogram::Value value = cell->tally.totals().acquire_latency_ns.quantile_ns(p);
  if (value.at_least_ns) return {"> " + duration_text(*value.at_least_ns), Style::bad};
  return {value.value_ns ? duration_text(*value.value_ns) : "–"};
}

/// The runs that failed in one way or another, over all runs.
Proportion failed_share(const CellResult& cell) {
  scenarios::SeedRanges failed;
  for (const Property property : kFailures) {
    failed.merge(cell.tally.property(property).violated_seeds);
  }
  return {failed.count(), cell.tally.runs()};
}

TableCell failed(const CellResult* cell, Intervals intervals, const std::string& usual) {
  if (cell == nullptr) return {"–", Style::faint};
  const Proportion share = failed_share(*cell);
  const RateText rate = rate_text(share);
  if (share.count == 0) return {rate.point == usual ? "·" : rate.point, Style::good};
  if (intervals == Intervals::beside) return {rate.line(), Style::bad};
  const bool below = intervals == Intervals::below && !rate.interval.empty();
  return {rate.point + (below ? "\n" + rate.interval : ""), Style::bad};
}

Table approaches(const CampaignResult& result, const std::vector<LockRow>& rows,
                 Intervals intervals) {
  const std::string usual = intervals == Intervals::beside ? "" : usual_bound(result);
  std::vector<TableColumn> columns = {{"", Align::left}, {"alone: p50"}, {"p99"}};
  for (const RateColumn& rate : kRates) columns.push_back({rate.heading});
  columns.push_back({"mixed: failed"});
  Table table(columns);
  for (const LockRow& row : rows) {
    const CellResult* alone = cell_in(result, row, kAlone);
    std::vector<TableCell> cells = {
        {row.label}, latency(alone, {50, 100}), latency(alone, {99, 100})};
    for (const RateColumn& rate : kRates) {
      const CellResult* cell = cell_in(result, row, rate.scenario);
      cells.push_back(rate_cell(cell, rate.property, intervals, usual));
    }
    cells.push_back(failed(cell_in(result, row, kMixed), intervals, usual));
    table.add_row(std::move(cells));
  }
  return table;
}

/// `6.0 messages, 0 fsyncs`
std::string cost_text(const CellResult& alone) {
  const scenarios::RateSums& sums = alone.tally.rate_sums();
  if (sums.acquired == 0) return "nothing acquired";
  const auto each = [&sums](std::uint64_t count) {
    if (count == 0) return std::string("0");
    return Decimal(static_cast<double>(count) / static_cast<double>(sums.acquired)).significant(2);
  };
  return each(sums.messages) + " messages, " + each(sums.fsyncs) + " fsyncs";
}

struct Dependence {
  std::string lock;
  std::string cost;
  std::string clocks;
};

/// Not of the controls, which use neither servers nor clocks.
std::vector<Dependence> dependences(const CampaignResult& result,
                                    const std::vector<LockRow>& rows) {
  std::vector<Dependence> all;
  for (const LockRow& row : rows) {
    const CellResult* alone = cell_in(result, row, kAlone);
    if (alone == nullptr || alone->clocks == "none") continue;
    all.push_back({row.label, cost_text(*alone), alone->clocks});
  }
  return all;
}

const char* const kCaption = "What an acquisition takes alone, and what breaks it: runs of all";
const char* const kMeanings =
    "2 at once: two clients worked at once; unserved: nobody got the lock in time; failed: either, "
    "or the resource was harmed. Shares of simulated runs, no forecast of production.";
const char* const kDepends = "What it depends on: messages and fsyncs, clocks";

/// The result but for the scenario that puts no lock to the test.
CampaignResult tested(const CampaignResult& result) {
  CampaignResult rest = result;
  std::erase_if(rest.cells, [&result](const CellResult& cell) {
    return result.scenarios[cell.scenario].label == kAlone;
  });
  return rest;
}

/// How much of it is told.
struct Extent {
  Intervals intervals = Intervals::below;
  bool all_clocks = true;  ///< else the one that is named first, on which the others rest
};
constexpr std::array<Extent, 3> kExtents = {
    {{Intervals::below, true}, {Intervals::below, false}, {Intervals::none, false}}};

class ConsoleApproaches {
 public:
  ConsoleApproaches(const CampaignResult& result, const Console& console)
      : result_(result),
        console_(console),
        rows_(lock_rows(result)),
        tested_(tested(result)),
        tested_rows_(lock_rows(tested_)) {}

  std::string text() const {
    std::string text;
    for (const Extent& extent : kExtents) {
      text = compose(extent);
      const auto lines = std::count(text.begin(), text.end(), '\n');
      if (static_cast<std::size_t>(lines) <= kSummaryLines) break;
    }
    return text;
  }

 private:
  std::string compose(const Extent& extent) const {
    std::vector<std::string> notes = legend(tested_);
    notes.emplace_back(kMeanings);
    return console_head(result_, rows_, 1, console_) + '\n' +
           styled(kCaption, Style::strong, console_) + '\n' +
           to_console(approaches(result_, rows_, extent.intervals), console_) +
           paragraph(joined(notes, "; "), 0, console_.width) + '\n' + depends(extent.all_clocks) +
           paragraph(not_exercised_text(tested_, tested_rows_, 2 * console_.width), 2,
                     console_.width);
  }

  std::string depends(bool all_clocks) const {
    std::size_t indent = 0;
    const std::vector<Dependence> all = dependences(result_, rows_);
    for (const Dependence& each : all) indent = std::max(indent, display_width(each.lock) + 2);
    std::string text = styled(kDepends, Style::strong, console_) + '\n';
    for (const Dependence& each : all) {
      const std::string clocks =
          all_clocks ? each.clocks : each.clocks.substr(0, each.clocks.find(';'));
      text +=
          padded(each.lock, indent) + paragraph(each.cost + "; " + clocks, indent, console_.width);
    }
    return text;
  }

  const CampaignResult& result_;
  const Console& console_;
  std::vector<LockRow> rows_;
  CampaignResult tested_;
  std::vector<LockRow> tested_rows_;
};

}  // namespace

std::string approaches_table(const CampaignResult& result, const Console& console) {
  return ConsoleApproaches(result, console).text();
}

std::string approaches_markdown(const CampaignResult& result) {
  const std::vector<LockRow> rows = lock_rows(result);
  const CampaignResult rest = tested(result);
  Table table({{"", Align::left}, {"messages and fsyncs", Align::left}, {"clocks", Align::left}});
  for (const Dependence& each : dependences(result, rows)) {
    table.add_row({{each.lock}, {each.cost}, {each.clocks}});
  }
  return markdown_head(result, rows) + "**" + kCaption + "**, with exact 95 % intervals\n\n" +
         to_markdown(approaches(result, rows, Intervals::beside)) + "\n" + kMeanings + "\n\n**" +
         kDepends + "**\n\n" + to_markdown(table) + "\n" +
         not_exercised_text(rest, lock_rows(rest), kMarkdownRemark) + "\n";
}

}  // namespace leasehold::reports
