#include "reports/shrink_text.hpp"

#include <algorithm>
#include <vector>

#include "checkers/property_name.hpp"
#include "reports/number.hpp"
#include "reports/scenario_text.hpp"
#include "reports/text.hpp"

namespace leasehold::reports {
namespace {

using scenarios::RunSize;
using scenarios::Shrunk;

constexpr std::size_t kWidth = 80;
constexpr std::size_t kNameWidth = 16;

struct Row {
  std::string name;
  std::string before;
  std::string after;
};

std::vector<Row> rows_of(const RunSize& before, const RunSize& after) {
  const auto row = [](const char* name, std::uint64_t from, std::uint64_t to) {
    return Row{name, count_text(from), count_text(to)};
  };
  return {
      row("faults", before.faults, after.faults),
      row("clients", before.clients, after.clients),
      row("rounds", before.rounds, after.rounds),
      row("records", before.records, after.records),
      {"simulated time", duration_text(before.simulated_ns), duration_text(after.simulated_ns)}};
}

std::string faults_text(const scenarios::FaultPlan& plan) {
  std::vector<std::string> faults;
  for (const scenarios::PlannedFault& fault : plan.faults) faults.push_back(fault_text(fault));
  return joined(faults, "; ");
}

/// The faults stand behind their number.
std::string table_text(const Shrunk& shrunk) {
  const std::vector<Row> rows = rows_of(shrunk.before, shrunk.after);
  std::size_t before = 0;
  std::size_t after = 0;
  for (const Row& row : rows) {
    before = std::max(before, display_width(row.before));
    after = std::max(after, display_width(row.after));
  }
  std::string text;
  for (const Row& row : rows) {
    const std::string blanks(before - display_width(row.before), ' ');
    text += "  " + padded(row.name, kNameWidth) + blanks + row.before + " → ";
    const bool tells_faults = &row == &rows.front() && !shrunk.plan.faults.faults.empty();
    const std::size_t indent = 2 + kNameWidth + before + 3 + after + 2;
    text += tells_faults ? padded(row.after, after + 2) +
                               paragraph(faults_text(shrunk.plan.faults), indent, kWidth)
                         : row.after + "\n";
  }
  return text;
}

std::string end_text(const Shrunk& shrunk) {
  const std::string runs = count_text(shrunk.runs) + " runs; ";
  if (shrunk.end == Shrunk::End::minimal) {
    const std::string what =
        shrunk.plan.workload ? "no fault, client or round" : "no fault or client";
    return runs + what + " of what is left can be spared";
  }
  return runs + "no more were allowed, so that more might go (--max-runs)";
}

/// Where the page about an incident may stand: beside its file, and under its name.
std::string page_of(const std::string& file) {
  const std::string_view ending = ".json";
  const std::size_t name = file.ends_with(ending) ? file.size() - ending.size() : file.size();
  return file.substr(0, name) + ".html";
}

}  // namespace

std::string shrink_text(const ShrinkSubject& subject, const Shrunk& shrunk,
                        const std::string& file) {
  const std::string property(checkers::property_name(subject.property));
  const std::string head = subject.cell.algorithm().id + " on " + subject.cell.label() + ", seed " +
                           std::to_string(subject.seed) + ": " + property + " stays violated";
  std::string text = paragraph(head, 2, kWidth) + table_text(shrunk) + "  " +
                     paragraph(end_text(shrunk), 2, kWidth);
  if (!file.empty())
    text += "Next: leasehold explain '" + file + "' --html '" + page_of(file) + "'\n";
  return text;
}

std::string ShrinkProgress::update(const scenarios::ShrinkProgress& progress,
                                   std::int64_t elapsed_ns) {
  if (!pace_.is_due(elapsed_ns)) return "";
  const auto count = [](std::uint64_t number, const std::string& noun) {
    return count_text(number) + " " + noun + (number == 1 ? "" : "s");
  };
  const RunSize& size = progress.size;
  return pace_.written(count(size.faults, "fault") + ", " + count(size.clients, "client") + ", " +
                       count(size.rounds, "round") + " after " + count(progress.runs, "run"));
}

std::string ShrinkProgress::finish() const { return pace_.cleared(); }

}  // namespace leasehold::reports
