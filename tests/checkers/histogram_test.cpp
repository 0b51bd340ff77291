#include "checkers/histogram.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>
#include <vector>

namespace leasehold::checkers {
namespace {

Histogram histogram_of(const std::vector<std::int64_t>& values) {
  Histogram histogram;
  for (const std::int64_t value : values) histogram.record(value);
  return histogram;
}

rc::Gen<std::vector<std::int64_t>> any_durations() {
  // Of every magnitude: a uniform value would almost always fall into the last two octaves.
  const auto any = rc::gen::map(
      rc::gen::pair(rc::gen::inRange<std::int64_t>(0, std::numeric_limits<std::int64_t>::max()),
                    rc::gen::inRange(0, 63)),
      [](const auto& drawn) { return drawn.first >> drawn.second; });
  return rc::gen::container<std::vector<std::int64_t>>(any);
}

TEST_CASE("an empty histogram has no minimum, maximum, mean or quantile") {
  const Histogram empty;
  CHECK(empty.count() == 0);
  CHECK_FALSE(empty.min_ns());
  CHECK_FALSE(empty.max_ns());
  CHECK_FALSE(empty.mean_ns());
  CHECK_FALSE(empty.quantile_ns({1, 2}));
}

TEST_CASE("values below 256 ns are kept exactly") {
  Histogram histogram;
  for (std::int64_t value = 0; value < 256; ++value) histogram.record(value);
  for (std::uint64_t rank = 1; rank <= 256; ++rank) {
    CHECK(histogram.value_at_rank(rank) == static_cast<std::int64_t>(rank) - 1);
  }
}

TEST_CASE("a quantile is the nearest rank, rounded up") {
  const Histogram histogram = histogram_of({10, 20, 30, 40});
  CHECK(histogram.quantile_ns({0, 1}) == 10);
  CHECK(histogram.quantile_ns({1, 4}) == 10);
  CHECK(histogram.quantile_ns({26, 100}) == 20);
  CHECK(histogram.quantile_ns({1, 2}) == 20);
  CHECK(histogram.quantile_ns({99, 100}) == 40);
  CHECK(histogram.quantile_ns({1, 1}) == 40);
}

TEST_CASE("the mean is rounded half up and a sum may exceed 64 bits") {
  CHECK(histogram_of({1, 2}).mean_ns() == 2);
  CHECK(histogram_of({1, 1, 2}).mean_ns() == 1);
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  CHECK(histogram_of({kMost, kMost, kMost}).mean_ns() == kMost);
  CHECK(histogram_of({kMost}).quantile_ns({1, 2}) == kMost);
}

TEST_CASE("every quantile lies within 1/128 above the exact one") {
  CHECK(rc::check([] {
    const auto values = *rc::gen::nonEmpty(any_durations());
    const auto per_mille = *rc::gen::inRange<std::uint32_t>(0, 1001);
    auto sorted = values;
    std::sort(sorted.begin(), sorted.end());
    const Quantile p{per_mille, 1000};
    const std::int64_t exact = sorted[Histogram::rank(p, sorted.size()) - 1];
    const Histogram histogram = histogram_of(values);
    const std::int64_t reported = *histogram.quantile_ns(p);
    RC_ASSERT(reported >= exact);
    RC_ASSERT(reported - exact <= exact / 128);
    RC_ASSERT(*histogram.min_ns() == sorted.front());
    RC_ASSERT(*histogram.max_ns() == sorted.back());
  }));
}

TEST_CASE("merging is associative and commutative, and the same as recording everything") {
  CHECK(rc::check([] {
    const auto a = *any_durations();
    const auto b = *any_durations();
    const auto c = *any_durations();
    Histogram left = histogram_of(a);
    left.merge(histogram_of(b));
    left.merge(histogram_of(c));
    Histogram right = histogram_of(c);
    right.merge(histogram_of(b));
    Histogram reversed = histogram_of(a);
    reversed.merge(right);
    auto all = a;
    all.insert(all.end(), b.begin(), b.end());
    all.insert(all.end(), c.begin(), c.end());
    RC_ASSERT(left == reversed);
    RC_ASSERT(left == histogram_of(all));
  }));
}

TEST_CASE("a cleared histogram is as good as new") {
  CHECK(rc::check([] {
    Histogram used = histogram_of(*any_durations());
    used.clear();
    const auto values = *any_durations();
    for (const std::int64_t value : values) used.record(value);
    RC_ASSERT(used == histogram_of(values));
  }));
}

TEST_CASE("quantiles over unserved waits are told as a lower bound") {
  CensoredHistogram waits;
  CHECK_FALSE(waits.quantile_ns({1, 2}).value_ns);
  CHECK_FALSE(waits.quantile_ns({1, 2}).at_least_ns);

  waits.served.record(10);
  waits.served.record(200);
  waits.unserved.record(100);
  CHECK(waits.quantile_ns({1, 3}).value_ns == 10);
  // The one that was given up after 100 ns ranks above the one served after 200 ns.
  CHECK(waits.quantile_ns({2, 3}).value_ns == 200);
  CHECK_FALSE(waits.quantile_ns({1, 1}).value_ns);
  CHECK(waits.quantile_ns({1, 1}).at_least_ns == 200);

  waits.served.clear();
  CHECK(waits.quantile_ns({1, 2}).at_least_ns == 100);
}

}  // namespace
}  // namespace leasehold::checkers
