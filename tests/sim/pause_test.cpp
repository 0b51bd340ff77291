#include <catch2/catch.hpp>

#include "tests/sim/world.hpp"

using namespace leasehold::sim;
using namespace leasehold::sim::test;

namespace {

using Times = std::vector<Duration>;

struct World1 : World {
  World1() { add_hosts(1); }
};

}  // namespace

TEST_CASE("a timer that comes due in a pause fires when it ends") {
  World1 world;
  Times woken;
  const ProcessId id = world
                           .process(0,
                                    [&](Process& self) -> Task<void> {
                                      while (true) {
                                        co_await self.sleep(1_s);
                                        woken.push_back(world.now());
                                      }
                                    })
                           .id();
  world.at(1'500_ms, [&] { world.kernel.pause(id); });
  world.at(4'700_ms, [&] { world.kernel.resume(id); });
  world.run_until(6_s);
  CHECK(woken == Times{1_s, 4'700_ms, 5'700_ms});
}

TEST_CASE("a pause does not lengthen a sleep that outlasts it") {
  World1 world;
  Times woken;
  const ProcessId id = world
                           .process(0,
                                    [&](Process& self) -> Task<void> {
                                      co_await self.sleep(10_s);
                                      woken.push_back(world.now());
                                    })
                           .id();
  world.at(1_s, [&] { world.kernel.pause(id); });
  world.at(9_s, [&] { world.kernel.resume(id); });
  world.run_until(20_s);
  CHECK(woken == Times{10_s});
}

TEST_CASE("every pause lengthens a computation by its own length") {
  World1 world;
  Times woken;
  const ProcessId id = world
                           .process(0,
                                    [&](Process& self) -> Task<void> {
                                      co_await self.compute(10_s);
                                      woken.push_back(world.now());
                                    })
                           .id();
  world.at(1_s, [&] { world.kernel.pause(id); });
  world.at(3_s, [&] { world.kernel.resume(id); });
  SECTION("one within it") {
    world.run_until(100_s);
    CHECK(woken == Times{12_s});
  }
  SECTION("one more in the time added, over the old and the new end") {
    world.at(9_s, [&] { world.kernel.pause(id); });
    world.at(15_s, [&] { world.kernel.resume(id); });
    world.run_until(100_s);
    CHECK(woken == Times{18_s});
  }
  SECTION("suspends and freezes of the machine count as well") {
    world.at(4_s, [&] { world.kernel.suspend_machine(0); });
    world.at(5_s, [&] { world.kernel.unsuspend_machine(0); });
    world.at(6_s, [&] { world.kernel.freeze_machine(0); });
    world.at(8_s, [&] { world.kernel.thaw_machine(0); });
    world.run_until(100_s);
    CHECK(woken == Times{15_s});
  }
}

TEST_CASE("pauses nest") {
  World1 world;
  Times woken;
  const ProcessId id = world
                           .process(0,
                                    [&](Process& self) -> Task<void> {
                                      co_await self.sleep(2_s);
                                      woken.push_back(world.now());
                                    })
                           .id();
  world.at(1_s, [&] { world.kernel.pause(id); });
  world.at(1'500_ms, [&] { world.kernel.pause(id); });
  world.at(3_s, [&] { world.kernel.resume(id); });
  world.at(4_s, [&] { world.kernel.resume(id); });
  world.run_until(10_s);
  CHECK(woken == Times{4_s});
}

TEST_CASE("what came in a pause is received after it, in order of arrival") {
  World world;
  world.add_hosts(2);
  Arrivals heard;
  const ProcessId receiver = world
                                 .process(0,
                                          [&](Process& self) -> Task<void> {
                                            co_await note_all(world, self.inbox(), heard);
                                          })
                                 .id();
  world.process(1, [&](Process& self) -> Task<void> {
    for (std::uint64_t i = 0; i < 5; ++i) {
      self.send(receiver, text(i));
      co_await self.sleep(1_s);
    }
  });
  world.at(1'500_ms, [&] { world.kernel.pause(receiver); });
  world.at(3'500_ms, [&] { world.kernel.resume(receiver); });
  world.run_until(10_s);
  using Kind = Incoming::Kind;
  CHECK(heard == Arrivals{{1_ms, Kind::datagram, 0},
                          {1'001_ms, Kind::datagram, 1},
                          {3'500_ms, Kind::datagram, 2},
                          {3'500_ms, Kind::datagram, 3},
                          {4'001_ms, Kind::datagram, 4}});
}

TEST_CASE("the host's clocks run on in a pause, and the process finds them advanced") {
  World1 world;
  Duration before;
  Duration after;
  const ProcessId id = world
                           .process(0,
                                    [&](Process& self) -> Task<void> {
                                      before = self.mono_now().since_zero();
                                      co_await self.sleep(1_s);
                                      after = self.mono_now().since_zero();
                                    })
                           .id();
  world.at(500_ms, [&] { world.kernel.pause(id); });
  world.at(30_s, [&] { world.kernel.resume(id); });
  world.run_until(40_s);
  CHECK(after - before == 30_s);
}

TEST_CASE(
    "a suspended machine's process cannot tell by the monotonic clock, by the boot clock it can") {
  World1 world;
  Duration mono;
  Duration boot;
  world.process(0, [&](Process& self) -> Task<void> {
    const MonoTime mono_before = self.mono_now();
    const BootTime boot_before = self.boot_now();
    co_await self.sleep(2_s);
    mono = self.mono_now() - mono_before;
    boot = self.boot_now() - boot_before;
  });
  world.at(1_s, [&] { world.kernel.suspend_machine(0); });
  world.at(11_s, [&] { world.kernel.unsuspend_machine(0); });
  world.run_until(40_s);
  CHECK(mono == 2_s);
  CHECK(boot == 12_s);
}

TEST_CASE("a timer of the boot clock that comes due in a suspend fires at its end") {
  World1 world;
  Times woken;
  world.process(0, [&](Process& self) -> Task<void> {
    co_await self.sleep_until(self.boot_now() + 5_s);
    woken.push_back(world.now());
  });
  world.at(1_s, [&] { world.kernel.suspend_machine(0); });
  world.at(11_s, [&] { world.kernel.unsuspend_machine(0); });
  world.run_until(40_s);
  CHECK(woken == Times{11_s});
}

TEST_CASE("after a full freeze no clock of the machine shows it") {
  World1 world;
  Duration wall;
  Times woken;
  world.process(0, [&](Process& self) -> Task<void> {
    const WallTime before = self.wall_now();
    co_await self.sleep(2_s);
    wall = self.wall_now() - before;
    woken.push_back(world.now());
  });
  world.at(1_s, [&] { world.kernel.freeze_machine(0); });
  world.at(11_s, [&] { world.kernel.thaw_machine(0); });
  world.run_until(40_s);
  CHECK(wall == 2_s);
  CHECK(woken == Times{12_s});
}

TEST_CASE("a timer follows its clock through steps, slew and rate changes") {
  World1 world;
  Duration mono_woken;
  Duration wall_woken;
  world.process(0, [&](Process& self) -> Task<void> {
    co_await self.sleep_until(self.mono_now() + 10_s);
    mono_woken = world.now();
  });
  world.process(0, [&](Process& self) -> Task<void> {
    co_await self.sleep_until(self.wall_now() + 10_s);
    wall_woken = world.now();
  });
  SECTION("a step forward") {
    world.at(1_s, [&] { world.kernel.step_wall_clock(0, 4_s); });
    world.run_until(40_s);
    CHECK(mono_woken == 10_s);
    CHECK(wall_woken == 6_s);
  }
  SECTION("a step back") {
    world.at(1_s, [&] { world.kernel.step_wall_clock(0, -4_s); });
    world.run_until(40_s);
    CHECK(mono_woken == 10_s);
    CHECK(wall_woken == 14_s);
  }
  SECTION("a step beyond the deadline") {
    world.at(1_s, [&] { world.kernel.step_wall_clock(0, 60_s); });
    world.run_until(40_s);
    CHECK(mono_woken == 10_s);
    CHECK(wall_woken == 1_s);
  }
  SECTION("three quarters of the rate from the middle on") {
    world.at(5_s, [&] { world.kernel.set_clock_rate(0, -250'000'000); });
    world.run_until(40_s);
    CHECK(mono_woken == 5_s + 6'666'666'667_ns);
    CHECK(wall_woken == 5_s + 6'666'666'667_ns);
  }
  SECTION("slew from the middle on") {
    world.at(5_s, [&] { world.kernel.set_clock_slew(0, 250'000'000); });
    world.run_until(40_s);
    CHECK(mono_woken == 9_s);
    CHECK(wall_woken == 9_s);
  }
}

// A lock client in miniature: it looks at its clock, decides and writes, each a step of its own.
TEST_CASE("a pause can fall between every pair of client steps, also between check and write") {
  struct Step {
    Duration at;
    int number;
    bool operator==(const Step&) const = default;
  };
  const auto run = [](Duration pause_at) {
    World world;
    world.add_hosts(2);
    std::vector<Step> steps;
    Arrivals written;
    const ProcessId store = world
                                .process(1,
                                         [&](Process& self) -> Task<void> {
                                           co_await note_all(world, self.inbox(), written);
                                         })
                                .id();
    const ProcessId client = world
                                 .process(0,
                                          [&](Process& self) -> Task<void> {
                                            const MonoTime lease_end = self.mono_now() + 10_s;
                                            for (int i = 0; i < 10; ++i) {
                                              co_await self.compute(1_us);
                                              steps.push_back({world.now(), 2 * i});
                                              if (self.mono_now() >= lease_end) co_return;
                                              co_await self.compute(1_us);
                                              steps.push_back({world.now(), 2 * i + 1});
                                              self.send(store, text(static_cast<std::uint64_t>(i)));
                                            }
                                          })
                                 .id();
    if (pause_at > 0_s) {
      world.at(pause_at, [&world, client] { world.kernel.pause(client); });
      world.at(pause_at + 20_s, [&world, client] { world.kernel.resume(client); });
    }
    world.run_until(60_s);
    return std::pair(steps, written);
  };
  const auto [calm, all_written] = run(0_s);
  REQUIRE(calm.size() == 20);
  REQUIRE(all_written.size() == 10);
  for (std::size_t k = 0; k < calm.size(); ++k) {
    const auto [steps, written] = run(calm[k].at - 500_ns);
    // The steps before the pause are untouched, step k comes after it.
    for (std::size_t i = 0; i < k; ++i) CHECK(steps[i] == calm[i]);
    REQUIRE(steps.size() > k);
    CHECK(steps[k] == Step{calm[k].at + 20_s, calm[k].number});
    // After a check that saw the lease alive, the write goes out 20 s later, with the lease over.
    const bool between_check_and_write = k % 2 == 1;
    CHECK(written.size() == k / 2 + (between_check_and_write ? 1 : 0));
  }
}

TEST_CASE("a process paused by another's step does not run in the same instant") {
  World1 world;
  Times second_ran;
  ProcessId second = 0;
  world.process(0, [&](Process& self) -> Task<void> {
    co_await self.sleep(1_s);
    world.kernel.pause(second);
  });
  second = world
               .process(0,
                        [&](Process& self) -> Task<void> {
                          co_await self.sleep(1_s);
                          second_ran.push_back(world.now());
                        })
               .id();
  world.at(5_s, [&] { world.kernel.resume(second); });
  world.run_until(10_s);
  CHECK(second_ran == Times{5_s});
}

TEST_CASE("a process added to a stopped machine runs when the machine does") {
  World1 world;
  Times ran;
  world.at(1_s, [&] { world.kernel.freeze_machine(0); });
  world.at(2_s, [&] {
    world.process(0, [&](Process&) -> Task<void> {
      ran.push_back(world.now());
      co_return;
    });
  });
  world.at(5_s, [&] { world.kernel.thaw_machine(0); });
  world.run_until(10_s);
  CHECK(ran == Times{5_s});
}

TEST_CASE("a receive that timed out in a pause still takes what came before it ended") {
  World world;
  world.add_hosts(2);
  std::vector<std::pair<Duration, bool>> received;
  const ProcessId receiver =
      world
          .process(0,
                   [&](Process& self) -> Task<void> {
                     while (true) {
                       const auto incoming =
                           co_await self.inbox().receive_until(self.mono_now() + 1_s);
                       received.emplace_back(world.now(), incoming.has_value());
                     }
                   })
          .id();
  world.process(1, [&](Process& self) -> Task<void> {
    co_await self.sleep(3_s);
    self.send(receiver, text(1));
  });
  world.at(500_ms, [&] { world.kernel.pause(receiver); });
  world.at(5_s, [&] { world.kernel.resume(receiver); });
  world.run_until(6'500_ms);
  CHECK(received == std::vector<std::pair<Duration, bool>>{{5_s, true}, {6_s, false}});
}
