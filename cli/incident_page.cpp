#include "cli/incident_page.hpp"

#include <algorithm>
#include <optional>

#include "checkers/run_checker.hpp"
#include "reports/text.hpp"
#include "reports/truth_text.hpp"
#include "scenarios/findings.hpp"

namespace leasehold::cli {
namespace {

using checkers::Property;
using scenarios::Expectation;
using scenarios::ResolvedCell;

constexpr std::size_t kWidth = 80;
constexpr std::uint64_t kSeedsToTry = 50;

std::string line(const std::string& label, const std::string& text) {
  return reports::paragraph(label + ": " + text, 2, kWidth);
}

/// The property that some or all runs are expected to violate.
std::optional<Property> broken(const Expectation& expect) {
  for (std::size_t i = 0; i < expect.shares.size(); ++i) {
    const bool violates = expect.shares[i] && expect.shares[i]->at_least_per_mille > 0;
    if (violates) return static_cast<Property>(i);
  }
  return std::nullopt;
}

bool violates(const ResolvedCell& cell, Property property, std::uint64_t seed) {
  scenarios::Runner runner(cell.cell());
  const scenarios::RunResult run = runner.run(seed);
  return run.checker->verdicts()[property].verdict == checkers::Verdict::violated;
}

/// A run of the design that failed, and in which that shows. What merely takes long violates
/// nothing, and shows in any run.
scenarios::Recipe run_to_show(const std::vector<ResolvedCell>& cells) {
  for (const ResolvedCell& cell : cells) {
    const std::optional<Property> property = broken(*cell.row().expect);
    for (std::uint64_t seed = 0; property && seed < kSeedsToTry; ++seed) {
      if (violates(cell, *property, seed)) return cell.recipe(seed);
    }
  }
  return cells.front().recipe(0);
}

/// The locks that the design is told of, and what must come of it.
std::string design(const std::vector<ResolvedCell>& cells, const std::string& label) {
  std::vector<std::string> locks;
  const ResolvedCell* one = nullptr;
  for (const ResolvedCell& cell : cells) {
    if (cell.row().label != label) continue;
    locks.push_back(cell.algorithm().id);
    one = &cell;
  }
  const scenarios::Findings nothing_yet =
      scenarios::findings(*one->row().expect, one->scenario().yardsticks(), {});
  return "  " + reports::paragraph(label + " (" + reports::joined(locks, ", ") + ")", 4, kWidth) +
         "      → " + reports::paragraph(reports::expected_line(nothing_yet), 8, kWidth);
}

std::string designs(const std::vector<ResolvedCell>& cells) {
  std::string text = "designs, and what must come of each:\n";
  std::vector<std::string> told;
  for (const ResolvedCell& cell : cells) {
    const std::string& label = cell.row().label;
    if (std::find(told.begin(), told.end(), label) != told.end()) continue;
    told.push_back(label);
    text += design(cells, label);
  }
  return text;
}

}  // namespace

std::string incident_page(const std::vector<ResolvedCell>& cells) {
  const scenarios::Scenario& scenario = cells.front().scenario();
  const std::string recipe = run_to_show(cells).text();
  return line(scenario.name, scenario.summary) + line("story", scenario.story) +
         line("happens", scenario.truth->condition) + line("source", scenario.truth->source) +
         designs(cells) + "try:\n  leasehold compare " + scenario.name + "\n  leasehold replay '" +
         recipe + "' --trace\n";
}

const std::vector<NotModelled>& not_modelled() {
  static const std::vector<NotModelled> kStories{
      {"sentinel-failover",
       "Redis replication and Sentinel: there is one Redis server, or there are several, none of "
       "which follows another"},
      {"hbase-log-split",
       "what HBase does when its region server wakes up: the logs and ZooKeeper have no model; the "
       "pause and the fence are told by gc-pause-79s"},
      {"nfs-lock-file",
       "the report that ran twice when NFS went away, and the hosts that froze: there are no files "
       "and no NFS"},
      {"rest-lock-service",
       "the lock service that was killed for its memory and forgot all locks: there is no such "
       "service"},
      {"setnx-expire-gap",
       "the crash between SETNX and EXPIRE: no lock sets its time to live in a second command"},
      {"busy-lock-table",
       "the database at 90 % CPU under retries for a lock table: there are no lock tables and no "
       "connection pools"},
      {"open-transaction",
       "the row lock that an open transaction held: locks are advisory, and a client that hangs "
       "holds one as well (setnx-holder-crash tells what that means)"},
      {"github-2018",
       "two MySQL primaries after 43 s without a network: there is no MySQL and no orchestrator; "
       "advisory-failover tells of two primaries"},
  };
  return kStories;
}

}  // namespace leasehold::cli
