#include <catch2/catch.hpp>
#include <memory>
#include <string>

#include "tests/sim/death.hpp"
#include "tests/sim/world.hpp"

using namespace leasehold::sim;
using namespace leasehold::sim::test;

namespace {

using Names = std::vector<std::string>;

struct Fixture : World {
  Fixture() { add_hosts(2); }
  Names log;
};

Task<void> wait_and_log(Fixture& world, Signal& signal, std::string name) {
  co_await signal.wait();
  world.log.push_back(std::move(name));
}

/// Tells when it is destroyed.
class Guard {
 public:
  Guard(Names& log, std::string name) : log_(&log), name_(std::move(name)) {}
  Guard(Guard&& other) noexcept : log_(std::exchange(other.log_, nullptr)), name_(other.name_) {}
  Guard(const Guard&) = delete;
  ~Guard() {
    if (log_ != nullptr) log_->push_back(name_);
  }

 private:
  Names* log_;
  std::string name_;
};

Task<void> sleep_with(Process& self, Guard, Duration span) { co_await self.sleep(span); }

}  // namespace

TEST_CASE("a spawned task starts after the current one suspends, in the order of spawning") {
  Fixture world;
  world.process(0, [&](Process& self) -> Task<void> {
    const auto child = [](Fixture& w, std::string name) -> Task<void> {
      w.log.push_back(std::move(name));
      co_return;
    };
    self.spawn(child(world, "first"));
    self.spawn(child(world, "second"));
    world.log.push_back("parent");
    co_await self.sleep(1_ms);
    world.log.push_back("parent again");
  });
  world.run_until(1_s);
  CHECK(world.log == Names{"parent", "first", "second", "parent again"});
}

TEST_CASE("a completed task's frame is destroyed at once, arguments included") {
  Fixture world;
  world.process(0, [&](Process& self) -> Task<void> {
    self.spawn(sleep_with(self, Guard(world.log, "argument"), 1_s));
    co_await self.sleep(1_s);
    world.log.push_back("parent");
  });
  world.run_until(1_s);
  CHECK(world.log == Names{"parent", "argument"});
}

TEST_CASE("spawned tasks are destroyed before those that started them when the process dies") {
  Fixture world;
  const ProcessId id =
      world
          .process(0,
                   [&](Process& self) -> Task<void> {
                     const Guard guard(world.log, "parent");
                     self.spawn(sleep_with(self, Guard(world.log, "child 1"), 10_s));
                     self.spawn(sleep_with(self, Guard(world.log, "child 2"), 10_s));
                     co_await self.sleep(10_s);
                   })
          .id();
  world.at(1_s, [&] { world.kernel.crash(id); });
  world.run_until(2_s);
  CHECK(world.log == Names{"child 2", "child 1", "parent"});
}

TEST_CASE("a signal wakes all who wait, in the order of their coming, and nobody who comes later") {
  Fixture world;
  world.process(0, [&](Process& self) -> Task<void> {
    Signal signal(self);
    self.spawn(wait_and_log(world, signal, "a"));
    self.spawn(wait_and_log(world, signal, "b"));
    co_await self.sleep(1_ms);
    signal.notify_all();
    self.spawn(wait_and_log(world, signal, "c"));
    co_await self.sleep(1_ms);
    CHECK(world.log == Names{"a", "b"});
    signal.notify_all();
    signal.notify_all();
    co_await self.sleep(1_ms);
  });
  world.run_until(1_s);
  CHECK(world.log == Names{"a", "b", "c"});
}

