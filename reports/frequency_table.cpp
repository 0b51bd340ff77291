#include "reports/frequency_table.hpp"

#include <algorithm>
#include <optional>
#include <variant>
#include <vector>

#include "reports/lock_rows.hpp"
#include "reports/number.hpp"
#include "reports/summary_parts.hpp"
#include "reports/text.hpp"

namespace leasehold::reports {
namespace {

using checkers::Histogram;
using checkers::Property;
using checkers::Quantile;
using scenarios::CampaignResult;
using scenarios::CellResult;
using scenarios::PeriodJob;

/// One entry with a period job.
struct Job {
  std::string label;
  const CellResult* cell = nullptr;
  PeriodJob rule;
  std::uint32_t clients = 0;
};

std::vector<Job> jobs_of(const CampaignResult& result, const std::vector<LockRow>& rows) {
  std::vector<Job> jobs;
  for (const VariantRow& row : variant_rows(result, rows)) {
    const auto* rule = std::get_if<PeriodJob>(&row.scenario->workload);
    if (rule != nullptr) jobs.push_back({row.label, row.cell, *rule, row.scenario->clients});
  }
  return jobs;
}

/// Of gaps, which depend on each other: no interval. Never rounded to nothing or everything.
TableCell share(std::uint64_t count, std::uint64_t of) {
  if (of == 0) return {"–", Style::faint};
  if (count == 0) return {"none", Style::faint};
  if (count == of) return {"all"};
  const std::string text = Decimal(100 * Proportion{count, of}.share()).fixed(1);
  if (text == "0.0") return {"< 0.1 %"};
  return {text == "100.0" ? "> 99.9 %" : text + " %"};
}

TableCell in_periods(const std::optional<std::int64_t>& gap_ns, const PeriodJob& rule) {
  if (!gap_ns) return {"–", Style::faint};
  const Decimal gap(static_cast<double>(*gap_ns) / static_cast<double>(rule.period.ns()));
  return {gap.value() < 0.1 ? gap.fixed(3) : gap.significant(3)};
}

std::vector<TableColumn> gap_columns() { return {{"p5"}, {"p50"}, {"mean"}, {"p95"}, {"max"}}; }

std::vector<TableCell> gap_cells(const Job& job) {
  const Histogram& gaps = job.cell->tally.totals().job_gap_ns;
  return {in_periods(gaps.quantile_ns({5, 100}), job.rule),
          in_periods(gaps.quantile_ns({50, 100}), job.rule), in_periods(gaps.mean_ns(), job.rule),
          in_periods(gaps.quantile_ns({95, 100}), job.rule), in_periods(gaps.max_ns(), job.rule)};
}

std::vector<TableColumn> share_columns() {
  return {{"within"}, {"early"}, {"late"}, {"missed"}, {"share per server, %"}, {"busiest, %"}};
}

std::vector<TableCell> share_cells(const Job& job) {
  const scenarios::Totals& totals = job.cell->tally.totals();
  const checkers::FrequencyCounts& counts = totals.frequency;
  const std::uint64_t all = totals.jobs();
  const auto percent = [all](std::uint64_t own) {
    return all == 0 ? "–" : Decimal(100 * Proportion{own, all}.share()).fixed(0);
  };
  std::string servers;
  for (std::size_t i = 0; i < job.clients; ++i) {
    const std::uint64_t own = i < totals.jobs_by_client.size() ? totals.jobs_by_client[i] : 0;
    servers += (i == 0 ? "" : " ") + percent(own);
  }
  return {share(counts.within_tolerance, counts.gaps()),
          share(counts.early, counts.gaps()),
          share(counts.late, counts.gaps()),
          share(counts.missed, counts.missed + counts.gaps()),
          {servers},
          {percent(totals.jobs_of_busiest)}};
}

template <class Item>
void append(std::vector<Item>& to, const std::vector<Item>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

const TableColumn kLabel = {"", Align::left, true};
/// Of a histogram's quantiles (checkers/histogram.hpp).
const char* const kBuckets = "Quantiles are at most 0.8 % too high; mean and max are exact.\n";
/// Who does most in one run does little in the next, so the shares of all runs tell nothing of it.
const char* const kBusiest =
    "busiest: the share of the server that ran the job most often, run by run.\n";
const TableColumn kViolated = {"runs off period"};

/// `T = 60 s ± 10 %`; empty if the scenarios differ.
std::string period_text(const std::vector<Job>& jobs) {
  const PeriodJob& first = jobs.front().rule;
  const bool same = std::all_of(jobs.begin(), jobs.end(), [&first](const Job& job) {
    return job.rule.period == first.period &&
           job.rule.tolerance_per_mille == first.tolerance_per_mille;
  });
  if (!same) return "its period T";
  return "T = " + duration_text(first.period.ns()) + ", tolerance " +
         Decimal(first.tolerance_per_mille / 10.0).significant(2) + " %";
}

}  // namespace

bool has_period_job(const CampaignResult& result) {
  return std::any_of(result.scenarios.begin(), result.scenarios.end(), [](const auto& each) {
    return std::holds_alternative<PeriodJob>(each.scenario.workload);
  });
}

std::string frequency_table(const CampaignResult& result, const Console& console) {
  const std::vector<LockRow> rows = lock_rows(result);
  const std::vector<Job> jobs = jobs_of(result, rows);
  std::vector<TableColumn> columns = {kLabel};
  append(columns, gap_columns());
  columns.push_back(kViolated);
  Table gaps(columns);
  columns = {kLabel};
  append(columns, share_columns());
  Table shares(columns);
  for (const Job& job : jobs) {
    std::vector<TableCell> row = {{job.label}};
    append(row, gap_cells(job));
    row.push_back(rate_cell(job.cell, Property::frequency, Intervals::below));
    gaps.add_row(std::move(row));
    row = {{job.label}};
    append(row, share_cells(job));
    shares.add_row(std::move(row));
  }
  return console_head(result, rows, 2, console) + '\n' +
         styled("Gaps between runs of the job, in periods", Style::strong, console) + " (" +
         period_text(jobs) + ")\n" + to_console(gaps, console) + kBuckets + '\n' +
         styled("Gaps within tolerance, early, late; runs missed; who ran the job", Style::strong,
                console) +
         '\n' + to_console(shares, console) + kBusiest + '\n' +
         paragraph(not_exercised_text(result, rows, 2 * console.width), 2, console.width);
}

std::string frequency_markdown(const CampaignResult& result) {
  const std::vector<LockRow> rows = lock_rows(result);
  const std::vector<Job> jobs = jobs_of(result, rows);
  std::vector<TableColumn> columns = {kLabel};
  append(columns, gap_columns());
  append(columns, share_columns());
  columns.push_back(kViolated);
  Table table(columns);
  for (const Job& job : jobs) {
    std::vector<TableCell> row = {{job.label}};
    append(row, gap_cells(job));
    append(row, share_cells(job));
    row.push_back(rate_cell(job.cell, Property::frequency, Intervals::beside));
    table.add_row(std::move(row));
  }
  return markdown_head(result, rows) + "**Gaps between runs of the job, in periods** (" +
         period_text(jobs) + ")\n\n" + to_markdown(table) + "\n" + kBuckets + kBusiest + "\n" +
         not_exercised_text(result, rows, kMarkdownRemark) + "\n";
}

}  // namespace leasehold::reports
