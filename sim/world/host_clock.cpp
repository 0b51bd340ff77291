#include "sim/world/host_clock.hpp"

#include "support/assert.hpp"

namespace leasehold::sim {

std::int64_t HostClock::read_halted(ClockKind clock, TrueTime now) const {
  if (clock == ClockKind::mono && suspends_ > 0) return mono_at_suspend_;
  return of_boot(clock, read_boot(now.since_zero().ns()));
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
  const Int128 dividend = Int128{rate_} << kInverseBits;
  const Int128 divisor = one + rate_;
  const Int128 quotient = dividend / divisor;
  inverse_ = static_cast<std::int64_t>(quotient - (dividend % divisor < 0 ? 1 : 0));
}

void HostClock::set_rate_error(TrueTime now, std::int64_t rate_ppb) {
  rebase(now);
  rate_ppb_ = rate_ppb;
  set_rate(rate_ppb_ + slew_ppb_);
}

void HostClock::set_slew(TrueTime now, std::int64_t slew_ppb) {
  rebase(now);
  slew_ppb_ = slew_ppb;
  set_rate(rate_ppb_ + slew_ppb_);
}

void HostClock::suspend(TrueTime now) {
  if (suspends_ == 0) mono_at_suspend_ = read(ClockKind::mono, now);
  ++suspends_;
  ++halts_;
}

void HostClock::unsuspend(TrueTime now) {
  LH_ASSERT(suspends_ > 0);
  --halts_;
  if (--suspends_ == 0) boot_minus_mono_ = read(ClockKind::boot, now) - mono_at_suspend_;
}

void HostClock::freeze(TrueTime now) {
  if (freezes_ == 0) rebase(now);
  ++freezes_;
  ++halts_;
}

void HostClock::thaw(TrueTime now) {
  LH_ASSERT(freezes_ > 0);
  --halts_;
  if (--freezes_ == 0) origin_ns_ = now.since_zero().ns();
}

}  // namespace leasehold::sim
