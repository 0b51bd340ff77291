#include "reports/frequency_table.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "reports/text.hpp"
#include "tests/reports/lines.hpp"

namespace leasehold::reports {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

/// A run in which a job with a period of 10 s ran after gaps of 8 s, 17 times 10 s, 16 s and 32 s,
/// by turns on two servers of five.
scenarios::RunOutcome known_run() {
  checkers::Frequency frequency({10 * kSecond});
  std::vector<std::int64_t> gaps_s(17, 10);
  gaps_s.insert(gaps_s.end(), {16, 8, 32});
  checkers::Stamp now;
  frequency.observe(now, checkers::JobRun{0, 1});
  for (std::size_t i = 0; i < gaps_s.size(); ++i) {
    now.at_ns += gaps_s[i] * kSecond;
    frequency.observe(now, checkers::JobRun{static_cast<checkers::ClientId>(1 - i % 2), 1});
  }
  const checkers::FrequencyResult& result = frequency.finish(now);
  scenarios::RunOutcome outcome;
  outcome.verdicts[checkers::Property::frequency] = {result.verdict, false};
  outcome.totals.frequency = result.counts;
  outcome.totals.job_gap_ns = result.gap_ns;
  outcome.totals.jobs_by_client = result.by_client;
  outcome.totals.jobs_of_busiest = 11;
  return outcome;
}

/// The same, with the two servers' parts exchanged.
scenarios::RunOutcome run_of_the_other() {
  scenarios::RunOutcome outcome = known_run();
  outcome.seed = 1;
  std::swap(outcome.totals.jobs_by_client[0], outcome.totals.jobs_by_client[1]);
  return outcome;
}

scenarios::CampaignResult known_result(const std::vector<scenarios::RunOutcome>& runs) {
  scenarios::Scenario scenario;
  scenario.name = "period-job";
  scenario.workload = scenarios::PeriodJob{};
  scenarios::CellResult cell;
  cell.algorithm = "last-run-cas";
  cell.recipe.algorithm = "last-run-cas";
  cell.recipe.scenario = "period-job";
  for (const scenarios::RunOutcome& run : runs) cell.tally.add(run);
  scenarios::CampaignResult result;
  result.scenarios.push_back({"period-job/claims the run", scenario});
  result.cells.push_back(std::move(cell));
  return result;
}

TEST_CASE("the table of frequency says what can be reckoned by hand") {
  const std::string text = frequency_markdown(known_result({known_run()}));
  // In periods, quantiles at the upper end of their bucket: the first of 20 is 8 s, in a bucket of
  // 2^25 ns that ends at 239 * 2^25 ns; the tenth 10 s, up to 150 * 2^26 ns; the 19th 16 s.
  const std::string gaps = "| 0.802 | 1.01 | 1.13 | 1.60 | 3.20 |";
  // 17, 1 and 2 of 20; one run was missed in 16 s and two in 32 s, beside the 20 that came.
  const std::string shares = " 85.0 % | 5.0 % | 10.0 % | 13.0 % |";
  // 11 runs of 21 on the first server, 10 on the second.
  const std::string servers = " 52 48 0 0 0 | 52 |";
  CAPTURE(text);
  CHECK(text.find("| last-run-cas, claims the run " + gaps + shares + servers) !=
        std::string::npos);
}

TEST_CASE("shares that even out over the runs do not hide who was busiest in each") {
  const std::string text = frequency_markdown(known_result({known_run(), run_of_the_other()}));
  CAPTURE(text);
  CHECK(text.find(" 50 50 0 0 0 | 52 |") != std::string::npos);
}

TEST_CASE("the table of frequency fits a terminal") {
  const std::string text = frequency_table(known_result({known_run()}), Console{});
  for (const std::string& line : test::lines_of(text)) CHECK(display_width(line) <= 80);
}

}  // namespace
}  // namespace leasehold::reports
