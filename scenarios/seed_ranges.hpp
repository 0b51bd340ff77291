#pragma once

#include <cstdint>
#include <vector>

namespace leasehold::scenarios {

/// A set of seeds as sorted, disjoint ranges with a gap between any two: equal sets are equal
/// values, however they came about. Adding seeds in rising order takes constant time each.
class SeedRanges {
 public:
  struct Range {
    std::uint64_t first = 0;
    std::uint64_t last = 0;  ///< included

    friend bool operator==(const Range&, const Range&) = default;
  };

  void add(std::uint64_t seed);
  void merge(const SeedRanges& other);

  [[nodiscard]] bool empty() const { return ranges_.empty(); }
  [[nodiscard]] std::uint64_t count() const;
  [[nodiscard]] bool contains(std::uint64_t seed) const;
  [[nodiscard]] const std::vector<Range>& ranges() const { return ranges_; }

  friend SeedRanges common(const SeedRanges& a, const SeedRanges& b);
  friend SeedRanges without(const SeedRanges& a, const SeedRanges& b);
  friend bool operator==(const SeedRanges&, const SeedRanges&) = default;

 private:
  std::vector<Range> ranges_;
};

/// The seeds in both.
SeedRanges common(const SeedRanges& a, const SeedRanges& b);
/// The seeds of `a` that are not in `b`.
SeedRanges without(const SeedRanges& a, const SeedRanges& b);

}  // namespace leasehold::scenarios
