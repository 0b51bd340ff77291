#include "sim/world/host_clock.hpp"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <concepts>
#include <vector>

using namespace leasehold::sim;
using namespace leasehold::sim::literals;

namespace {

__extension__ using Int128 = __int128;

constexpr std::int64_t kDayNs = 86'400'000'000'000;

TrueTime at(std::int64_t ns) { return TrueTime::at(Duration::nanoseconds(ns)); }

/// What a clock is told, and the same clocks reckoned without rounding, in 10^-9 ns.
struct Change {
  enum class Kind : std::uint8_t { rate, slew, step, suspend, unsuspend, freeze, thaw };
  std::int64_t after_ns;
  Kind kind;
  std::int64_t value;
};

class Reference {
 public:
  void advance(std::int64_t ns) {
    if (freezes > 0) return;
    const Int128 boot = Int128{ns} * (1'000'000'000 + rate + slew);
    boot_ += boot;
    if (suspends == 0) mono_ += boot;
  }
  Int128 boot() const { return boot_ / 1'000'000'000; }
  Int128 mono() const { return mono_ / 1'000'000'000; }
  Int128 wall() const { return boot() + steps; }

  std::int64_t rate = 0;
  std::int64_t slew = 0;
  std::int64_t steps = 0;
  int suspends = 0;
  int freezes = 0;

 private:
  Int128 boot_ = 0;
  Int128 mono_ = 0;
};

void apply(const Change& change, TrueTime now, HostClock& clock, Reference& reference) {
  switch (change.kind) {
    case Change::Kind::rate:
      reference.rate = change.value;
      return clock.set_rate_error(now, change.value);
    case Change::Kind::slew:
      reference.slew = change.value / 2;
      return clock.set_slew(now, change.value / 2);
    case Change::Kind::step:
      reference.steps += change.value * 1000;
      return clock.step_wall(Duration::nanoseconds(change.value * 1000));
    case Change::Kind::suspend:
      ++reference.suspends;
      return clock.suspend(now);
    case Change::Kind::unsuspend:
      if (reference.suspends == 0) return;
      --reference.suspends;
      return clock.unsuspend(now);
    case Change::Kind::freeze:
      ++reference.freezes;
      return clock.freeze(now);
    case Change::Kind::thaw:
      if (reference.freezes == 0) return;
      --reference.freezes;
      return clock.thaw(now);
  }
}

/// Steps and rates; among the rates those of which a clock shows every nth nanosecond exactly when
/// it comes, which is where rounding shows.
rc::Gen<std::int64_t> any_value() {
  return rc::gen::oneOf(rc::gen::inRange<std::int64_t>(-300'000'000, 500'000'000),
                        rc::gen::element<std::int64_t>(-250'000'000, 125'000'000, 250'000'000));
}

std::vector<Change> any_changes() {
  return *rc::gen::container<std::vector<Change>>(rc::gen::apply(
      [](std::int64_t after, int kind, std::int64_t value) {
        return Change{after, static_cast<Change::Kind>(kind), value};
      },
      rc::gen::inRange<std::int64_t>(0, kDayNs / 16), rc::gen::inRange(0, 7), any_value()));
}

template <class A, class B>
concept Subtractable = requires(A a, B b) { a - b; };
template <class A, class B>
concept Comparable = requires(A a, B b) { a < b; };

}  // namespace

TEST_CASE("times of different clocks do not mix") {
  STATIC_REQUIRE(Subtractable<MonoTime, MonoTime>);
  STATIC_REQUIRE(!Subtractable<MonoTime, WallTime>);
  STATIC_REQUIRE(!Subtractable<MonoTime, BootTime>);
  STATIC_REQUIRE(!Subtractable<WallTime, TrueTime>);
  STATIC_REQUIRE(!Comparable<MonoTime, WallTime>);
  STATIC_REQUIRE(!Comparable<BootTime, TrueTime>);
  STATIC_REQUIRE(!std::convertible_to<std::int64_t, Duration>);
  STATIC_REQUIRE(!std::convertible_to<Duration, MonoTime>);
}

TEST_CASE("a rate error is exact over a day, to far below 1 ppm") {
  const std::int64_t ppb = GENERATE(0, 1, -1, 20'000, -50'000, 500'000'000, -400'000'000);
  const HostClock clock(5_s, ppb);
  const auto expected =
      static_cast<std::int64_t>(Int128{kDayNs} * (1'000'000'000 + ppb) / 1'000'000'000);
  CHECK(std::abs(clock.read(ClockKind::boot, at(kDayNs)) - expected) <= 100);
  CHECK(std::abs(clock.read(ClockKind::mono, at(kDayNs)) - expected) <= 100);
  CHECK(std::abs(clock.read(ClockKind::wall, at(kDayNs)) - expected - 5'000'000'000) <= 100);
}

TEST_CASE("a step moves the wall clock alone, a slew all three") {
  HostClock clock(0_s, 0);
  clock.step_wall(-2_s);
  CHECK(clock.read(ClockKind::wall, at(1'000'000'000)) == -1'000'000'000);
  CHECK(clock.read(ClockKind::mono, at(1'000'000'000)) == 1'000'000'000);
  clock.set_slew(at(1'000'000'000), 500'000);
  CHECK(clock.read(ClockKind::wall, at(2'000'000'000)) == 500'000 - 1);  // rounded down
  CHECK(clock.read(ClockKind::mono, at(2'000'000'000)) == 2'000'500'000 - 1);
  CHECK(clock.read(ClockKind::boot, at(2'000'000'000)) == 2'000'500'000 - 1);
}

TEST_CASE("in a suspend the monotonic clock stands still, in a freeze all do") {
  HostClock clock(0_s, 0);
  clock.suspend(at(1000));
  CHECK(clock.read(ClockKind::mono, at(5000)) == 1000);
  CHECK(clock.read(ClockKind::boot, at(5000)) == 5000);
  CHECK(clock.read(ClockKind::wall, at(5000)) == 5000);
  clock.unsuspend(at(5000));
  CHECK(clock.read(ClockKind::mono, at(6000)) == 2000);
  clock.freeze(at(6000));
  CHECK(clock.read(ClockKind::mono, at(9000)) == 2000);
  CHECK(clock.read(ClockKind::boot, at(9000)) == 6000);
  CHECK(clock.read(ClockKind::wall, at(9000)) == 6000);
  clock.thaw(at(9000));
  CHECK(clock.read(ClockKind::boot, at(10'000)) == 7000);
}

TEST_CASE("suspends and freezes nest") {
  HostClock clock(0_s, 0);
  clock.suspend(at(1000));
  clock.suspend(at(2000));
  clock.freeze(at(3000));
  clock.unsuspend(at(4000));
  clock.thaw(at(5000));
  CHECK(clock.read(ClockKind::mono, at(6000)) == 1000);
  CHECK(clock.read(ClockKind::boot, at(6000)) == 4000);
  clock.unsuspend(at(6000));
  CHECK(clock.read(ClockKind::mono, at(7000)) == 2000);
}

TEST_CASE("a clock that stands still reaches nothing") {
  HostClock clock(0_s, 0);
  clock.suspend(at(1000));
  CHECK(clock.when(ClockKind::mono, 1001, at(1000)).is_never());
  CHECK(clock.when(ClockKind::mono, 1000, at(2000)) == at(2000));
  CHECK(clock.when(ClockKind::boot, 1500, at(1000)) == at(1500));
  clock.freeze(at(3000));
  CHECK(clock.when(ClockKind::boot, 3001, at(3000)).is_never());
}

TEST_CASE("no clock reaches the end of time") {
  const HostClock clock(-3600_s, -1000);
  CHECK(clock.when(ClockKind::mono, MonoTime::never().since_zero().ns(), at(5)).is_never());
  CHECK(clock.when(ClockKind::wall, WallTime::never().since_zero().ns(), at(5)).is_never());
}

TEST_CASE("readings stay true to the ppb through any changes, and never go back") {
  CHECK(rc::check("against a reckoning without rounding", [] {
    HostClock clock(0_s, 0);
    Reference reference;
    std::int64_t now = 0;
    std::int64_t rounding = 1;
    std::int64_t last_boot = 0;
    std::int64_t last_mono = 0;
    for (const Change& change : any_changes()) {
      now += change.after_ns;
      reference.advance(change.after_ns);
      apply(change, at(now), clock, reference);
      // A rounding per change of rate, and a rate's own: 2^-41 of the time since the last.
      rounding += 2 + (change.after_ns >> 40);
      const std::int64_t boot = clock.read(ClockKind::boot, at(now));
      const std::int64_t mono = clock.read(ClockKind::mono, at(now));
      RC_ASSERT(boot >= last_boot && mono >= last_mono);
      last_boot = boot;
      last_mono = mono;
      RC_ASSERT(std::abs(boot - static_cast<std::int64_t>(reference.boot())) <= rounding);
      RC_ASSERT(std::abs(mono - static_cast<std::int64_t>(reference.mono())) <= 2 * rounding);
      RC_ASSERT(std::abs(clock.read(ClockKind::wall, at(now)) -
                         static_cast<std::int64_t>(reference.wall())) <= rounding);
    }
  }));
}

TEST_CASE("a deadline comes at the first nanosecond at which the clock shows it") {
  CHECK(rc::check("on any clock, at any rate, after any changes", [] {
    HostClock clock(Duration::nanoseconds(*rc::gen::inRange<std::int64_t>(-kDayNs, kDayNs)), 0);
    Reference reference;
    std::int64_t now = 0;
    for (const Change& change : any_changes()) {
      now += change.after_ns;
      apply(change, at(now), clock, reference);
    }
    const auto kind = static_cast<ClockKind>(*rc::gen::inRange(0, 3));
    const std::int64_t ahead = *rc::gen::oneOf(rc::gen::inRange<std::int64_t>(-1000, 1000),
                                               rc::gen::inRange<std::int64_t>(0, 400 * kDayNs));
    const std::int64_t reading = clock.read(kind, at(now)) + ahead;
    const TrueTime when = clock.when(kind, reading, at(now));
    if (ahead <= 0) {
      RC_ASSERT(when == at(now));
    } else if (reference.freezes > 0 || (kind == ClockKind::mono && reference.suspends > 0)) {
      RC_ASSERT(when.is_never());
    } else {
      RC_ASSERT(clock.read(kind, when) >= reading);
      RC_ASSERT(clock.read(kind, when - 1_ns) < reading);
    }
  }));
}
