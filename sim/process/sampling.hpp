#pragma once

#include <algorithm>
#include <bit>

#include "sim/process/distribution.hpp"
#include "sim/process/sampling_tables.hpp"
#include "support/uint128.hpp"

/// How a word becomes a sample: for where so many are taken that the call would count.
namespace leasehold::sim {

namespace detail {

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
inline std::uint64_t standard_exponential(std::uint64_t word) {
  const std::uint64_t survival = ~word | 1;
  const int zeros = std::countl_zero(survival);
  const std::uint64_t mantissa = (survival << zeros) << 1;  // without its leading one
  return static_cast<std::uint64_t>(zeros + 1) * tables::kLn2 -
         rising(tables::kLog, mantissa >> 24);
}

/// The standard normal's quantile at word / 2^64, in units of 2^-28. Pieces of equal width in the
/// logarithm of the tail: both tails are resolved down to 2^-49.
inline std::int64_t standard_normal(std::uint64_t word) {
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

}  // namespace detail

[[gnu::always_inline]] inline std::int64_t Distribution::lognormal_at(std::uint64_t word) const {
  // log2(sample / median), in units of 2^-32: at most 63 bits by the limit on sigma.
  const std::int64_t log2 =
      (detail::standard_normal(word) * static_cast<std::int64_t>(scale_)) >> 24;
  const std::uint64_t fraction = static_cast<std::uint64_t>(log2) & 0xffffffff;
  const std::uint64_t mantissa = detail::rising(tables::kExp2, fraction << 8);  // 2^fraction - 1
  const std::uint64_t product = support::multiply_high((mantissa << 31) | (std::uint64_t{1} << 63),
                                                       static_cast<std::uint64_t>(location_));
  const std::int64_t right = shift_ - 1 - (log2 >> 32);
  if (static_cast<std::uint64_t>(right) > 63) [[unlikely]] {
    return right < 0 ? Duration::max().ns() : static_cast<std::int64_t>(product >> 63);
  }
  return static_cast<std::int64_t>(product >> right);
}

inline std::int64_t Distribution::exponential_at(std::uint64_t word) const {
  const auto mean = static_cast<std::uint64_t>(location_);
  return static_cast<std::int64_t>(
      (static_cast<support::Uint128>(detail::standard_exponential(word)) * mean) >> 32);
}

[[gnu::always_inline]] inline std::int64_t Distribution::unclamped_at(std::uint64_t word) const {
  if (kind_ == Kind::uniform) {
    return location_ + static_cast<std::int64_t>(support::multiply_high(word, scale_));
  }
  return kind_ == Kind::lognormal ? lognormal_at(word) : exponential_at(word);
}

/// at(), in place.
[[gnu::always_inline]] inline Duration Distribution::at_here(std::uint64_t word) const {
  const std::int64_t value = unclamped_at(word);
  if (clamped_) [[unlikely]] {
    return Duration::nanoseconds(std::clamp(value, low_, high_));
  }
  return Duration::nanoseconds(value);
}

}  // namespace leasehold::sim
