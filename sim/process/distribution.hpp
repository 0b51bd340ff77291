#pragma once

#include <cstdint>

#include "sim/process/random.hpp"
#include "sim/process/time.hpp"

namespace leasehold::sim {

/// A distribution of durations, sampled with integers alone: the same seed gives the same
/// nanoseconds on every compiler, processor and C library.
///
/// A sample takes exactly one word of the stream whatever the distribution and never falls as the
/// word rises, so two runs that differ in a distribution alone stay comparable draw by draw.
/// Against the exact quantile function a sample is off by
/// at most 2.5e-6 means (exponential) or 2e-6 + 1.5e-5 sigma of itself (lognormal), plus 1 ns.
class Distribution {
 public:
  /// The largest parameter by magnitude (about 2.3 years): no sample overflows.
  static constexpr Duration kLongest = Duration::nanoseconds(std::int64_t{1} << 56);
  static constexpr std::uint32_t kLargestSigmaMilli = 8'000;

  static Distribution constant(Duration value);
  /// Whole nanoseconds of [low, high], both included. REQUIRES low <= high.
  static Distribution uniform(Duration low, Duration high);
  /// REQUIRES mean >= 0. Truncated at 44.4 means, which an unbounded one passes once in 2^64.
  static Distribution exponential(Duration mean);
  /// exp of a normal: half of the samples below the median, 84.1 % below median * e^sigma.
  /// Sigma in thousandths, at most kLargestSigmaMilli. The normal is cut at +-7.98 (2^-49 a side).
  /// REQUIRES median >= 0.
  static Distribution lognormal(Duration median, std::uint32_t sigma_milli);

  /// The same distribution with samples below `low` raised to it and those above `high` lowered
  /// to it (no redraw), on top of earlier bounds. REQUIRES low <= high.
  Distribution clamped(Duration low, Duration high) const;

  Duration sample(Rng& rng) const { return at(rng.next()); }

  /// The sample that the given word of a stream stands for.
  Duration at(std::uint64_t word) const;
  /// The same without a call, for those who include sampling.hpp.
  Duration at_here(std::uint64_t word) const;

  /// The least and greatest values that sample() can return.
  Duration minimum() const { return at(0); }
  Duration maximum() const { return at(~std::uint64_t{0}); }

  /// Same kind and parameters; a constant equals a uniform distribution of one value.
  friend bool operator==(const Distribution&, const Distribution&) = default;

 private:
  enum class Kind : std::uint8_t { uniform, exponential, lognormal };

  Distribution(Kind kind, std::int64_t location, std::uint64_t scale)
      : location_(location), scale_(scale), kind_(kind) {}

  std::int64_t exponential_at(std::uint64_t word) const;
  std::int64_t lognormal_at(std::uint64_t word) const;
  std::int64_t unclamped_at(std::uint64_t word) const;

  std::int64_t location_;  // uniform: low; exponential: mean; lognormal: median << shift_
  std::uint64_t scale_;    // uniform: number of values; lognormal: sigma / ln 2, in 2^-28
  std::int64_t low_ = Duration::nanoseconds(INT64_MIN).ns();
  std::int64_t high_ = Duration::max().ns();
  Kind kind_;
  std::uint8_t shift_ = 0;  // lognormal: the median's leading bit is moved to bit 62
  bool clamped_ = false;    // by low_ and high_
};

}  // namespace leasehold::sim
