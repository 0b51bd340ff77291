#include "models/postgres/server.hpp"

#include <catch2/catch.hpp>

#include "tests/models/postgres/one_server.hpp"

// The measured behaviour of PostgreSQL 15 (locks dossier, section 6).
namespace leasehold::models::postgres {
namespace {

using namespace testing;

constexpr Duration seconds(std::int64_t n) { return Duration::seconds(n); }
constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }

// ---------------------------------------------------------------------------------------- locks

TEST_CASE("session locks stack: as many unlocks as locks free the key") {
  OneServer world(instant_server());
  for (int i = 0; i < 3; ++i) CHECK(world.run(0, Statement::advisory_lock) == 1);
  for (int i = 0; i < 2; ++i) {
    CHECK(world.run(0, Statement::advisory_unlock) == 1);
    CHECK(world.run(1, Statement::try_advisory_lock) == 0);
    CHECK(world.granted() == 1);
  }
  CHECK(world.run(0, Statement::advisory_unlock) == 1);
  CHECK(world.granted() == 0);
  CHECK(world.run(0, Statement::advisory_unlock) == 0);
  CHECK(world.run(1, Statement::try_advisory_lock) == 1);
}

TEST_CASE("another session's unlock is answered false and frees nothing") {
  OneServer world(instant_server());
  world.run(0, Statement::advisory_lock);
  CHECK(world.run(1, Statement::advisory_unlock) == 0);
  CHECK(world.run(1, Statement::try_advisory_lock) == 0);
}

TEST_CASE("keys are locks of their own") {
  OneServer world(instant_server());
  CHECK(world.run(0, Statement::advisory_lock, 1) == 1);
  CHECK(world.run(1, Statement::advisory_lock, 2) == 1);
}

TEST_CASE("a transaction's lock ends with it, stacked or not, and no unlock ends it earlier") {
  for (const Statement lock : {Statement::advisory_xact_lock, Statement::try_advisory_xact_lock}) {
    OneServer world(instant_server());
    world.run(0, Statement::begin);
    CHECK(world.run(0, lock) == 1);
    CHECK(world.run(0, lock) == 1);
    CHECK(world.run(1, Statement::try_advisory_xact_lock) == 0);
    CHECK(world.run(0, Statement::advisory_unlock) == 0);
    CHECK(world.run(1, Statement::try_advisory_lock) == 0);
    CHECK(world.granted() == 1);
    CHECK(world.run(0, Statement::commit) == 1);
    CHECK(world.granted() == 0);
    CHECK(world.run(1, Statement::try_advisory_lock) == 1);
  }
}

TEST_CASE("a session's lock outlives the transaction in which it was taken") {
  OneServer world(instant_server());
  world.run(0, Statement::begin);
  world.run(0, Statement::advisory_lock);
  world.run(0, Statement::advisory_xact_lock);
  world.run(0, Statement::commit);
  CHECK(world.run(1, Statement::try_advisory_lock) == 0);
  CHECK(world.run(0, Statement::advisory_unlock) == 1);
  CHECK(world.run(1, Statement::try_advisory_lock) == 1);
}

TEST_CASE("outside of a transaction its kind of lock ends with the statement") {
  OneServer world(instant_server());
  CHECK(world.run(0, Statement::advisory_xact_lock) == 1);
  CHECK(world.granted() == 0);
  CHECK(world.run(1, Statement::try_advisory_lock) == 1);
}

TEST_CASE("waiters are served first come first served, and no try gets in between") {
  OneServer world(instant_server(), 5);
  world.run(0, Statement::advisory_lock);
  for (const std::uint32_t waiter : {3U, 1U, 2U}) {
    CHECK_FALSE(world.run(waiter, Statement::advisory_lock));
    CHECK(world.waits(waiter));
  }
  world.run(0, Statement::advisory_unlock);
  for (const std::uint32_t next : {3U, 1U, 2U}) {
    CHECK(world.answer(next) == 1);
    CHECK(world.granted() == 1);
    CHECK(world.run(4, Statement::try_advisory_lock) == 0);
    CHECK(world.run(next, Statement::advisory_unlock) == 1);
  }
  CHECK(world.run(4, Statement::try_advisory_lock) == 1);
}

TEST_CASE("lock_timeout ends a wait and leaves no waiter behind; its default ends none") {
  OneServer world(instant_server(), 3);
  world.run(0, Statement::advisory_lock);
  world.run(1, Statement::set_lock_timeout, 1'500);
  world.run(1, Statement::advisory_lock);
  world.run(2, Statement::advisory_lock);
  world.wait(ms(1'499));
  CHECK(world.waits(1));
  world.wait(ms(1));
  CHECK_FALSE(world.waits(1));
  CHECK(world.answer(1) == 0);
  world.wait(seconds(100'000));
  CHECK(world.waits(2));
  world.run(0, Statement::advisory_unlock);
  CHECK(world.answer(2) == 1);
}

// ---------------------------------------------------------------------------------- connections

TEST_CASE("a session more than max_connections is refused, and blocked waiters count") {
  ServerOptions options = instant_server();
  options.max_connections = 3;
  OneServer world(options, 4);
  world.run(0, Statement::advisory_lock);
  world.run(1, Statement::advisory_lock);
  world.run(2, Statement::advisory_lock);
  CHECK_FALSE(world.connect(3));
  world.run(0, Statement::advisory_unlock);
  CHECK_FALSE(world.connect(3));
  SECTION("until one of them ends") {
    world.kill(0);
    world.wait(ms(0));
    CHECK(world.connect(3));
  }
  SECTION("even when its client is dead, as long as it is blocked") {
    world.kill(2);
    world.wait(seconds(60));
    CHECK_FALSE(world.connect(3));
    world.run(1, Statement::advisory_unlock);
    CHECK(world.connect(3));
    CHECK(world.run(3, Statement::try_advisory_lock) == 1);
  }
}

TEST_CASE("killing the client of an idle session frees its lock at once") {
  OneServer world(instant_server());
  world.run(0, Statement::advisory_lock);
  world.run(1, Statement::advisory_lock);
  world.wait(seconds(5));
  world.kill(0);
  world.wait(Duration::zero());
  CHECK(world.answer(1) == 1);
  CHECK(world.granted() == 1);
}

TEST_CASE("killing the client of a busy session frees its lock when the statement ends") {
  OneServer world(instant_server());
  world.run(0, Statement::advisory_lock);
  world.run(1, Statement::advisory_lock);
  world.run(0, Statement::sleep, 6'000);
  world.wait(ms(500));
  world.kill(0);
  world.wait(ms(5'499));
  CHECK(world.waits(1));
  world.wait(ms(1));
  CHECK(world.answer(1) == 1);
}

TEST_CASE("client_connection_check_interval ends a busy session at its next look") {
  ServerOptions options = instant_server();
  options.connection_check_interval = seconds(1);
  OneServer world(options, 3);
  world.run(0, Statement::advisory_lock);
  SECTION("in a statement of 6 s, half a second after a death half a second into it") {
    world.run(1, Statement::advisory_lock);
    world.run(0, Statement::sleep, 6'000);
    world.wait(ms(500));
    world.kill(0);
    world.wait(ms(499));
    CHECK(world.waits(1));
    world.wait(ms(1));
    CHECK(world.answer(1) == 1);
  }
  SECTION("in a wait for a lock, which leaves the queue") {
    world.run(1, Statement::advisory_lock);
    world.wait(ms(2'300));
    world.kill(1);
    world.run(2, Statement::advisory_lock);
    world.wait(ms(700));
    world.run(0, Statement::advisory_unlock);
    CHECK(world.answer(2) == 1);
  }
}

// -------------------------------------------------------------------------------------- silence

/// How long after the last traffic of its holder, whose link is then cut for good, a key is free.
Duration held_after_last_traffic(const ServerOptions& options, Duration patience) {
  OneServer world(options);
  world.wait(seconds(10));
  world.run(0, Statement::advisory_lock);
  const Duration last_traffic = world.now();
  world.run(1, Statement::advisory_lock);
  world.wait(ms(250));
  world.cut(0);
  world.wait(patience);
  REQUIRE(world.answer(1) == 1);
  return world.answered_at(1) - last_traffic;
}

TEST_CASE("an idle half-open session keeps its lock for idle + count x interval") {
  CHECK(held_after_last_traffic(instant_server(), seconds(10'000)) == seconds(7'875));
  CHECK(held_after_last_traffic(instant_server(keepalive(seconds(5), seconds(1), 3)),
                                seconds(60)) == seconds(8));
  CHECK(held_after_last_traffic(instant_server(keepalive(seconds(30), seconds(7), 4)),
                                seconds(100)) == seconds(58));
}

TEST_CASE("tcp_user_timeout takes the place of the keepalive's count") {
  sim::ConnectionOptions tcp = keepalive(seconds(5), seconds(1), 30);
  tcp.user_timeout = seconds(7);
  CHECK(held_after_last_traffic(instant_server(tcp), seconds(60)) == seconds(7));
}

TEST_CASE("a partition shorter than the keepalive leaves the lock to its holder") {
  OneServer world(instant_server(keepalive(seconds(5), seconds(1), 3)));
  world.run(0, Statement::advisory_lock);
  world.run(1, Statement::advisory_lock);
  world.cut(0);
  SECTION("just shorter") {
    world.wait(ms(6'999));
    world.mend(0);
    world.wait(seconds(60));
    CHECK(world.waits(1));
    CHECK(world.run(0, Statement::advisory_unlock) == 1);
  }
  SECTION("longer: the lock goes on, and its former holder learns it when it speaks") {
    world.wait(seconds(8));
    world.mend(0);
    CHECK(world.answer(1) == 1);
    CHECK_FALSE(world.run(0, Statement::advisory_unlock));
    CHECK(world.answer(1) == 1);
    CHECK(world.granted() == 1);
  }
}

/// How long after the cut a waiter gets the key, when the cut falls just before the holder's
/// statement is answered: the answer is in flight.
Duration held_with_data_in_flight(const sim::ConnectionOptions& tcp) {
  OneServer world(instant_server(tcp));
  world.run(0, Statement::advisory_lock);
  world.run(1, Statement::advisory_lock);
  world.run(0, Statement::sleep, 1'000);
  world.wait(ms(999));
  world.cut(0);
  const Duration sent = world.now() + ms(1);
  world.wait(seconds(3'000));
  REQUIRE(world.answer(1) == 1);
  return world.answered_at(1) - sent;
}

TEST_CASE("with data in flight tcp_user_timeout frees the lock, or 15 retransmissions do") {
  sim::ConnectionOptions tcp = keepalive(seconds(5), seconds(1), 3);
  CHECK(held_with_data_in_flight(tcp) == ms(924'600));
  tcp.user_timeout = seconds(7);
  CHECK(held_with_data_in_flight(tcp) == seconds(7));
  tcp.user_timeout = seconds(40);
  CHECK(held_with_data_in_flight(tcp) == seconds(40));
}

TEST_CASE("a busy half-open session keeps its lock until its statement ends, whatever keepalive") {
  OneServer world(instant_server(keepalive(seconds(5), seconds(1), 3)));
  world.run(0, Statement::advisory_lock);
  world.run(1, Statement::advisory_lock);
  world.run(0, Statement::sleep, 30'000);
  world.cut(0);
  world.wait(ms(29'999));
  CHECK(world.waits(1));
  world.wait(ms(1));
  CHECK(world.answer(1) == 1);
}

TEST_CASE("a waiter that was cut off gets the lock in its turn and keeps it for the timeouts") {
  sim::ConnectionOptions tcp = keepalive(seconds(7'200), seconds(75), 9);
  tcp.user_timeout = seconds(20);
  OneServer world(instant_server(tcp), 3);
  world.run(0, Statement::advisory_lock);
  world.run(1, Statement::advisory_lock);
  world.run(2, Statement::advisory_lock);
  world.cut(1);
  world.wait(seconds(10));
  world.run(0, Statement::advisory_unlock);
  world.wait(ms(19'999));
  CHECK(world.waits(2));
  world.wait(ms(1));
  CHECK(world.answer(2) == 1);
}

// ------------------------------------------------------------------------------- loss of memory

TEST_CASE("a restart frees all locks at once under their holders, and no grant ends by it") {
  for (const bool power : {false, true}) {
    OneServer world(instant_server(), 4);
    world.run(0, Statement::advisory_lock, 1);
    world.run(1, Statement::advisory_lock, 2);
    power ? world.power_cycle_server() : world.restart_server();
    CHECK(world.granted() == 2);
    REQUIRE(world.connect(2));
    CHECK(world.run(2, Statement::try_advisory_lock, 1) == 1);
    CHECK(world.run(2, Statement::try_advisory_lock, 2) == 1);
    CHECK(world.granted() == 3);  // one attempt took both keys
    CHECK_FALSE(world.run(0, Statement::advisory_unlock, 1));
    world.grants().give_up(attempt_id(0, 0, 1));
    CHECK(world.granted() == 2);
    world.grants().client_is_gone(1);
    CHECK(world.granted() == 1);
  }
}

TEST_CASE("a grant lasts as long as the server remembers it, whatever became of its holder") {
  OneServer world(instant_server(keepalive(seconds(5), seconds(1), 3)));
  world.run(0, Statement::advisory_lock);
  world.kernel().power_loss(OneServer::host(0));
  world.grants().client_is_gone(0);
  SECTION("until its session ends") {
    world.wait(ms(7'999));
    CHECK(world.granted() == 1);
    CHECK(world.run(1, Statement::try_advisory_lock) == 0);
    world.wait(ms(1));
    CHECK(world.granted() == 0);
    CHECK(world.run(1, Statement::try_advisory_lock) == 1);
  }
  SECTION("until the server forgets it") {
    world.restart_server();
    CHECK(world.granted() == 0);
  }
}

// --------------------------------------------------------------------------------------- tokens

TEST_CASE("a sequence grows by one, and over crashes and power losses it never repeats") {
  OneServer world(instant_server());
  std::uint64_t last = 0;
  for (int round = 0; round < 40; ++round) {
    for (int i = 0; i <= round; ++i) {
      world.run(0, Statement::nextval);
      world.wait(ms(20));
      const std::uint64_t token = *world.answer(0);
      CHECK((i == 0 ? token > last : token == last + 1));
      last = token;
    }
    round % 2 == 0 ? world.power_cycle_server() : world.restart_server();
    while (!world.connect(0)) world.wait(ms(1));
  }
}

TEST_CASE("a record torn by a power loss hides none of those written after it") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    OneServer world(instant_server(), 3, {}, seed);
    const auto next_token = [&world] {
      world.run(0, Statement::nextval);
      world.wait(ms(20));
      return world.answer(0).value();
    };
    for (std::uint64_t token = 1; token <= 33; ++token) CHECK(next_token() == token);
    std::uint64_t last = 33;
    for (const std::uint32_t victim : {1U, 2U}) {
      world.run(victim, Statement::nextval);
      world.power_cycle_server();  // while the record of that one is being flushed, if it has one
      while (!world.connect(0)) world.wait(ms(1));
      const std::uint64_t token = next_token();
      CHECK(token > last);
      last = token;
    }
  }
}

TEST_CASE("a token taken in a transaction is durable only with its commit") {
  const auto repeats = [](bool commits, std::uint64_t seed) {
    OneServer world(instant_server(), 1, {}, seed);
    world.run(0, Statement::begin);
    REQUIRE(world.run(0, Statement::nextval) == 1);
    if (commits) world.run(0, Statement::commit);
    world.wait(ms(20));
    world.power_cycle_server();
    while (!world.connect(0)) world.wait(ms(1));
    world.run(0, Statement::nextval);
    world.wait(ms(20));
    return world.answer(0) == 1;
  };
  int repeated = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CHECK_FALSE(repeats(true, seed));
    repeated += repeats(false, seed) ? 1 : 0;
  }
  CHECK(repeated > 0);
}

TEST_CASE("an fsync that fails ends every session, and no token is given twice") {
  OneServer world(instant_server(), 3);
  world.run(1, Statement::advisory_lock);
  world.run(2, Statement::advisory_lock);
  world.kernel().disk(OneServer::kServer).fail_next_syncs(1);
  world.run(0, Statement::nextval);
  world.wait(ms(20));
  CHECK_FALSE(world.waits(0));
  CHECK_FALSE(world.answer(0));
  CHECK_FALSE(world.waits(2));
  CHECK_FALSE(world.answer(2));
  CHECK_FALSE(world.run(1, Statement::advisory_unlock));
  REQUIRE(world.connect(0));
  CHECK(world.run(0, Statement::try_advisory_lock) == 1);
  CHECK(world.granted() == 2);
  world.run(0, Statement::nextval);
  world.wait(ms(20));
  CHECK(*world.answer(0) > 1);
}

}  // namespace
}  // namespace leasehold::models::postgres
