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

/// So many starved runs in which the lock was stuck, was slow, and could be told to be neither; and
/// one that made progress.
CellTally starved(std::uint64_t stuck, std::uint64_t slow, std::uint64_t undetermined) {
  CellTally tally;
  for (std::uint64_t seed = 0; seed <= stuck + slow + undetermined; ++seed) {
    RunOutcome outcome;
    outcome.seed = seed;
    const bool starves = seed < stuck + slow + undetermined;
    outcome.verdicts[Property::progress] = {starves ? Verdict::violated : Verdict::holds, false};
    outcome.totals.stuck_runs = seed < stuck ? 1 : 0;
    outcome.totals.undetermined_runs = starves && seed >= stuck + slow ? 1 : 0;
    tally.add(outcome);
  }
  return tally;
}

TEST_CASE("stuck is a share of the runs of which it can be told") {
  const auto stuck_as_expected = [](const ExpectedShare& share, const CellTally& tally) {
    Expectation expect;
    expect.stuck = share;
    const Findings found = findings(expect, {}, tally);
    REQUIRE(found.shares.size() == 1);
    CHECK(found.shares.front().subject() == "stuck");
    return found.as_expected();
  };
  CHECK(stuck_as_expected({750, 750}, starved(3, 0, 0)));
  CHECK(stuck_as_expected({500, 500}, starved(2, 1, 0)));
  CHECK(stuck_as_expected({500, 500}, starved(2, 1, 4)));
  CHECK_FALSE(stuck_as_expected({500, 500}, starved(2, 1, 5)));
  CHECK(stuck_as_expected(ExpectedShare::holds(), starved(0, 3, 0)));
  CHECK_FALSE(stuck_as_expected(ExpectedShare::holds(), starved(1, 3, 0)));
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
