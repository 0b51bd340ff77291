#include "models/redis/setnx.hpp"

#include <catch2/catch.hpp>

#include "tests/models/redis/lock_world.hpp"

namespace leasehold::models::redis {
namespace {

using namespace testing;
using Answer = LockClient::Answer;

constexpr std::int64_t kLong = 600'000;

/// Whether the second client ever gets the lock, though the world is well again.
bool second_client_is_served(LockWorld& world) {
  world.run_to_ms(kLong);
  return world.acquired_at_ms(1) >= 0;
}

// Connected at 2 ms, SETNX applied at 3 ms and answered at 4 ms; work of 10 ms; DEL applied at
// 15 ms and answered at 16 ms.
constexpr std::int64_t kSetnxApplied = 103;
constexpr std::int64_t kDelSent = 114;

TEST_CASE("setnx is stuck for ever when its holder dies between SETNX and DEL applied") {
  struct Death {
    std::int64_t at_ms;
    bool stuck;
  };
  for (const Death death :
       {Death{kSetnxApplied - 2, false}, Death{kSetnxApplied - 1, true}, Death{kSetnxApplied, true},
        Death{kDelSent - 1, true}, Death{kDelSent, false}, Death{kDelSent + 1, false}}) {
    LockWorld world("setnx", {}, {{{100, 10, true}}, {{5'000, 10, true}}});
    world.run_to_ms(death.at_ms);
    world.kernel().crash(0);
    CAPTURE(death.at_ms);
    CHECK(second_client_is_served(world) == !death.stuck);
    CHECK(world.safe());
  }
}

TEST_CASE("a setnx whose reply is lost finds its own key in the way for ever") {
  LockWorld world("setnx", {}, {{{100, 10, true}}, {{5'000, 10, true}}});
  world.run_to_ms(kSetnxApplied - 1);  // sent, not yet applied
  SECTION("the reply is lost for longer than the client's patience with one command") {
    world.kernel().network().cut(world.server(0), 0);
    world.run_to_ms(2'000);
    world.kernel().network().mend(world.server(0), 0);
    CHECK_FALSE(second_client_is_served(world));
    CHECK(world.acquired_at_ms(0) < 0);
  }
  SECTION("just not") {
    world.kernel().network().cut(world.server(0), 0);
    world.run_to_ms(500);
    world.kernel().network().mend(world.server(0), 0);
    CHECK(second_client_is_served(world));
    CHECK(world.acquired_at_ms(0) >= 500);
  }
}

TEST_CASE("a holder that crashes leaves the key for ever unless the server forgets it too") {
  for (const char* persistence : {"none", "rdb", "aof-everysec", "aof-always"}) {
    LockWorld world("setnx", {{"persistence", persistence}},
                    {{{100, 3'000, true}}, {{200, 10, true}}});
    world.run_to_ms(1'000);
    world.kernel().crash(0);
    world.restart_server(0);
    const std::string mode = persistence;
    CAPTURE(mode);
    CHECK(second_client_is_served(world) == (mode == "none" || mode == "rdb"));
  }
}

TEST_CASE("a restart that loses the key breaks the exclusion of setnx") {
  for (const char* persistence : {"none", "rdb", "aof-everysec", "aof-always"}) {
    LockWorld world("setnx", {{"persistence", persistence}},
                    {{{100, 3'000, true}}, {{200, 3'000, true}}});
    world.run_to_ms(1'500);
    world.restart_server(0);
    world.run_to_ms(20'000);
    const std::string mode = persistence;
    CAPTURE(mode);
    const bool lost = mode == "none" || mode == "rdb";
    CHECK(world.grants_overlap() == lost);
    CHECK(world.beliefs_overlap() == lost);
    CHECK(world.works_overlap() == lost);
  }
}

TEST_CASE("no clock and no pause breaks the exclusion of setnx") {
  LockWorld world("setnx", {}, {{{100, 500, true}}, {{200, 10, true}}});
  world.run_to_ms(300);
  world.step(world.server(0), 3'600'000);
  world.step(0, -3'600'000);
  world.kernel().pause(0);
  world.run_to_ms(60'000);
  CHECK(world.acquired_at_ms(1) < 0);
  world.kernel().resume(0);
  CHECK(second_client_is_served(world));
  CHECK(world.safe());
}

TEST_CASE("the DEL of a holder whose key was lost frees its successor's lock") {
  LockWorld world("setnx", {{"persistence", "none"}},
                  {{{100, 1'000, true}}, {{200, 3'000, true}}, {{600, 10, true}}});
  world.run_to_ms(500);
  world.restart_server(0);
  world.run_to_ms(2'000);  // the second holds the key; the first has released
  CHECK(world.acquired_at_ms(1) >= 0);
  CHECK(world.acquired_at_ms(2) >= 1'100);
  CHECK(world.acquired_at_ms(2) < 1'500);
}

}  // namespace
}  // namespace leasehold::models::redis
