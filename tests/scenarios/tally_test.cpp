#include "scenarios/tally.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/scenarios/outcomes.hpp"

namespace leasehold::scenarios {
namespace {

using checkers::Property;
using checkers::Verdict;
using test::same;

RunOutcome with_overlap(std::uint64_t seed, std::uint64_t overlap_ns) {
  RunOutcome outcome;
  outcome.seed = seed;
  outcome.digest = 1;
  outcome.verdicts[Property::work_exclusion] = {Verdict::violated, false};
  outcome.severity[static_cast<std::size_t>(Property::work_exclusion)] = overlap_ns;
  return outcome;
}

TEST_CASE("merging tallies is associative and commutative, whichever runs they hold") {
  CHECK(rc::check([] {
    const auto all = test::outcomes();
    std::vector<RunOutcome> parts[3];
    for (const RunOutcome& outcome : all) {
      parts[*rc::gen::inRange(0, 3)].push_back(outcome);
    }
    const CellTally a = test::tally_of(parts[0]);
    const CellTally b = test::tally_of(parts[1]);
    const CellTally c = test::tally_of(parts[2]);

    CellTally left = a;
    left.merge(b);
    left.merge(c);
    CellTally right = c;
    right.merge(b);
    CellTally outer = a;
    outer.merge(right);
    CellTally swapped = right;
    swapped.merge(a);
    const CellTally whole = test::tally_of(all);
    RC_ASSERT(same(left, whole));
    RC_ASSERT(same(outer, whole));
    RC_ASSERT(same(swapped, whole));
  }));
}

TEST_CASE("the order of the runs does not show in a tally") {
  CHECK(rc::check([] {
    auto all = test::outcomes();
    const CellTally forwards = test::tally_of(all);
    std::reverse(all.begin(), all.end());
    RC_ASSERT(same(forwards, test::tally_of(all)));
  }));
}

TEST_CASE("every run is counted once for each property") {
  CHECK(rc::check([] {
    const auto all = test::outcomes();
    const CellTally tally = test::tally_of(all);
    for (std::size_t i = 0; i < checkers::kPropertyCount; ++i) {
      const PropertyTally& property = tally.property(static_cast<Property>(i));
      RC_ASSERT(property.judged_runs() + property.unknown_seeds.count() +
                    property.vacuous_seeds.count() + property.not_applicable_seeds.count() ==
                all.size());
      RC_ASSERT(tally.judged_seeds(static_cast<Property>(i)).count() == property.judged_runs());
      RC_ASSERT(property.worst.has_value() == !property.violated_seeds.empty());
    }
  }));
}

TEST_CASE("the worst seed is the one with the longest evidence, and the lowest of those") {
  CellTally tally;
  for (const RunOutcome& outcome :
       {with_overlap(7, 50), with_overlap(3, 90), with_overlap(9, 20), with_overlap(2, 90)}) {
    tally.add(outcome);
  }
  const PropertyTally& property = tally.property(Property::work_exclusion);
  CHECK(property.worst == PropertyTally::Worst{90, 2});
  CHECK(property.violated_seeds.ranges() == std::vector<SeedRanges::Range>{{2, 3}, {7, 7}, {9, 9}});
}

TEST_CASE("a vacuous run counts as neither held nor judged") {
  RunOutcome outcome;
  outcome.verdicts[Property::work_exclusion] = {Verdict::holds, true};
  CellTally tally;
  tally.add(outcome);
  CHECK(tally.property(Property::work_exclusion).judged_runs() == 0);
  CHECK(tally.property(Property::work_exclusion).vacuous_seeds.contains(0));
}

TEST_CASE("two runs that swap their traces change the digest") {
  RunOutcome a = with_overlap(1, 0);
  RunOutcome b = with_overlap(2, 0);
  b.digest = 99;
  const std::uint64_t before = test::tally_of({a, b}).digest();
  std::swap(a.digest, b.digest);
  CHECK(test::tally_of({a, b}).digest() != before);
}

TEST_CASE("a resampled sum is the sum on average, and varies as a bootstrap does") {
  Resampling resampling;
  constexpr std::uint64_t kRuns = 400;
  for (std::uint64_t seed = 0; seed < kRuns; ++seed) resampling.add(seed, {1, 0, 0, 0, 0});
  double mean = 0;
  double variance = 0;
  for (const RateSums& sums : resampling.replicates()) {
    mean += static_cast<double>(sums.acquired) / Resampling::kReplicates;
  }
  for (const RateSums& sums : resampling.replicates()) {
    const double off = static_cast<double>(sums.acquired) - mean;
    variance += off * off / Resampling::kReplicates;
  }
  // A Poisson(400) sum: standard error of the mean 0.9, of the variance 25.
  CHECK(std::abs(mean - kRuns) < 4);
  CHECK(std::abs(variance - kRuns) < 100);
}

}  // namespace
}  // namespace leasehold::scenarios
