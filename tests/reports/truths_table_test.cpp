#include "reports/truths_table.hpp"

#include <catch2/catch.hpp>

#include "reports/compare_report.hpp"
#include "reports/result_json.hpp"
#include "reports/text.hpp"
#include "tests/reports/lines.hpp"

namespace leasehold::reports {
namespace {

using checkers::Property;
using checkers::Verdict;
using scenarios::CampaignResult;
using scenarios::ExpectedShare;

scenarios::CellTally runs(std::uint64_t violated, std::uint64_t held) {
  scenarios::CellTally tally;
  for (std::uint64_t seed = 0; seed < violated + held; ++seed) {
    scenarios::RunOutcome outcome;
    outcome.seed = seed;
    const bool breaks = seed < violated;
    outcome.verdicts[Property::work_exclusion] = {breaks ? Verdict::violated : Verdict::holds,
                                                  false};
    tally.add(outcome);
  }
  return tally;
}

void add_entry(CampaignResult& result, const std::string& variant, ExpectedShare expected,
               const std::string& misses, std::uint64_t violated) {
  scenarios::Scenario scenario;
  scenario.name = "pause";
  scenario.truth =
      scenarios::Truth{"The holder stops for longer than its lease has left", "a book"};
  scenarios::Expectation expect;
  expect.shares[static_cast<std::size_t>(Property::work_exclusion)] = expected;
  result.scenarios.push_back({"pause/" + variant, scenario, variant, expect, misses});
  scenarios::CellResult cell;
  cell.scenario = result.scenarios.size() - 1;
  cell.algorithm = "redis-ttl";
  cell.recipe.algorithm = "redis-ttl";
  cell.recipe.scenario = "pause";
  cell.tally = runs(violated, 10 - violated);
  result.cells.push_back(std::move(cell));
}

/// A truth that came out so often, and its condition just missed.
CampaignResult campaign(std::uint64_t violated, std::uint64_t violated_when_missed) {
  CampaignResult result;
  add_entry(result, "11 s", ExpectedShare::violated(), "", violated);
  add_entry(result, "9 s", ExpectedShare::holds(), "11 s", violated_when_missed);
  return result;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("a truth is a row, and the condition just missed stands beside it") {
  const std::string text = truths_markdown(campaign(10, 0));
  CHECK(has(text, "**The holder stops for longer than its lease has left**"));
  CHECK(has(text,
            "| redis-ttl, 11 s | work_exclusion violated | ✓ 10 of 10 | 9 s: holds | "
            "✓ 0 of 10 |"));
  CHECK(has(text, "2 of 2 entries came out as expected, over 10 runs each"));
}

TEST_CASE("what does not come out as expected is shown plainly, with a recipe") {
  const CampaignResult result = campaign(9, 1);
  const std::string text = truths_table(result, {});
  CHECK(has(text, "✗ 9 of 10"));
  CHECK(has(text, "✗ 1 of 10"));
  CHECK(has(text, "0 of 2 entries came out as expected"));
  CHECK(has(text, "✗ lh1:redis-ttl@pause#9"));  // held, and ought to be violated
  CHECK(has(text, "✗ lh1:redis-ttl@pause#0"));  // violated, and ought to hold
}

TEST_CASE("all is as expected only if the missed conditions are") {
  CHECK(all_as_expected(campaign(10, 0)));
  CHECK_FALSE(all_as_expected(campaign(9, 0)));
  CHECK_FALSE(all_as_expected(campaign(10, 1)));
}

TEST_CASE("no line of the table is wider than 80 columns") {
  for (const std::string& line : test::lines_of(truths_table(campaign(9, 1), {}))) {
    INFO(line);
    CHECK(display_width(line) <= 80);
  }
}

TEST_CASE("a campaign of truths and other scenarios tells of both") {
  CampaignResult result = campaign(10, 0);
  scenarios::Scenario calm;
  calm.name = "calm";
  result.scenarios.push_back({"calm", calm, "", {}, ""});
  scenarios::CellResult cell = result.cells.front();
  cell.scenario = 2;
  result.cells.push_back(std::move(cell));
  CompareOptions options;
  options.markdown = true;
  const std::string text = compare_report(result, options);
  CHECK(has(text, "2 of 2 entries"));
  CHECK(has(text, "| calm |"));
  CHECK_FALSE(has(text, "| pause/11 s |"));
}

TEST_CASE("the result file says of an entry what was expected and whether it came out") {
  const nlohmann::ordered_json json = result_json(campaign(10, 1));
  const auto& met = json["results"][0]["truth"];
  CHECK(met["variant"] == "11 s");
  CHECK(met["expected"] == "work_exclusion violated");
  CHECK(met["measured"] == "10 of 10");
  CHECK(met["as_expected"] == true);
  const auto& missed = json["results"][1]["truth"];
  CHECK(missed["misses"] == "11 s");
  CHECK(missed["as_expected"] == false);
}

TEST_CASE("the result as CSV has a record for each entry, what was expected of a truth included") {
  const std::vector<std::string> lines = test::lines_of(result_csv(campaign(10, 1)));
  REQUIRE(lines.size() == 3);
  CHECK(has(lines[0], "truth.condition,"));
  CHECK(has(lines[1], "11 s"));
  CHECK(has(lines[1], "work_exclusion violated,10 of 10,true"));
  CHECK(has(lines[2], "work_exclusion holds,1 of 10,false"));
}

}  // namespace
}  // namespace leasehold::reports
