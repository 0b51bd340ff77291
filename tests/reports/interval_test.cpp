#include "reports/interval.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <cmath>

namespace leasehold::reports {
namespace {

using checkers::Judgement;
using checkers::Property;
using checkers::Verdict;

constexpr auto kProperty = Property::work_exclusion;

/// P(X <= k) of a binomial variable, summed term by term.
double binomial_at_most(std::uint64_t k, std::uint64_t n, double p) {
  double sum = 0;
  for (std::uint64_t i = 0; i <= k; ++i) {
    const auto x = static_cast<double>(i);
    const auto all = static_cast<double>(n);
    sum += std::exp(std::lgamma(all + 1) - std::lgamma(x + 1) - std::lgamma(all - x + 1) +
                    x * std::log(p) + (all - x) * std::log1p(-p));
  }
  return sum;
}

TEST_CASE("intervals agree with published ones") {
  const Interval none = clopper_pearson({0, 1'000});
  CHECK(none.low == 0);
  CHECK(none.high == Approx(0.003682).margin(1e-6));
  const Interval all = clopper_pearson({1'000, 1'000});
  CHECK(all.low == Approx(0.996318).margin(1e-6));
  CHECK(all.high == 1);
  const Interval few = clopper_pearson({3, 10'000});
  CHECK(few.low == Approx(6.2e-5).margin(1e-6));
  CHECK(few.high == Approx(8.8e-4).margin(4e-6));
}

TEST_CASE("each end of an interval leaves just half the error outside") {
  CHECK(rc::check([] {
    const auto n = *rc::gen::inRange<std::uint64_t>(2, 300);
    const auto k = *rc::gen::inRange<std::uint64_t>(1, n);
    const Interval interval = clopper_pearson({k, n});
    RC_ASSERT(std::abs(binomial_at_most(k, n, interval.high) - 0.025) < 1e-8);
    RC_ASSERT(std::abs(1 - binomial_at_most(k - 1, n, interval.low) - 0.025) < 1e-8);
  }));
}

TEST_CASE("the sign test counts splits at least as uneven") {
  CHECK(sign_test(0, 0) == 1);
  CHECK(sign_test(5, 5) == 1);
  CHECK(sign_test(0, 5) == Approx(2.0 / 32));
  CHECK(sign_test(1, 5) == Approx(2 * 7.0 / 64));
  CHECK(sign_test(3, 12) == sign_test(12, 3));
}

scenarios::CellTally tally(const std::vector<Judgement>& by_seed) {
  scenarios::CellTally result;
  for (std::size_t seed = 0; seed < by_seed.size(); ++seed) {
    scenarios::RunOutcome outcome;
    outcome.seed = seed;
    outcome.verdicts[kProperty] = by_seed[seed];
    result.add(outcome);
  }
  return result;
}

TEST_CASE("conditions are compared on the seeds that were judged under both") {
  constexpr Judgement kBad{Verdict::violated, false};
  constexpr Judgement kGood{Verdict::holds, false};
  constexpr Judgement kVacuous{Verdict::holds, true};
  constexpr Judgement kUnknown{Verdict::unknown, false};
  const auto first = tally({kBad, kBad, kGood, kBad, kVacuous, kGood, kGood});
  const auto second = tally({kBad, kGood, kBad, kUnknown, kBad, kGood, kBad});
  const auto compared = compare_paired(first, second, kProperty);
  REQUIRE(compared);
  CHECK(compared->pairs == 5);
  CHECK(compared->only_first == 1);
  CHECK(compared->only_second == 2);
  CHECK(compared->difference == Approx(0.2));
  CHECK(compared->interval.low < 0.2);
  CHECK(compared->interval.high > 0.2);
  CHECK(compared->p == 1);
  CHECK_FALSE(compare_paired(tally({kUnknown}), second, kProperty));
}

TEST_CASE("runs that all came out alike leave the size of a difference open") {
  const auto same = tally(std::vector<Judgement>(1'000, {Verdict::holds, false}));
  const auto compared = compare_paired(same, same, kProperty);
  REQUIRE(compared);
  CHECK(compared->difference == 0);
  CHECK(compared->interval.high == Approx(0.00437).margin(1e-4));
  CHECK(compared->interval.low == -compared->interval.high);
}

TEST_CASE("the bootstrap's interval is about as wide as theory has it") {
  // 400 runs of 10 acquisitions with 0 to 6 messages each: mean 3, standard error 0.1.
  scenarios::Resampling resampling;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    scenarios::RateSums run;
    run.acquired = 10;
    run.messages = 10 * (seed % 7);
    resampling.add(seed, run);
  }
  const Ratio messages{&scenarios::RateSums::messages, &scenarios::RateSums::acquired};
  const auto interval = bootstrap_interval(resampling, messages);
  REQUIRE(interval);
  CHECK(interval->low == Approx(2.80).margin(0.05));
  CHECK(interval->high == Approx(3.19).margin(0.05));
  const Ratio fsyncs{&scenarios::RateSums::messages, &scenarios::RateSums::fsyncs};
  CHECK_FALSE(bootstrap_interval(resampling, fsyncs));
  CHECK_FALSE(bootstrap_interval({}, messages));
}

TEST_CASE("works at once that were never seen have an upper bound all the same") {
  const auto tally_of = [](std::uint64_t runs_with_one) {
    scenarios::CellTally tally;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
      scenarios::RunOutcome outcome;
      outcome.seed = seed;
      outcome.totals.attempts.acquired = 10;
      if (seed < runs_with_one) outcome.totals.work_overlap_ns.record(5);
      tally.add(outcome);
    }
    return tally;
  };
  const auto none = overlap_interval(tally_of(0));
  REQUIRE(none);
  CHECK(none->low == 0);
  CHECK(none->high == Approx(0.00368).margin(1e-5));  // 1 - 0.025^(1 / 1,000)
  const auto some = overlap_interval(tally_of(50));
  REQUIRE(some);
  CHECK(some->low == Approx(0.04).margin(0.005));
  CHECK(some->high == Approx(0.06).margin(0.005));
  CHECK_FALSE(overlap_interval({}));
}

}  // namespace
}  // namespace leasehold::reports
