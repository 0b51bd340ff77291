#include "scenarios/findings.hpp"

#include <catch2/catch.hpp>

namespace leasehold::scenarios {
namespace {

using checkers::Property;
using checkers::Verdict;

/// So many runs in which work exclusion was violated, held, and was not put to the test.
CellTally tally(std::uint64_t violated, std::uint64_t held, std::uint64_t vacuous) {
  CellTally tally;
  for (std::uint64_t seed = 0; seed < violated + held + vacuous; ++seed) {
    RunOutcome outcome;
    outcome.seed = seed;
    const bool breaks = seed < violated;
    outcome.verdicts[Property::work_exclusion] = {breaks ? Verdict::violated : Verdict::holds,
                                                  seed >= violated + held};
    outcome.totals.longest_wait_ns = PerRun::of(1'000 + static_cast<std::int64_t>(seed));
    tally.add(outcome);
  }
  return tally;
}

bool as_expected(const ExpectedShare& share, const CellTally& tally) {
  Expectation expect;
  expect.shares[static_cast<std::size_t>(Property::work_exclusion)] = share;
  const Findings found = findings(expect, {}, tally);
  REQUIRE(found.shares.size() == 1);
  return found.as_expected();
}

bool waits_as_expected(std::int64_t at_least_ns, std::int64_t at_most_ns, const CellTally& tally) {
  const auto span = [](std::int64_t ns) { return Span::of(sim::Duration::nanoseconds(ns)); };
  Expectation expect;
  expect.longest_wait = ExpectedLength{span(at_least_ns), span(at_most_ns)};
  return findings(expect, {}, tally).as_expected();
}

TEST_CASE("violated means in every judged run, holds in none") {
  CHECK(as_expected(ExpectedShare::violated(), tally(5, 0, 0)));
  CHECK_FALSE(as_expected(ExpectedShare::violated(), tally(4, 1, 0)));
  CHECK(as_expected(ExpectedShare::holds(), tally(0, 5, 0)));
  CHECK_FALSE(as_expected(ExpectedShare::holds(), tally(1, 4, 0)));
}

TEST_CASE("a share has two ends, both included") {
  CHECK(as_expected({200, 400}, tally(2, 8, 0)));
  CHECK(as_expected({200, 400}, tally(4, 6, 0)));
  CHECK_FALSE(as_expected({200, 400}, tally(1, 9, 0)));
  CHECK_FALSE(as_expected({200, 400}, tally(5, 5, 0)));
}

TEST_CASE(
    "runs that put nothing to the test do not count, and prove nothing if they are the most") {
  CHECK(as_expected(ExpectedShare::violated(), tally(3, 0, 3)));
  CHECK_FALSE(as_expected(ExpectedShare::violated(), tally(3, 0, 4)));
  CHECK_FALSE(as_expected(ExpectedShare::holds(), tally(0, 0, 5)));
}

TEST_CASE("a lock that the faults came to and did not touch holds") {
  CellTally tally;
  RunOutcome outcome;
  outcome.verdicts[Property::work_exclusion] = {Verdict::holds, true};
  outcome.totals.runs_with_waiter = 1;
  outcome.totals.faults = {{.scheduled = 1, .bound = 1, .in_effect = 0, .met = 0}};
  tally.add(outcome);
  CHECK(as_expected(ExpectedShare::holds(), tally));
  CHECK_FALSE(as_expected(ExpectedShare::violated(), tally));

  CellTally alone;
  outcome.totals.runs_with_waiter = 0;
  alone.add(outcome);
  CHECK_FALSE(as_expected(ExpectedShare::holds(), alone));

  CellTally missed;
  outcome.totals.runs_with_waiter = 1;
  outcome.totals.faults.front().bound = 0;
  missed.add(outcome);
  CHECK_FALSE(as_expected(ExpectedShare::holds(), missed));
}

TEST_CASE("a length keeps to its bounds in every run") {
  const CellTally runs = tally(0, 5, 0);  // from 1,000 to 1,004 ns
  CHECK(waits_as_expected(1'000, 1'004, runs));
  CHECK_FALSE(waits_as_expected(1'001, 1'004, runs));
  CHECK_FALSE(waits_as_expected(1'000, 1'003, runs));
}

TEST_CASE("what was never measured is not as expected") {
  Expectation expect;
  expect.longest_gap = ExpectedLength{};
  CHECK_FALSE(findings(expect, {}, tally(0, 5, 0)).as_expected());
}

}  // namespace
}  // namespace leasehold::scenarios