TEST_CASE("waiting for a signal ends at the deadline") {
  Fixture world;
  std::vector<bool> notified;
  std::vector<Duration> woken;
  world.process(0, [&](Process& self) -> Task<void> {
    Signal signal(self);
    const auto wait = [](Fixture& w, Process& p, Signal& s, std::vector<bool>& n,
                         std::vector<Duration>& t) -> Task<void> {
      const bool first = co_await s.wait_until(p.mono_now() + 1_s);
      n.push_back(first);
      t.push_back(w.now());
      const bool second = co_await s.wait_until(p.mono_now() + 1_s);
      n.push_back(second);
      t.push_back(w.now());
    };
    self.spawn(wait(world, self, signal, notified, woken));
    co_await self.sleep(1'500_ms);
    signal.notify_all();
    co_await self.sleep(10_s);
  });
  world.run_until(10_s);
  CHECK(notified == std::vector<bool>{false, true});
  CHECK(woken == std::vector<Duration>{1_s, 1'500_ms});
}

TEST_CASE("a mailbox gives messages out in order of arrival, however full it was") {
  Fixture world;
  std::vector<std::uint64_t> received;
  const ProcessId receiver = world
                                 .process(0,
                                          [&](Process& self) -> Task<void> {
                                            while (true) {
                                              const Incoming incoming =
                                                  co_await self.inbox().receive();
                                              received.push_back(value_of(incoming));
                                              // Slower than they come, for a while.
                                              if (received.size() < 60) co_await self.compute(3_ms);
                                            }
                                          })
                                 .id();
  world.process(1, [&](Process& self) -> Task<void> {
    for (std::uint64_t i = 0; i < 200; ++i) {
      self.send(receiver, text(i));
      co_await self.sleep(1_ms);
    }
  });
  world.run_until(10_s);
  REQUIRE(received.size() == 200);
  for (std::uint64_t i = 0; i < 200; ++i) CHECK(received[i] == i);
}

TEST_CASE("receive_until returns at once what is there, and nothing at its deadline") {
  Fixture world;
  std::vector<std::pair<Duration, std::uint64_t>> received;
  const ProcessId receiver =
      world
          .process(0,
                   [&](Process& self) -> Task<void> {
                     for (int i = 0; i < 4; ++i) {
                       const MonoTime deadline = self.mono_now() + 10_ms;
                       const auto incoming = co_await self.inbox().receive_until(deadline);
                       received.emplace_back(world.now(), incoming ? value_of(*incoming) : 0);
                       if (i == 1) co_await self.compute(10_ms);
                     }
                   })
          .id();
  world.process(1, [&](Process& self) -> Task<void> {
    co_await self.sleep(14_ms);
    self.send(receiver, text(1));
    self.send(receiver, text(2));
  });
  world.run_until(10_s);
  CHECK(received == std::vector<std::pair<Duration, std::uint64_t>>{
                        {10_ms, 0}, {15_ms, 1}, {25_ms, 2}, {35_ms, 0}});
}

TEST_CASE("a deadline that has passed ends a wait in the same instant") {
  Fixture world;
  Duration woken = 1_s;
  world.process(0, [&](Process& self) -> Task<void> {
    co_await self.sleep(5_ms);
    const auto incoming = co_await self.inbox().receive_until(self.mono_now() - 1_ms);
    CHECK(!incoming.has_value());
    woken = world.now();
  });
  world.run_until(1_s);
  CHECK(woken == 5_ms);
}

TEST_CASE("sleeping for ever is no event") {
  Fixture world;
  world.process(0, [&](Process& self) -> Task<void> { co_await self.sleep(Duration::max()); });
  world.process(1,
                [&](Process& self) -> Task<void> { co_await self.sleep_until(MonoTime::never()); });
  world.run_until(1_s);
  CHECK(world.kernel.idle());
}

TEST_CASE("a timer that was given up costs nothing later") {
  Fixture world;
  world.process(0, [&](Process& self) -> Task<void> {
    Signal signal(self);
    for (int i = 0; i < 1000; ++i) {
      self.spawn(wait_and_log(world, signal, ""));
      const auto wait = [](Process& p, Signal& s) -> Task<void> {
        co_await s.wait_until(p.mono_now() + 1000_s);
      };
      self.spawn(wait(self, signal));
      co_await self.sleep(1_ms);
      signal.notify_all();
    }
  });
  world.run_until(10_s);
  CHECK(world.kernel.idle());
  CHECK(world.kernel.counters().events == 1000);
}

TEST_CASE("two coroutines receiving from one mailbox are a bug that is caught") {
  CHECK(asserts([] {
    Fixture world;
    const ProcessId receiver = world
                                   .process(0,
                                            [&](Process& self) -> Task<void> {
                                              Arrivals ignored;
                                              self.spawn(note_all(world, self.inbox(), ignored));
                                              co_await note_all(world, self.inbox(), ignored);
                                            })
                                   .id();
    world.process(1, [&](Process& self) -> Task<void> {
      self.send(receiver, text(1));
      co_return;
    });
    world.run_until(1_s);
  }));
}
