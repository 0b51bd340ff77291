#include "sim/process/distribution.hpp"

#include <algorithm>
#include <bit>

#include "sim/process/sampling.hpp"

namespace leasehold::sim {

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

Duration Distribution::at(std::uint64_t word) const { return at_here(word); }

}  // namespace leasehold::sim
