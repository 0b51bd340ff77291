#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/process/time.hpp"
#include "sim/world/true_time.hpp"

namespace leasehold::sim {

/// The clocks of one host, as functions of true time.
///
/// One oscillator with a rate error drives all three: boot is the oscillator, wall is boot plus an
/// offset that steps move, mono is boot less the time spent suspended. Slew is a rate error that
/// NTP adds for a while. Readings are whole nanoseconds, rounded down; a rate is held as a multiple
/// of 2^-40, so that a day's error from it is below 40 ns.
class HostClock {
 public:
  HostClock() = default;
  HostClock(Duration wall_offset, std::int64_t rate_ppb) : wall_minus_boot_(wall_offset.ns()) {
    rate_ppb_ = rate_ppb;
    set_rate(rate_ppb);
  }

  std::int64_t read(ClockKind clock, TrueTime now) const {
    if (halted()) [[unlikely]] {
      return read_halted(clock, now);
    }
    return of_boot(clock, origin_reading_ + reading_after(now.since_zero().ns() - origin_ns_));
  }

  /// The first instant of true time, not before `now`, at which the clock reads `reading` or more
  /// if nothing changes; never() while that clock stands still and has not reached it.
  TrueTime when(ClockKind clock, std::int64_t reading, TrueTime now) const;
  /// Whether nothing but a change keeps any of the clocks from that reading: then when_running() is
  /// when().
  bool runs_to(std::int64_t reading) const { return !halted() && reading <= kFarthest; }
  TrueTime when_running(ClockKind clock, std::int64_t reading, TrueTime now) const;

  std::int64_t rate_ppb() const { return rate_ppb_; }
  std::int64_t slew_ppb() const { return slew_ppb_; }

  /// Each change takes effect at `now`, which must not go back from one call to the next. The
  /// kernel re-arms the timers of the host afterwards.
  void step_wall(Duration by) { wall_minus_boot_ += by.ns(); }
  void set_rate_error(TrueTime now, std::int64_t rate_ppb);
  void set_slew(TrueTime now, std::int64_t slew_ppb);
  /// Virtual machine suspended: mono stands still, boot and wall run on. Suspends and freezes nest.
  void suspend(TrueTime now);
  void unsuspend(TrueTime now);
  /// Frozen by the hypervisor: all clocks stand still and nobody inside can tell.
  void freeze(TrueTime now);
  void thaw(TrueTime now);

 private:
  __extension__ using Int128 = __int128;
  static constexpr int kRateBits = 40;
  static constexpr int kInverseBits = 62;
  /// A deadline beyond this reading, 109 years, is for ever: "never" must not overflow.
  static constexpr std::int64_t kFarthest = std::int64_t{3} << 60;

  bool halted() const { return halts_ > 0; }
  [[gnu::cold]] std::int64_t read_halted(ClockKind clock, TrueTime now) const;
  std::int64_t read_boot(std::int64_t now_ns) const {
    if (freezes_ > 0) return origin_reading_;
    return origin_reading_ + reading_after(now_ns - origin_ns_);
  }
  /// What a running clock reads when boot reads `boot`.
  std::int64_t of_boot(ClockKind clock, std::int64_t boot) const {
    if (clock == ClockKind::wall) return boot + wall_minus_boot_;
    if (clock == ClockKind::mono) return boot - boot_minus_mono_;
    return boot;
  }
  /// How far the oscillator gets in `elapsed` of true time, rounded down.
  std::int64_t reading_after(std::int64_t elapsed) const {
    return elapsed + static_cast<std::int64_t>((Int128{elapsed} * rate_) >> kRateBits);
  }
  void rebase(TrueTime now);
  void set_rate(std::int64_t total_ppb);

  std::int64_t origin_ns_ = 0;       ///< true time of the last change of rate
  std::int64_t origin_reading_ = 0;  ///< the oscillator's reading then
  std::int64_t rate_ = 0;            ///< its excess over true time, in 2^-40
  std::int64_t inverse_ = 0;         ///< rate / (1 + rate), in 2^-62, rounded down
  std::int64_t rate_ppb_ = 0;
  std::int64_t slew_ppb_ = 0;
  std::int64_t wall_minus_boot_ = 0;
  std::int64_t boot_minus_mono_ = 0;
  std::int64_t mono_at_suspend_ = 0;
  std::uint32_t suspends_ = 0;
  std::uint32_t freezes_ = 0;
  std::uint32_t halts_ = 0;  ///< of both kinds
};

inline TrueTime HostClock::when(ClockKind clock, std::int64_t reading, TrueTime now) const {
  if (freezes_ > 0 || (clock == ClockKind::mono && suspends_ > 0)) [[unlikely]] {
    return read(clock, now) >= reading ? now : TrueTime::never();
  }
  return reading > kFarthest ? TrueTime::never() : when_running(clock, reading, now);
}

inline TrueTime HostClock::when_running(ClockKind clock, std::int64_t reading, TrueTime now) const {
  std::int64_t boot = reading;
  if (clock == ClockKind::wall) boot -= wall_minus_boot_;
  if (clock == ClockKind::mono) boot += boot_minus_mono_;
  const std::int64_t reached = boot - origin_reading_;
  // The least t with t + floor(t * rate) >= reached is the ceiling of reached / (1 + rate). With
  // the inverse rounded down, and spans below 2^62 ns, this is that or one more.
  std::int64_t elapsed =
      reached - static_cast<std::int64_t>((Int128{reached} * inverse_) >> kInverseBits);
  if (reading_after(elapsed - 1) >= reached) --elapsed;
  return std::max(TrueTime::at(Duration::nanoseconds(origin_ns_ + elapsed)), now);
}

}  // namespace leasehold::sim
