#include "scenarios/seed_ranges.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <limits>
#include <set>

namespace leasehold::scenarios {
namespace {

using Ranges = std::vector<SeedRanges::Range>;
using Seeds = std::set<std::uint64_t>;

SeedRanges ranges_of(const std::vector<std::uint64_t>& seeds) {
  SeedRanges ranges;
  for (const std::uint64_t seed : seeds) ranges.add(seed);
  return ranges;
}

std::vector<std::uint64_t> few_seeds() {
  // From a small interval, so that ranges meet, join and overlap.
  return *rc::gen::container<std::vector<std::uint64_t>>(rc::gen::inRange<std::uint64_t>(0, 40));
}

Seeds listed(const SeedRanges& ranges) {
  Seeds seeds;
  for (const SeedRanges::Range& range : ranges.ranges()) {
    for (std::uint64_t seed = range.first; seed <= range.last; ++seed) seeds.insert(seed);
  }
  return seeds;
}

void check_compact(const SeedRanges& ranges) {
  const Ranges& all = ranges.ranges();
  for (std::size_t i = 0; i < all.size(); ++i) {
    RC_ASSERT(all[i].first <= all[i].last);
    if (i > 0) RC_ASSERT(all[i - 1].last + 1 < all[i].first);
  }
}

TEST_CASE("seeds in any order become the fewest ranges") {
  CHECK(ranges_of({5, 3, 4, 9, 3}).ranges() == Ranges{{3, 5}, {9, 9}});
  CHECK(ranges_of({}).empty());
}

TEST_CASE("the largest seeds do not overflow") {
  constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
  SeedRanges ranges = ranges_of({kMost, 0, kMost - 1});
  CHECK(ranges.ranges() == Ranges{{0, 0}, {kMost - 1, kMost}});
  ranges.merge(ranges_of({kMost - 2, 1}));
  CHECK(ranges.ranges() == Ranges{{0, 1}, {kMost - 2, kMost}});
  CHECK(without(ranges, ranges_of({kMost})).ranges() == Ranges{{0, 1}, {kMost - 2, kMost - 1}});
}

TEST_CASE("seed ranges are sets") {
  CHECK(rc::check([] {
    const auto in_a = few_seeds();
    const auto in_b = few_seeds();
    const SeedRanges a = ranges_of(in_a);
    const SeedRanges b = ranges_of(in_b);
    const Seeds set_a(in_a.begin(), in_a.end());
    const Seeds set_b(in_b.begin(), in_b.end());
    RC_ASSERT(listed(a) == set_a);
    RC_ASSERT(a.count() == set_a.size());

    SeedRanges either = a;
    either.merge(b);
    Seeds expected_either = set_a;
    expected_either.insert(set_b.begin(), set_b.end());
    Seeds expected_both;
    Seeds expected_rest;
    for (const std::uint64_t seed : set_a) {
      RC_ASSERT(a.contains(seed));
      RC_ASSERT(b.contains(seed) == (set_b.count(seed) > 0));
      (set_b.count(seed) > 0 ? expected_both : expected_rest).insert(seed);
    }
    RC_ASSERT(listed(either) == expected_either);
    RC_ASSERT(listed(common(a, b)) == expected_both);
    RC_ASSERT(listed(without(a, b)) == expected_rest);
    for (const SeedRanges& ranges : {a, either, common(a, b), without(a, b)}) check_compact(ranges);
  }));
}

}  // namespace
}  // namespace leasehold::scenarios
