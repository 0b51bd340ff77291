#pragma once

#include <compare>
#include <cstdint>
#include <limits>

/// Time as a process may know it: spans, and readings of the three clocks of its own host.
/// The four kinds of instant are distinct types; mixing them does not compile. True time, the
/// fourth, lives in sim/world/true_time.hpp, out of reach of models.
namespace leasehold::sim {

/// A span of time in whole nanoseconds, of either sign, up to about 292 years.
class Duration {
 public:
  constexpr Duration() = default;
  static constexpr Duration nanoseconds(std::int64_t count) { return Duration(count); }
  static constexpr Duration microseconds(std::int64_t count) { return Duration(count * 1'000); }
  static constexpr Duration milliseconds(std::int64_t count) { return Duration(count * 1'000'000); }
  static constexpr Duration seconds(std::int64_t count) { return Duration(count * 1'000'000'000); }
  static constexpr Duration zero() { return Duration(0); }
  static constexpr Duration max() { return Duration(std::numeric_limits<std::int64_t>::max()); }

  constexpr std::int64_t ns() const { return ns_; }

  constexpr Duration operator-() const { return Duration(-ns_); }
  constexpr Duration& operator+=(Duration other) {
    ns_ += other.ns_;
    return *this;
  }
  constexpr Duration& operator-=(Duration other) {
    ns_ -= other.ns_;
    return *this;
  }
  friend constexpr Duration operator+(Duration a, Duration b) { return Duration(a.ns_ + b.ns_); }
  friend constexpr Duration operator-(Duration a, Duration b) { return Duration(a.ns_ - b.ns_); }
  friend constexpr Duration operator*(Duration a, std::int64_t n) { return Duration(a.ns_ * n); }
  friend constexpr Duration operator*(std::int64_t n, Duration a) { return Duration(a.ns_ * n); }
  friend constexpr Duration operator/(Duration a, std::int64_t n) { return Duration(a.ns_ / n); }
  friend constexpr std::int64_t operator/(Duration a, Duration b) { return a.ns_ / b.ns_; }
  friend constexpr auto operator<=>(Duration, Duration) = default;

 private:
  constexpr explicit Duration(std::int64_t ns) : ns_(ns) {}
  std::int64_t ns_ = 0;
};

inline namespace literals {
constexpr Duration operator""_ns(unsigned long long n) {
  return Duration::nanoseconds(static_cast<std::int64_t>(n));
}
constexpr Duration operator""_us(unsigned long long n) {
  return Duration::microseconds(static_cast<std::int64_t>(n));
}
constexpr Duration operator""_ms(unsigned long long n) {
  return Duration::milliseconds(static_cast<std::int64_t>(n));
}
constexpr Duration operator""_s(unsigned long long n) {
  return Duration::seconds(static_cast<std::int64_t>(n));
}
}  // namespace literals

/// A reading of one kind of clock, in nanoseconds since that clock's own zero. Readings of two
/// hosts have the same type but are never comparable; only a process's own clocks reach it.
template <class Clock>
class Instant {
 public:
  constexpr Instant() = default;
  static constexpr Instant at(Duration since_zero) { return Instant(since_zero.ns()); }
  static constexpr Instant never() { return Instant(std::numeric_limits<std::int64_t>::max()); }

  constexpr Duration since_zero() const { return Duration::nanoseconds(ns_); }
  constexpr bool is_never() const { return *this == never(); }

  friend constexpr Instant operator+(Instant a, Duration d) { return Instant(a.ns_ + d.ns()); }
  friend constexpr Instant operator-(Instant a, Duration d) { return Instant(a.ns_ - d.ns()); }
  friend constexpr Duration operator-(Instant a, Instant b) {
    return Duration::nanoseconds(a.ns_ - b.ns_);
  }
  friend constexpr auto operator<=>(Instant, Instant) = default;

 private:
  constexpr explicit Instant(std::int64_t ns) : ns_(ns) {}
  std::int64_t ns_ = 0;
};

/// The three clocks of a host, as DESIGN.md section 5 rule 2 has them.
enum class ClockKind : std::uint8_t {
  wall,  ///< settable: offset, rate error, steps
  mono,  ///< rate error and slew, no steps, stops while the machine is suspended
  boot,  ///< as mono, and runs on while the machine is suspended
};

struct WallClock {
  static constexpr ClockKind kKind = ClockKind::wall;
};
struct MonoClock {
  static constexpr ClockKind kKind = ClockKind::mono;
};
struct BootClock {
  static constexpr ClockKind kKind = ClockKind::boot;
};

using WallTime = Instant<WallClock>;
using MonoTime = Instant<MonoClock>;
using BootTime = Instant<BootClock>;

}  // namespace leasehold::sim
