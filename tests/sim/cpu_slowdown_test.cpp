#include <catch2/catch.hpp>

#include "tests/sim/world.hpp"

using namespace leasehold::sim;
using namespace leasehold::sim::test;

namespace {

/// A process that computes for 10 s of its own, and when it is done.
struct Computing : World {
  Computing() {
    add_hosts(2);
    id = process(0, [this](Process& self) -> Task<void> {
           co_await self.compute(10_s);
           done.push_back(now());
           co_await self.compute(1_s);
           done.push_back(now());
         }).id();
  }

  ProcessId id;
  std::vector<Duration> done;
};

}  // namespace

TEST_CASE("a slow CPU takes so many times as long, for what is under way too") {
  Computing world;
  SECTION("from the beginning") {
    world.at(0_s, [&] { world.kernel.set_cpu_slowdown(0, 3); });
  }
  SECTION("from the middle on: half of it at full speed, half at a fifth") {
    world.at(5_s, [&] { world.kernel.set_cpu_slowdown(0, 5); });
  }
  SECTION("for a while: 6 s at a third are 2 s of work, so 4 s are lost") {
    world.at(3_s, [&] { world.kernel.set_cpu_slowdown(0, 3); });
    world.at(9_s, [&] { world.kernel.set_cpu_slowdown(0, 1); });
    world.run_until(100_s);
    CHECK(world.done == std::vector<Duration>{14_s, 15_s});
    return;
  }
  world.run_until(100_s);
  CHECK(world.done == std::vector<Duration>{30_s, world.kernel.cpu_slowdown(0) == 3 ? 33_s : 35_s});
}

TEST_CASE("a pause on a slow CPU adds its own length and no more") {
  Computing world;
  world.at(2_s, [&] { world.kernel.set_cpu_slowdown(0, 4); });
  world.at(6_s, [&] { world.kernel.pause(world.id); });
  SECTION("slow throughout") {
    // 2 s done, then 1 s in 4 s; a pause of 10 s; 7 s left take 28 s.
    world.at(16_s, [&] { world.kernel.resume(world.id); });
    world.run_until(100_s);
    CHECK(world.done == std::vector<Duration>{44_s, 48_s});
  }
  SECTION("the CPU recovers within the pause") {
    // 7 s are left at the pause, which ends when the old end has not come yet: full speed then.
    world.at(8_s, [&] { world.kernel.set_cpu_slowdown(0, 1); });
    world.at(16_s, [&] { world.kernel.resume(world.id); });
    world.run_until(100_s);
    CHECK(world.done == std::vector<Duration>{23_s, 24_s});
  }
  SECTION("the CPU recovers within a pause that outlasts the old end") {
    world.at(60_s, [&] { world.kernel.set_cpu_slowdown(0, 1); });
    world.at(70_s, [&] { world.kernel.resume(world.id); });
    world.run_until(100_s);
    CHECK(world.done == std::vector<Duration>{77_s, 78_s});
  }
}

TEST_CASE("a slow CPU slows no timer, no other host, and dies with its process") {
  Computing world;
  std::vector<Duration> woken;
  world.process(0, [&](Process& self) -> Task<void> {
    co_await self.sleep(1_s);
    woken.push_back(world.now());
  });
  world.process(1, [&](Process& self) -> Task<void> {
    co_await self.compute(1_s);
    woken.push_back(world.now());
  });
  world.at(0_s, [&] { world.kernel.set_cpu_slowdown(0, 1'000'000); });
  world.at(3_s, [&] { world.kernel.crash(world.id); });
  world.at(4_s, [&] { world.kernel.set_cpu_slowdown(0, 1); });
  world.run_until(100_s);
  CHECK(woken == std::vector<Duration>{1_s, 1_s});
  CHECK(world.done.empty());
}
