#include "sim/process/distribution.hpp"

#include <algorithm>
#include <bit>

#include "sim/process/sampling_tables.hpp"

namespace leasehold::sim {

namespace {

using support::multiply_high;
using support::Uint128;

/// `position` steps through a table, its lower 32 bits the fraction between two entries.
template <class Table>
std::uint64_t rising(const Table& table, std::uint64_t position) {
  const std::size_t index = position >> 32;
  const std::uint64_t fraction = position & 0xffffffff;
  const std::uint64_t step = table[index + 1] - table[index];
  return table[index] + ((step * fraction) >> 32);
}

template <class Table>
std::uint64_t falling(const Table& table, std::uint64_t position) {
  const std::size_t index = position >> 32;
  const std::uint64_t fraction = position & 0xffffffff;
  const std::uint64_t step = table[index] - table[index + 1];
  return table[index] - ((step * fraction) >> 32);
}

/// -ln(1 - word / 2^64), in units of 2^-32.
std::uint64_t standard_exponential(std::uint64_t word) {
  const std::uint64_t survival = ~word | 1;
  const int zeros = std::countl_zero(survival);
  const std::uint64_t mantissa = (survival << zeros) << 1;  // without its leading one
  return static_cast<std::uint64_t>(zeros + 1) * tables::kLn2 -
         rising(tables::kLog, mantissa >> 24);
}

/// The standard normal's quantile at word / 2^64, in units of 2^-28. Pieces of equal width in the
/// logarithm of the tail: both tails are resolved down to 2^-49.
std::int64_t standard_normal(std::uint64_t word) {
  constexpr int kLeastTailLog2 = 63 - tables::kNormalOctaves;
  const std::uint64_t upper = std::uint64_t{0} - (word >> 63);  // all ones above the median
  const std::uint64_t tail = std::max(word ^ upper, std::uint64_t{1} << kLeastTailLog2);
  const int zeros = std::countl_zero(tail);
  const std::uint64_t octave = static_cast<std::uint64_t>(63 - kLeastTailLog2 - zeros);
  const std::uint64_t mantissa = (tail << zeros) << 1;  // without its leading one
  const std::uint64_t position =
      (octave << (32 + tables::kNormalPiecesLog2)) + (mantissa >> (32 - tables::kNormalPiecesLog2));
  const std::uint64_t distance = falling(tables::kNormal, position);
  return static_cast<std::int64_t>((distance ^ ~upper) - ~upper);
}

}  // namespace

Distribution Distribution::constant(Duration value) { return uniform(value, value); }

Distribution Distribution::uniform(Duration low, Duration high) {
  LH_ASSERT(-kLongest <= low);
  LH_ASSERT(low <= high);
  LH_ASSERT(high <= kLongest);
  return {Kind::uniform, low.ns(), static_cast<std::uint64_t>((high - low).ns()) + 1};
}

Distribution Distribution::exponential(Duration mean) {
  LH_ASSERT(Duration::zero() <= mean);
  LH_ASSERT(mean <= kLongest);
  return {Kind::exponential, mean.ns(), 0};
}

Distribution Distribution::lognormal(Duration median, std::uint32_t sigma_milli) {
  LH_ASSERT(Duration::zero() <= median);
  LH_ASSERT(median <= kLongest);
  LH_ASSERT(sigma_milli <= kLargestSigmaMilli);
  if (median == Duration::zero()) return constant(median);
  const int shift = std::countl_zero(static_cast<std::uint64_t>(median.ns())) - 1;
  Distribution result(Kind::lognormal, median.ns() << shift,
                      (sigma_milli * tables::kLog2PerMilli) >> 20);
  result.shift_ = static_cast<std::uint8_t>(shift);
  return result;
}

Distribution Distribution::clamped(Duration low, Duration high) const {
  LH_ASSERT(low <= high);
  Distribution result = *this;
  result.low_ = std::clamp(low_, low.ns(), high.ns());
  result.high_ = std::clamp(high_, low.ns(), high.ns());
  result.clamped_ = true;
  return result;
}

inline std::int64_t Distribution::lognormal_at(std::uint64_t word) const {
  // log2(sample / median), in units of 2^-32: at most 63 bits by the limit on sigma.
  const std::int64_t log2 = (standard_normal(word) * static_cast<std::int64_t>(scale_)) >> 24;
  const std::uint64_t fraction = static_cast<std::uint64_t>(log2) & 0xffffffff;
  const std::uint64_t mantissa = rising(tables::kExp2, fraction << 8);  // 2^fraction - 1
  const std::uint64_t product = multiply_high((mantissa << 31) | (std::uint64_t{1} << 63),
                                              static_cast<std::uint64_t>(location_));
  const std::int64_t right = shift_ - 1 - (log2 >> 32);
  if (static_cast<std::uint64_t>(right) > 63) [[unlikely]] {
    return right < 0 ? Duration::max().ns() : static_cast<std::int64_t>(product >> 63);
  }
  return static_cast<std::int64_t>(product >> right);
}

Duration Distribution::at(std::uint64_t word) const {
  std::int64_t value = location_;
  switch (kind_) {
    case Kind::uniform:
      value += static_cast<std::int64_t>(multiply_high(word, scale_));
      break;
    case Kind::exponential:
      value = static_cast<std::int64_t>(
          (static_cast<Uint128>(standard_exponential(word)) * static_cast<std::uint64_t>(value)) >>
          32);
      break;
    case Kind::lognormal:
      value = lognormal_at(word);
      break;
  }
  if (clamped_) value = std::clamp(value, low_, high_);
  return Duration::nanoseconds(value);
}

}  // namespace leasehold::sim
