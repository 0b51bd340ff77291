#include "sim/world/host_clock.hpp"

#include <algorithm>

#include "support/assert.hpp"

namespace leasehold::sim {

TrueTime HostClock::when(ClockKind clock, std::int64_t reading, TrueTime now) const {
  if (read(clock, now) >= reading) return now;
  if (frozen_ || (clock == ClockKind::mono && suspended_)) return TrueTime::never();
  std::int64_t boot = reading;
  if (clock == ClockKind::wall) boot -= wall_minus_boot_;
  if (clock == ClockKind::mono) boot += boot_minus_mono_;
  const std::int64_t elapsed = boot - origin_reading_;
  std::int64_t at = origin_ns_ + elapsed - scale(elapsed, inverse_);
  // The two roundings leave `at` a few nanoseconds off: walk to the exact edge.
  while (read_boot(at) >= boot) --at;
  while (read_boot(at) < boot) ++at;
  return TrueTime::at(Duration::nanoseconds(std::max(at, now.since_zero().ns())));
}

void HostClock::rebase(TrueTime now) {
  const std::int64_t now_ns = now.since_zero().ns();
  origin_reading_ = read_boot(now_ns);
  origin_ns_ = now_ns;
}

void HostClock::set_rate(std::int64_t total_ppb) {
  constexpr Int128 one = static_cast<Int128>(1) << kRateBits;
  constexpr Int128 billion = 1'000'000'000;
  LH_ASSERT(total_ppb > -500'000'000 && total_ppb < 1'000'000'000);
  rate_ = static_cast<std::int64_t>(one * total_ppb / billion);
  inverse_ = static_cast<std::int64_t>(one * total_ppb / (billion + total_ppb));
}

void HostClock::change_rate_error(TrueTime now, std::int64_t by_ppb) {
  rebase(now);
  rate_ppb_ += by_ppb;
  set_rate(rate_ppb_ + slew_ppb_);
}

void HostClock::change_slew(TrueTime now, std::int64_t by_ppb) {
  rebase(now);
  slew_ppb_ += by_ppb;
  set_rate(rate_ppb_ + slew_ppb_);
}

void HostClock::suspend(TrueTime now) {
  LH_ASSERT(!suspended_);
  mono_at_suspend_ = read(ClockKind::mono, now);
  suspended_ = true;
}

void HostClock::unsuspend(TrueTime now) {
  LH_ASSERT(suspended_);
  suspended_ = false;
  boot_minus_mono_ = read(ClockKind::boot, now) - mono_at_suspend_;
}

void HostClock::freeze(TrueTime now) {
  LH_ASSERT(!frozen_);
  rebase(now);
  frozen_ = true;
}

void HostClock::thaw(TrueTime now) {
  LH_ASSERT(frozen_);
  frozen_ = false;
  origin_ns_ = now.since_zero().ns();
}

}  // namespace leasehold::sim
