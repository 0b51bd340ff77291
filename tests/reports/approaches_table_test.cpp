#include "reports/approaches_table.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "reports/text.hpp"
#include "tests/reports/lines.hpp"

namespace leasehold::reports {
namespace {

using checkers::Property;
using checkers::Verdict;
using scenarios::RunOutcome;

constexpr std::int64_t kMillisecond = 1'000'000;

/// So many seeds from 0 on violate the property, of 100.
struct Harm {
  Property property;
  std::uint64_t first;
  std::uint64_t count;
};

scenarios::CellResult cell(const std::string& lock, std::size_t scenario,
                           const std::vector<Harm>& harms) {
  scenarios::CellResult cell;
  cell.scenario = scenario;
  cell.algorithm = lock;
  cell.recipe.algorithm = lock;
  cell.clocks = "expiry: the server's wall clock; validity, renewal, waits: the client's own clock";
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    RunOutcome outcome;
    outcome.seed = seed;
    for (std::size_t i = 0; i < checkers::kPropertyCount; ++i) {
      outcome.verdicts[static_cast<Property>(i)] = {Verdict::holds, false};
    }
    for (const Harm& harm : harms) {
      if (seed < harm.first || seed >= harm.first + harm.count) continue;
      outcome.verdicts[harm.property] = {Verdict::violated, false};
    }
    outcome.totals.attempts.acquired = 10;
    outcome.totals.cost.messages = 60;
    outcome.totals.cost.fsyncs = 5;
    outcome.totals.acquire_latency_ns.served.record(2 * kMillisecond);
    if (seed == 0) outcome.totals.acquire_latency_ns.served.record(900 * kMillisecond);
    outcome.totals.runs_with_two_clients = 1;
    outcome.totals.runs_with_waiter = 1;
    cell.tally.add(outcome);
  }
  return cell;
}

scenarios::CampaignResult result_of(const std::vector<std::string>& locks) {
  scenarios::CampaignResult result;
  for (const char* name : {"partitions", "clock-drift", "clock-steps", "mixed", "alone"}) {
    scenarios::Scenario scenario;
    scenario.name = name;
    result.scenarios.push_back({name, scenario});
  }
  for (const std::string& lock : locks) {
    result.cells.push_back(
        cell(lock, 0, {{Property::work_exclusion, 0, 30}, {Property::progress, 0, 7}}));
    result.cells.push_back(cell(lock, 1, {}));
    result.cells.push_back(cell(lock, 2, {{Property::work_exclusion, 0, 50}}));
    // Of the runs that failed, some did so in two ways.
    result.cells.push_back(cell(lock, 3,
                                {{Property::work_exclusion, 0, 20},
                                 {Property::effect_safety, 10, 20},
                                 {Property::progress, 60, 5},
                                 {Property::belief_exclusion, 80, 20}}));
    result.cells.push_back(cell(lock, 4, {}));
  }
  return result;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("the table of approaches says what was measured, and of how many runs") {
  const std::string text = approaches_markdown(result_of({"redis-ttl"}));
  CAPTURE(text);
  // 2 ms and 900 ms, at the upper end of their buckets of 2^14 and 2^23 ns.
  CHECK(has(text, "| redis-ttl | 2.01 ms | 2.01 ms | 30 % (21–40) | 7 % (2–14) | ≤ 3.7 % |"));
  // Two at once in runs 0 to 19, harm in 10 to 29, nobody served in 60 to 64: 35 of 100.
  CHECK(has(text, "| 50 % (39–61) | 35 % (25–46) |"));
  CHECK(has(text, "| redis-ttl | 6.0 messages, 0.50 fsyncs | expiry: the server's wall clock;"));
}

TEST_CASE("the table of approaches fits a terminal") {
  const scenarios::CampaignResult result =
      result_of({"none", "oracle", "setnx", "redis-ttl", "redlock", "etcd-lease", "pg-advisory"});
  const std::vector<std::string> lines = test::lines_of(approaches_table(result, Console{}));
  CHECK(lines.size() <= 40);
  for (const std::string& line : lines) CHECK(display_width(line) <= 80);
}

}  // namespace
}  // namespace leasehold::reports
