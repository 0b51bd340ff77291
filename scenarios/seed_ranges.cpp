#include "scenarios/seed_ranges.hpp"

#include <algorithm>
#include <iterator>

namespace leasehold::scenarios {

void SeedRanges::add(std::uint64_t seed) {
  const auto next =
      std::lower_bound(ranges_.begin(), ranges_.end(), seed,
                       [](const Range& range, std::uint64_t s) { return range.last < s; });
  if (next != ranges_.end() && next->first <= seed) return;
  // `last < seed < first` of the neighbours, so neither addition overflows.
  const bool joins_next = next != ranges_.end() && seed + 1 == next->first;
  const bool joins_previous = next != ranges_.begin() && std::prev(next)->last + 1 == seed;
  if (joins_previous && joins_next) {
    std::prev(next)->last = next->last;
    ranges_.erase(next);
  } else if (joins_previous) {
    std::prev(next)->last = seed;
  } else if (joins_next) {
    next->first = seed;
  } else {
    ranges_.insert(next, {seed, seed});
  }
}

void SeedRanges::merge(const SeedRanges& other) {
  std::vector<Range> sorted;
  sorted.reserve(ranges_.size() + other.ranges_.size());
  std::merge(ranges_.begin(), ranges_.end(), other.ranges_.begin(), other.ranges_.end(),
             std::back_inserter(sorted),
             [](const Range& a, const Range& b) { return a.first < b.first; });
  ranges_.clear();
  for (const Range& range : sorted) {
    const bool joins = !ranges_.empty() && (range.first <= ranges_.back().last ||
                                            range.first - 1 == ranges_.back().last);
    if (joins) {
      ranges_.back().last = std::max(ranges_.back().last, range.last);
    } else {
      ranges_.push_back(range);
    }
  }
}

std::uint64_t SeedRanges::count() const {
  std::uint64_t count = 0;
  for (const Range& range : ranges_) count += range.last - range.first + 1;
  return count;
}

bool SeedRanges::contains(std::uint64_t seed) const {
  const auto at =
      std::lower_bound(ranges_.begin(), ranges_.end(), seed,
                       [](const Range& range, std::uint64_t s) { return range.last < s; });
  return at != ranges_.end() && at->first <= seed;
}

SeedRanges common(const SeedRanges& a, const SeedRanges& b) {
  SeedRanges both;
  auto in_a = a.ranges_.begin();
  auto in_b = b.ranges_.begin();
  while (in_a != a.ranges_.end() && in_b != b.ranges_.end()) {
    const std::uint64_t first = std::max(in_a->first, in_b->first);
    const std::uint64_t last = std::min(in_a->last, in_b->last);
    if (first <= last) both.ranges_.push_back({first, last});
    if (in_a->last < in_b->last) {
      ++in_a;
    } else {
      ++in_b;
    }
  }
  return both;
}

SeedRanges without(const SeedRanges& a, const SeedRanges& b) {
  SeedRanges rest;
  auto cut = b.ranges_.begin();
  for (SeedRanges::Range range : a.ranges_) {
    while (cut != b.ranges_.end() && cut->last < range.first) ++cut;
    bool left = true;
    for (auto at = cut; at != b.ranges_.end() && at->first <= range.last; ++at) {
      if (at->first > range.first) rest.ranges_.push_back({range.first, at->first - 1});
      left = at->last < range.last;
      if (!left) break;
      range.first = at->last + 1;
    }
    if (left) rest.ranges_.push_back(range);
  }
  return rest;
}

}  // namespace leasehold::scenarios
