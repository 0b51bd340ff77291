#include <catch2/catch.hpp>
#include <memory>

#include "tests/sim/death.hpp"
#include "tests/sim/world.hpp"

using namespace leasehold::sim;
using namespace leasehold::sim::test;

namespace {

using Kind = Incoming::Kind;

/// Does something with its process when its frame is destroyed, as a careless guard would.
template <class Act>
class OnExit {
 public:
  OnExit(Process& process, Act act) : process_(process), act_(act) {}
  OnExit(const OnExit&) = delete;
  OnExit& operator=(const OnExit&) = delete;
  ~OnExit() { act_(process_); }

 private:
  Process& process_;
  Act act_;
};

/// Crashes a process whose frame does `act` on destruction.
template <class Act>
bool asserts_in_death(Act act) {
  return asserts([act] {
    World world;
    world.add_hosts(2);
    world.process(0, [act](Process& self) -> Task<void> {
      const OnExit guard(self, act);
      co_await self.sleep(10_s);
    });
    world.at(1_s, [&] { world.kernel.crash(0); });
    world.run_until(2_s);
  });
}

}  // namespace

TEST_CASE("a crash destroys what a process had in memory; a restart begins anew") {
  World world;
  world.add_hosts(2);
  std::vector<std::pair<std::uint32_t, int>> lives;
  world.process(0, [&](Process& self) -> Task<void> {
    int steps = 0;
    while (true) {
      lives.emplace_back(self.incarnation(), steps++);
      co_await self.sleep(1_s);
    }
  });
  world.at(1'500_ms, [&] { world.kernel.crash(0); });
  world.at(3'500_ms, [&] { world.kernel.restart(0); });
  world.run_until(5_s);
  CHECK(lives == std::vector<std::pair<std::uint32_t, int>>{{0, 0}, {0, 1}, {1, 0}, {1, 1}});
}

TEST_CASE("a crash empties the mailbox") {
  World world;
  world.add_hosts(2);
  Arrivals heard;
  world.process(0, [&](Process& self) -> Task<void> {
    co_await self.sleep(1_s);
    co_await note_all(world, self.inbox(), heard);
  });
  world.process(1, [&](Process& self) -> Task<void> {
    self.send(0, text(1));
    co_await self.sleep(1_s);
    self.send(0, text(2));
  });
  world.at(500_ms, [&] { world.kernel.crash(0); });
  world.at(600_ms, [&] { world.kernel.restart(0); });
  world.run_until(5_s);
  CHECK(heard == Arrivals{{1'600_ms, Kind::datagram, 2}});
}

TEST_CASE("what a process sent before its crash still travels") {
  World world;
  world.add_hosts(2, 100_ms);
  Arrivals heard;
  world.process(0, [&](Process& self) -> Task<void> {
    self.send(1, text(7));
    co_await self.sleep(1_s);
    self.send(1, text(8));
  });
  world.process(1, [&](Process& self) { return note_all(world, self.inbox(), heard); });
  SECTION("crash") {
    world.at(50_ms, [&] { world.kernel.crash(0); });
  }
  SECTION("power loss") {
    world.at(50_ms, [&] { world.kernel.power_loss(0); });
  }
  world.run_until(5_s);
  CHECK(heard == Arrivals{{100_ms, Kind::datagram, 7}});
}

TEST_CASE("each incarnation has streams of its own") {
  World world;
  world.add_hosts(1);
  std::vector<std::uint64_t> words;
  world.process(0, [&](Process& self) -> Task<void> {
    Rng rng = self.stream(purpose("test"));
    words.push_back(rng.next());
    co_return;
  });
  world.at(1_s, [&] { world.kernel.crash(0); });
  world.at(2_s, [&] { world.kernel.restart(0); });
  world.run_until(3_s);
  REQUIRE(words.size() == 2);
  CHECK(words[0] != words[1]);
}

TEST_CASE("a dying process can send, arm, spawn and draw nothing") {
  CHECK(asserts_in_death([](Process& self) { self.send(1, text(1)); }));
  CHECK(asserts_in_death([](Process& self) { static_cast<void>(self.stream(1)); }));
  CHECK(asserts_in_death([](Process& self) { static_cast<void>(self.connect(1)); }));
  CHECK(asserts_in_death([](Process& self) { self.listen(); }));
  CHECK(asserts_in_death([](Process& self) { self.send_over(0, text(1)); }));
  CHECK(asserts_in_death([](Process& self) { static_cast<void>(self.file(1)); }));
  CHECK(asserts_in_death(
      [](Process& self) { self.spawn([](Process&) -> Task<void> { co_return; }(self)); }));
  // The harness itself: doing nothing is no death.
  CHECK(!asserts_in_death([](Process&) {}));
}

TEST_CASE("a dead process can do nothing either") {
  CHECK(asserts([] {
    World world;
    world.add_hosts(2);
    Process& process =
        world.process(0, [](Process& self) -> Task<void> { co_await self.sleep(10_s); });
    world.run_until(1_s);
    world.kernel.crash(0);
    process.send(1, text(1));
  }));
}

TEST_CASE("a dying frame may let go: notify, cancel, close") {
  World world;
  world.add_hosts(2);
  world.process(1, [](Process& self) -> Task<void> {
    self.listen();
    co_await self.sleep(Duration::max());
  });
  world.process(0, [&](Process& self) -> Task<void> {
    Signal signal(self);
    const auto wait = [](Signal& s) -> Task<void> { co_await s.wait(); };
    self.spawn(wait(signal));
    Connection connection = self.connect(0);
    const OnExit guard(self, [&](Process&) { signal.notify_all(); });
    co_await self.sleep(Duration::max());
  });
  world.at(1_s, [&] { world.kernel.crash(1); });
  world.run_until(5_s);
  CHECK(!world.kernel.alive(1));
  CHECK(world.kernel.network().live_connections() == 0);
}

TEST_CASE("a process cannot be crashed by its own step, but by an action in the same instant") {
  World world;
  world.add_hosts(1);
  int steps = 0;
  world.process(0, [&](Process& self) -> Task<void> {
    ++steps;
    world.at(world.now(), [&] { world.kernel.crash(0); });
    ++steps;
    co_await self.sleep(1_ns);
    ++steps;
  });
  world.run_until(1_s);
  CHECK(steps == 2);
  CHECK(asserts([] {
    World other;
    other.add_hosts(1);
    other.process(0, [&](Process&) -> Task<void> {
      other.kernel.crash(0);
      co_return;
    });
    other.run_until(1_s);
  }));
}

TEST_CASE("a crash while its process is about to run leaves nothing to run") {
  World world;
  world.add_hosts(1);
  int ran = 0;
  // Both wake at 1 s; the first crashes the second before its turn.
  world.process(0, [&](Process& self) -> Task<void> {
    co_await self.sleep(1_s);
    world.kernel.crash(1);
  });
  world.process(0, [&](Process& self) -> Task<void> {
    Signal signal(self);
    const auto wait = [](Signal& s, int& count) -> Task<void> {
      co_await s.wait();
      ++count;
    };
    self.spawn(wait(signal, ran));
    co_await self.sleep(1_s);
    ++ran;
    signal.notify_all();
  });
  world.run_until(5_s);
  CHECK(ran == 0);
}

TEST_CASE("power loss kills all processes of the machine; power on starts them all again") {
  World world;
  world.add_hosts(2);
  std::vector<std::pair<ProcessId, std::uint32_t>> started;
  for (int i = 0; i < 3; ++i) {
    world.process(i == 2 ? 1u : 0u, [&](Process& self) -> Task<void> {
      started.emplace_back(self.id(), self.incarnation());
      co_await self.sleep(Duration::max());
    });
  }
  world.at(1_s, [&] { world.kernel.power_loss(0); });
  world.at(2_s, [&] {
    CHECK(!world.kernel.alive(0));
    CHECK(!world.kernel.alive(1));
    CHECK(world.kernel.alive(2));
    world.kernel.restart(0);  // no machine, no process
    CHECK(!world.kernel.alive(0));
    world.kernel.power_on(0);
  });
  world.run_until(5_s);
  CHECK(started ==
        std::vector<std::pair<ProcessId, std::uint32_t>>{{0, 0}, {1, 0}, {2, 0}, {0, 1}, {1, 1}});
}

TEST_CASE("a promise about a clock outlives the process that made it") {
  class Observer final : public DeadlineObserver {
   public:
    explicit Observer(World& world) : world_(world) {}
    void on_deadline(std::uint64_t cookie) override { seen.emplace_back(world_.now(), cookie); }
    std::vector<std::pair<Duration, std::uint64_t>> seen;

   private:
    World& world_;
  };
  World world;
  world.add_hosts(1);
  Observer observer(world);
  world.process(0, [&](Process& self) -> Task<void> {
    const Duration now = self.mono_now().since_zero();
    self.recorder().at(self, ClockKind::mono, now + 2_s, observer, 1);
    const TimerId given_up = self.recorder().at(self, ClockKind::mono, now + 3_s, observer, 2);
    self.recorder().at(self, ClockKind::boot, now + 4_s, observer, 3);
    self.recorder().cancel(given_up);
    co_await self.sleep(10_s);
  });
  world.at(1_s, [&] { world.kernel.crash(0); });
  world.at(2'500_ms, [&] { world.kernel.set_clock_rate(0, 500'000'000); });
  world.run_until(20_s);
  CHECK(observer.seen == std::vector<std::pair<Duration, std::uint64_t>>{{2_s, 1}, {3'500_ms, 3}});
}
