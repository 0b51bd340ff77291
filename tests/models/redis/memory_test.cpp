#include "models/redis/memory.hpp"

#include <catch2/catch.hpp>

#include "tests/models/redis/lock_world.hpp"

namespace leasehold::models::redis {
namespace {

using namespace testing;

sim::MonoTime at_ms(std::int64_t ms) { return sim::MonoTime::at(sim::Duration::milliseconds(ms)); }

TEST_CASE("others write into a memory while it is full, and only then") {
  Memory memory(100, 1'000);
  memory.press(at_ms(1'000));
  memory.press(at_ms(1'500));
  memory.relieve(at_ms(2'000));
  CHECK(memory.is_full());
  memory.relieve(at_ms(3'000));
  CHECK_FALSE(memory.is_full());
  memory.press(at_ms(5'000));
  CHECK(memory.written(at_ms(0), at_ms(900)) == 0);
  CHECK(memory.written(at_ms(0), at_ms(4'000)) == 2'000);
  CHECK(memory.written(at_ms(2'900), at_ms(5'010)) == 110);
}

/// A holder from 100 to 1,000 ms, a waiter that polls every 52 ms, a lock of 2 s, and a memory that
/// is full from 300 ms to a given time.
struct Pressed {
  Pressed(const std::map<std::string, std::string>& set, std::int64_t until_ms)
      : world("redis-ttl", set, {{{100, 900}}, {{200, 900}}}, 2'000) {
    world.run_to_ms(300);
    world.set_memory_pressure(0, true);
    world.run_to_ms(until_ms);
    world.set_memory_pressure(0, false);
    world.run_to_ms(10'000);
  }
  LockWorld world;
};

TEST_CASE("under noeviction a full memory grants nothing and frees what is released") {
  Pressed pressed({}, 3'000);
  CHECK(pressed.world.acquired_at_ms(0) < 110);
  CHECK(pressed.world.answers()[1].release);
  CHECK(pressed.world.answers()[1].answer == LockClient::Answer::yes);
  CHECK(pressed.world.acquired_at_ms(1) > 3'000);
  CHECK(pressed.world.acquired_at_ms(1) <= 3'000 + 52 + 2);
  CHECK(pressed.world.safe());
}

TEST_CASE("under volatile-lru the first key written into a full memory evicts the lock") {
  SECTION("one") {
    Pressed pressed({{"maxmemory-policy", "volatile-lru"}, {"other-writes", "100"}}, 310);
    CHECK(pressed.world.acquired_at_ms(1) <= 310 + 52 + 2);
    CHECK(pressed.world.works_overlap());
    CHECK(pressed.world.grants_overlap());
  }
  SECTION("none") {
    Pressed pressed({{"maxmemory-policy", "volatile-lru"}, {"other-writes", "99"}}, 310);
    CHECK(pressed.world.acquired_at_ms(1) > 1'000);
    CHECK(pressed.world.safe());
  }
  SECTION("what lives for ever stays: the counter of the tokens") {
    Pressed pressed({{"maxmemory-policy", "volatile-lru"}, {"token", "incr"}}, 500);
    CHECK(pressed.world.works_overlap());
    CHECK(pressed.world.tokens() == std::vector<Token>{1, 2});
  }
}

TEST_CASE("under allkeys-lru a lock stays that is asked for more often than all else is replaced") {
  // A key a millisecond: 52 or fewer come between two polls.
  for (const char* keys : {"40", "60"}) {
    Pressed pressed({{"maxmemory-policy", "allkeys-lru"}, {"maxmemory-keys", keys}}, 900);
    CAPTURE(std::string(keys));
    CHECK(pressed.world.works_overlap() == (std::string(keys) == "40"));
  }
}

TEST_CASE("a lock that was set again after the pressure stays") {
  Pressed pressed({{"maxmemory-policy", "volatile-lru"}}, 310);
  LockWorld& world = pressed.world;
  CHECK(world.acquisitions(1) == 1);
  CHECK(world.answers().back().release);
  CHECK(world.answers().back().answer == LockClient::Answer::yes);
}

}  // namespace
}  // namespace leasehold::models::redis
