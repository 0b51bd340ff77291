#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "support/assert.hpp"

namespace leasehold::checkers {

/// A share p of all values, as an exact fraction: the 99.9 % quantile is {999, 1000}.
struct Quantile {
  std::uint32_t numerator = 0;
  std::uint32_t denominator = 1;
};

/// Durations in nanoseconds, counted in log-linear buckets of at most 1/128 of their lower bound
/// (values below 256 ns are exact). Count, sum, minimum and maximum are exact. Integers only;
/// merging is associative and commutative, so that a campaign's tally does not depend on how its
/// runs were divided. REQUIRES: every value >= 0. A value costs some forty instructions and no
/// memory, but for the first one of an octave (1 KiB, kept by clear()).
class Histogram {
 public:
  __extension__ typedef unsigned __int128 Sum;

  /// So many times.
  void record(std::int64_t value_ns, std::uint64_t times = 1);
  void merge(const Histogram& other);
  void clear();

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] Sum sum_ns() const { return sum_ns_; }
  /// Nothing if empty; the mean is rounded half up.
  [[nodiscard]] std::optional<std::int64_t> min_ns() const;
  [[nodiscard]] std::optional<std::int64_t> max_ns() const;
  [[nodiscard]] std::optional<std::int64_t> mean_ns() const;

  /// Nearest rank: the smallest value that at least ceil(p * count) of the values do not exceed,
  /// at least the first. Reported as the upper end of its bucket, but never above the maximum:
  /// the exact value q gives a result within [q, q + q/128]. Nothing if empty.
  [[nodiscard]] std::optional<std::int64_t> quantile_ns(Quantile p) const;
  /// REQUIRES: 1 <= rank <= count().
  [[nodiscard]] std::int64_t value_at_rank(std::uint64_t rank) const;
  /// The rank of the p-quantile of `count` values. REQUIRES: count > 0, p within [0, 1].
  [[nodiscard]] static std::uint64_t rank(Quantile p, std::uint64_t count);

  /// Equal as multisets of buckets, with equal count, sum, minimum and maximum.
  friend bool operator==(const Histogram& a, const Histogram& b);

 private:
  static constexpr unsigned kPageBits = 7;
  static constexpr std::size_t kPageSize = std::size_t{1} << kPageBits;
  static constexpr std::size_t kOctaves = 63 - kPageBits + 1;

  struct Bucket {
    std::size_t octave = 0;
    std::size_t slot = 0;
  };
  static Bucket bucket_of(std::uint64_t value_ns);
  static std::int64_t upper_end(Bucket bucket);
  [[nodiscard]] std::uint64_t* page(std::size_t octave);
  void begin_page(std::size_t octave);
  [[nodiscard]] const std::uint64_t* page_if_used(std::size_t octave) const;

  std::array<std::uint8_t, kOctaves> page_of_{};  ///< 1 + index of the octave's page, 0: unused
  std::size_t pages_ = 0;                         ///< that are used
  std::vector<std::uint64_t> counts_;             ///< the used pages, then unused ones
  std::uint64_t count_ = 0;
  Sum sum_ns_ = 0;
  std::int64_t min_ns_ = std::numeric_limits<std::int64_t>::max();  ///< when empty
  std::int64_t max_ns_ = 0;
};

/// Waiting times of which some never came to an end: `unserved` holds how long those had lasted
/// when they were given up or the run ended.
struct CensoredHistogram {
  Histogram served;
  Histogram unserved;

  /// A quantile over all attempts, the unserved ones ranked above every served one. `value_ns` is
  /// empty when it falls among them; then it is at least `at_least_ns`.
  struct Value {
    std::optional<std::int64_t> value_ns;
    std::optional<std::int64_t> at_least_ns;
  };
  /// Both empty if nothing was recorded.
  [[nodiscard]] Value quantile_ns(Quantile p) const;

  void merge(const CensoredHistogram& other);
  void clear();
};

// Octave 0 holds the values below one page exactly; octave o > 0 holds [128, 256) << (o - 1), in
// steps of 1 << (o - 1).
inline Histogram::Bucket Histogram::bucket_of(std::uint64_t value_ns) {
  const auto octave =
      static_cast<std::size_t>(std::bit_width(value_ns | (kPageSize - 1))) - kPageBits;
  return {octave, (value_ns >> (octave - (octave > 0 ? 1 : 0))) % kPageSize};
}

inline std::uint64_t* Histogram::page(std::size_t octave) {
  if (page_of_[octave] == 0) begin_page(octave);
  return counts_.data() + (page_of_[octave] - std::size_t{1}) * kPageSize;
}

inline void Histogram::record(std::int64_t value_ns, std::uint64_t times) {
  LH_ASSERT(value_ns >= 0);
  const auto value = static_cast<std::uint64_t>(value_ns);
  const Bucket bucket = bucket_of(value);
  page(bucket.octave)[bucket.slot] += times;
  min_ns_ = std::min(min_ns_, value_ns);
  max_ns_ = std::max(max_ns_, value_ns);
  sum_ns_ += Sum{value} * times;
  count_ += times;
}

}  // namespace leasehold::checkers
