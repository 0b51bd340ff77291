#include "models/postgres/advisory_lock.hpp"

#include <catch2/catch.hpp>

#include "tests/models/redis/lock_world.hpp"

// The lock as a client has it, in its modes and under the faults that tell it from a lease.
namespace leasehold::models::postgres {
namespace {

using redis::testing::LockWorld;
using redis::testing::Turn;
using Answer = LockClient::Answer;
using Settings = std::map<std::string, std::string>;

constexpr std::int64_t kLong = 9'000'000;

/// Two clients: the first asks at 100 ms and has the lock a few ms later, the second at 200 ms.
LockWorld two_clients(const Settings& set, std::int64_t first_works_ms) {
  return LockWorld("pg-advisory", set,
                   {{{100, first_works_ms, true}}, {{200, 10, true, 2 * kLong}}});
}

Settings with_keepalive(Settings set = {}) {
  set.merge(
      Settings{{"keepalive-idle", "5s"}, {"keepalive-interval", "1s"}, {"keepalive-count", "3"}});
  return set;
}

TEST_CASE("in each of its modes pg-advisory is handed over when it is released") {
  for (const char* mode : {"session", "xact", "try", "try-xact"}) {
    CAPTURE(std::string(mode));
    LockWorld world("pg-advisory", {{"mode", mode}},
                    {{{100, 3'000, true}, {5'000, 10, true}}, {{200, 1'000, true}}});
    world.run_to_ms(20'000);
    CHECK(world.acquisitions(0) == 2);
    CHECK(world.acquired_at_ms(1) >= 3'100);
    CHECK(world.acquired_at_ms(1) <= 3'200);
    CHECK(world.safe());
    for (const LockWorld::Answered& answered : world.answers()) {
      CHECK(answered.answer == Answer::yes);
    }
  }
}

TEST_CASE("an application's patience ends its wait, and its place in the queue") {
  for (const char* mode : {"session", "xact", "try", "try-xact"}) {
    CAPTURE(std::string(mode));
    LockWorld world("pg-advisory", {{"mode", mode}},
                    {{{100, 3'000, true}}, {{200, 10, true, 1'000}}, {{300, 10, true}}});
    world.run_to_ms(20'000);
    CHECK(world.acquisitions(1) == 0);
    REQUIRE_FALSE(world.answers().empty());
    const auto refused = std::find_if(world.answers().begin(), world.answers().end(),
                                      [](const auto& a) { return a.client == 1; });
    REQUIRE(refused != world.answers().end());
    CHECK(refused->answer == Answer::no);
    CHECK(refused->at_ms >= 1'200);
    CHECK(refused->at_ms <= 1'300);
    CHECK(world.acquisitions(2) == 1);
  }
}

TEST_CASE("neither a pause nor a clock breaks pg-advisory") {
  LockWorld world = two_clients({}, 500);
  world.run_to_ms(300);
  world.step(world.server(0), 3'600'000);
  world.step(0, -3'600'000);
  world.kernel().pause(0);
  world.run_to_ms(60'000);
  CHECK(world.acquired_at_ms(1) < 0);
  world.kernel().resume(0);
  world.run_to_ms(kLong);
  CHECK(world.acquired_at_ms(1) >= 60'000);
  CHECK(world.safe());
}

TEST_CASE("a holder's death frees pg-advisory within a message") {
  for (const char* mode : {"session", "xact"}) {
    LockWorld world = two_clients({{"mode", mode}}, 60'000);
    world.run_to_ms(1'000);
    world.kernel().crash(0);
    world.run_to_ms(2'000);
    CHECK(world.acquired_at_ms(1) == 1'002);
  }
}

TEST_CASE("a holder that dies in a statement of its session frees the lock when that ends") {
  // The statement starts with the work, at some 110 ms.
  struct Case {
    Settings set;
    std::int64_t freed_ms;
  };
  for (const Case& c : {Case{{{"query", "6s"}}, 6'100},
                        Case{{{"query", "6s"}, {"connection-check-interval", "1s"}}, 1'100}}) {
    CAPTURE(c.freed_ms);
    LockWorld world = two_clients(c.set, 60'000);
    world.run_to_ms(600);
    world.kernel().crash(0);
    world.run_to_ms(20'000);
    CHECK(world.acquired_at_ms(1) > c.freed_ms);
    CHECK(world.acquired_at_ms(1) <= c.freed_ms + 30);
  }
}

TEST_CASE("a holder whose statement outlasts its work releases after the statement") {
  LockWorld world = two_clients({{"query", "6s"}}, 1'000);
  world.run_to_ms(20'000);
  CHECK(world.acquired_at_ms(1) >= 6'100);
  CHECK(world.acquired_at_ms(1) <= 6'130);
  CHECK(world.answers().back().answer == Answer::yes);
  CHECK(world.safe());
}

TEST_CASE("a holder that is cut off keeps pg-advisory for the keepalive's time or for ever") {
  const auto served_at_ms = [](const Settings& set, std::int64_t work_ms) {
    LockWorld world = two_clients(set, work_ms);
    world.run_to_ms(1'000);
    world.cut(0, 0);
    world.run_to_ms(kLong);
    return world.acquired_at_ms(1);
  };
  // The last traffic with the server is the answer to the lock statement, at some 105 ms.
  const std::int64_t usual = served_at_ms({}, kLong);
  CHECK(usual >= 7'875'100);
  CHECK(usual <= 7'875'120);
  const std::int64_t quick = served_at_ms(with_keepalive(), kLong);
  CHECK(quick >= 8'100);
  CHECK(quick <= 8'120);
  // What the holder says into the cut changes nothing at the server.
  CHECK(served_at_ms(with_keepalive(), 2'000) == quick);
}

TEST_CASE("a short keepalive lets a longer partition break the exclusion of pg-advisory") {
  const auto run = [](const Settings& set, std::int64_t cut_ms) {
    LockWorld world = two_clients(set, 15'000);
    world.run_to_ms(1'000);
    world.cut(0, 0);
    world.run_to_ms(1'000 + cut_ms);
    world.mend(0, 0);
    world.run_to_ms(60'000);
    CHECK(world.acquisitions(1) == 1);
    CHECK(world.beliefs_overlap() == world.works_overlap());
    CHECK_FALSE(world.grants_overlap());
    return world.works_overlap();
  };
  CHECK_FALSE(run(with_keepalive(), 6'000));
  CHECK(run(with_keepalive(), 8'000));
  CHECK_FALSE(run({}, 14'000));
}

TEST_CASE("a restart frees pg-advisory at once under its working holder") {
  for (const bool power : {false, true}) {
    CAPTURE(power);
    LockWorld world("pg-advisory", {},
                    {{{100, 5'000, true}}, {{200, 10, true}}, {{2'000, 10, true}}});
    world.run_to_ms(1'000);
    if (power) {
      world.kernel().power_loss(world.server(0));
      world.kernel().power_on(world.server(0));
    } else {
      world.restart_server(0);
    }
    world.run_to_ms(60'000);
    // Of a power loss nobody hears: a waiter waits for its keepalive, a newcomer is served.
    CHECK((world.acquired_at_ms(1) >= 0) == !power);
    CHECK(world.acquired_at_ms(2) >= 2'000);
    CHECK(world.acquired_at_ms(2) <= 2'010);
    CHECK(world.grants_overlap());
    CHECK(world.beliefs_overlap());
    CHECK(world.works_overlap());
  }
}

TEST_CASE("with max_connections used up an acquire is refused until a session ends") {
  LockWorld world("pg-advisory", {{"max-connections", "2"}},
                  {{{100, 2'000, true}}, {{200, 2'000, true}}, {{300, 10, true, 20'000}}});
  world.run_to_ms(10'000);
  CHECK(world.acquisitions(1) == 1);
  CHECK(world.acquisitions(2) == 0);  // both sessions are kept
  world.kernel().crash(0);
  world.run_to_ms(10'500);
  CHECK(world.acquisitions(2) == 1);
}

TEST_CASE("tokens of the sequence grow from grant to grant, also over a restart") {
  std::vector<std::vector<Turn>> scripts(3);
  for (std::int64_t i = 0; i < 60; ++i) {
    scripts[static_cast<std::size_t>(i % 3)].push_back({100 + 100 * i, 20, true});
  }
  LockWorld world("pg-advisory", {{"token", "sequence"}}, scripts);
  for (std::int64_t at_ms = 1'000; at_ms < 7'000; at_ms += 1'330) {
    world.run_to_ms(at_ms);
    world.restart_server(0);
  }
  world.run_to_ms(kLong);
  const std::vector<Token>& tokens = world.tokens();
  CHECK(tokens.size() == 60);
  CHECK(std::is_sorted(tokens.begin(), tokens.end()));
  CHECK(std::adjacent_find(tokens.begin(), tokens.end()) == tokens.end());
}

}  // namespace
}  // namespace leasehold::models::postgres
