#include "models/redis/server.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <map>

#include "tests/models/redis/one_server.hpp"

namespace leasehold::models::redis {
namespace {

using namespace testing;
using sim::Duration;

/// Redis as an abstract map with time: whatever is looked up, and every 100 ms everything, is gone
/// if the wall clock reads more than its deadline.
class AbstractMap {
 public:
  void step(std::int64_t ms) { offset_ms_ += ms; }
  Reply execute(std::int64_t now_ms, const Request& request) {
    run_cycles(now_ms);
    now_ms_ = now_ms;
    drop_if_expired(request.key);
    const auto found = keys_.find(request.key);
    const bool there = found != keys_.end();
    const bool owns = there && found->second.value == request.value;
    switch (request.verb) {
      case Verb::get:
        return there ? value(found->second.value) : kNil;
      case Verb::set:
        return set(request), kOk;
      case Verb::set_nx:
        return there ? kNil : (set(request), kOk);
      case Verb::setnx:
        return there ? integer(0) : (keys_[request.key] = {request.value, 0}, integer(1));
      case Verb::getset: {
        const Reply old = there ? value(found->second.value) : kNil;
        keys_[request.key] = {request.value, 0};
        return old;
      }
      case Verb::incr:
        return integer(++keys_[request.key].value);
      case Verb::del:
        return integer(keys_.erase(request.key));
      case Verb::pexpire:
        return there ? (prolong(found->second, request.ttl_ms), integer(1)) : integer(0);
      case Verb::pttl:
        return there ? integer(left(found->second)) : integer(static_cast<std::uint64_t>(-2));
      case Verb::compare_and_delete:
        return owns ? integer(keys_.erase(request.key)) : integer(0);
      case Verb::compare_and_pexpire:
        return owns ? (prolong(found->second, request.ttl_ms), integer(1)) : integer(0);
      default:
        return kOk;
    }
  }

 private:
  struct Cell {
    std::uint64_t value = 0;
    std::int64_t deadline = 0;
  };
  bool expired(const Cell& cell, std::int64_t now_ms) const {
    return cell.deadline != 0 && now_ms + offset_ms_ > cell.deadline;
  }
  void drop_if_expired(std::uint64_t key) {
    if (keys_.contains(key) && expired(keys_[key], now_ms_)) keys_.erase(key);
  }
  void run_cycles(std::int64_t now_ms) {
    const std::int64_t last = now_ms / 100 * 100;
    if (last <= now_ms_) return;
    // Nothing happened since now_ms_, so the last cycle finds all that earlier ones would have.
    std::erase_if(keys_, [&](const auto& pair) { return expired(pair.second, last); });
  }
  void prolong(Cell& cell, std::uint64_t ttl_ms) {
    cell.deadline = now_ms_ + offset_ms_ + static_cast<std::int64_t>(ttl_ms);
  }
  void set(const Request& request) {
    keys_[request.key] = {request.value, 0};
    if (request.ttl_ms > 0) prolong(keys_[request.key], request.ttl_ms);
  }
  std::uint64_t left(const Cell& cell) const {
    if (cell.deadline == 0) return static_cast<std::uint64_t>(-1);
    return static_cast<std::uint64_t>(cell.deadline - now_ms_ - offset_ms_);
  }

 public:
  /// Cycles run up to `now_ms` before anything else changes.
  void advance(std::int64_t now_ms) {
    run_cycles(now_ms);
    now_ms_ = now_ms;
  }

 private:
  std::int64_t offset_ms_ = OneServer::kEpoch / Duration::milliseconds(1);
  std::int64_t now_ms_ = 0;
  std::map<std::uint64_t, Cell> keys_;
};

TEST_CASE("a server answers as an abstract map with time, whatever happens to its wall clock") {
  constexpr std::array kVerbs{Verb::get,
                              Verb::set,
                              Verb::set_nx,
                              Verb::setnx,
                              Verb::getset,
                              Verb::incr,
                              Verb::del,
                              Verb::pexpire,
                              Verb::pttl,
                              Verb::compare_and_delete,
                              Verb::compare_and_pexpire};
  CHECK(rc::check([&kVerbs] {
    OneServer world(instant_server());
    AbstractMap map;
    const auto commands = *rc::gen::inRange(1, 60);
    for (int i = 0; i < commands; ++i) {
      // Never at a cycle's own instant, at which either order would do.
      world.wait_ms(10 * *rc::gen::inRange<std::int64_t>(0, 60));
      if (world.now_ms() % 10 == 0) world.wait_ms(5);
      map.advance(world.now_ms());
      if (*rc::gen::inRange(0, 5) == 0) {
        const auto step = *rc::gen::inRange<std::int64_t>(-900, 900);
        world.kernel().step_wall_clock(OneServer::kServer, Duration::milliseconds(step));
        map.step(step);
        continue;
      }
      Request request{};
      request.verb = *rc::gen::elementOf(kVerbs);
      request.key = *rc::gen::inRange<std::uint64_t>(1, 4);
      request.value = *rc::gen::inRange<std::uint64_t>(1, 4);
      const bool needs_ttl =
          request.verb == Verb::pexpire || request.verb == Verb::compare_and_pexpire;
      request.ttl_ms = *rc::gen::inRange<std::uint64_t>(needs_ttl ? 1 : 0, 1'500);
      const Reply expected = map.execute(world.now_ms(), request);
      const std::optional<Reply> reply = world.send(request);
      RC_ASSERT(reply.has_value());
      RC_ASSERT(reply->kind == expected.kind);
      RC_ASSERT(reply->value == expected.value);
    }
  }));
}

TEST_CASE("a key is expired once the clock reads more than its deadline, not at it") {
  OneServer world(instant_server());
  world.wait_ms(5);
  CHECK(world.send(Verb::set, 1, 7, 1'000) == kOk);
  world.wait_ms(1'000);
  CHECK(world.send(Verb::get, 1) == value(7));
  world.wait_ms(1);
  CHECK(world.send(Verb::get, 1) == kNil);
}

TEST_CASE("a step forward and back loses a key only if a cycle or an access came between") {
  OneServer world(instant_server());
  world.wait_ms(5);
  world.send(Verb::set, 1, 7, 30'000);
  const auto step = [&](std::int64_t s) {
    world.kernel().step_wall_clock(OneServer::kServer, Duration::seconds(s));
  };
  SECTION("neither came") {
    step(40);
    world.wait_ms(90);
    step(-40);
    world.wait_ms(500);
    CHECK(world.send(Verb::get, 1) == value(7));
  }
  SECTION("the cycle came") {
    step(40);
    world.wait_ms(100);
    step(-40);
    CHECK(world.send(Verb::get, 1) == kNil);
  }
  SECTION("an access came") {
    step(40);
    CHECK(world.send(Verb::get, 1) == kNil);
    step(-40);
    CHECK(world.send(Verb::get, 1) == kNil);
  }
}

TEST_CASE("a step back adds to what is left of every key") {
  OneServer world(instant_server());
  world.send(Verb::set, 1, 7, 10'000);
  world.wait_ms(101);
  world.kernel().step_wall_clock(OneServer::kServer, Duration::seconds(-30));
  CHECK(world.send(Verb::pttl, 1) == integer(39'899));
}

TEST_CASE("EXEC does what was queued, and answers with its last reply") {
  OneServer world(instant_server(), 2);
  CHECK(world.send(Verb::exec, 1) == kError);
  world.send(Verb::set, 1, 7);
  CHECK(world.send(Verb::multi, 1) == kOk);
  CHECK(world.send(Verb::get, 1) == kQueued);
  CHECK(world.send(Verb::del, 1) == kQueued);
  CHECK(world.send(Verb::exec, 1) == array(1));
  CHECK(world.send(Verb::get, 1) == kNil);
  CHECK(world.send(Verb::exec, 1) == kError);
  SECTION("and is not spoiled by a MULTI or a WATCH in it, which are refused") {
    world.send(Verb::multi, 1);
    CHECK(world.send(Verb::multi, 1) == kError);
    CHECK(world.send(Verb::watch, 1) == kError);
    CHECK(world.send(Verb::set, 1, 9) == kQueued);
    CHECK(world.send(Verb::exec, 1) == array(0));
    CHECK(world.send(Verb::get, 1) == value(9));
  }
  SECTION("UNWATCH too, which comes too late") {
    world.send(Verb::watch, 1);
    world.send(Verb::multi, 1);
    CHECK(world.send(Verb::unwatch, 1) == kQueued);
    CHECK(world.send(Verb::set, 1, 9) == kQueued);
    world.send(Verb::set, 1, 8, 0, 1);
    CHECK(world.send(Verb::exec, 1) == kNil);
  }
}

TEST_CASE("EXEC does nothing once a watched key has changed") {
  OneServer world(instant_server(), 2);
  world.wait_ms(5);
  world.send(Verb::set, 1, 7, 250);
  CHECK(world.send(Verb::watch, 1) == kOk);
  const auto delete_in_transaction = [&] {
    world.send(Verb::multi, 1);
    world.send(Verb::del, 1);
    return world.send(Verb::exec, 1);
  };
  SECTION("unless nothing happened") { CHECK(delete_in_transaction() == array(1)); }
  SECTION("by another client") {
    world.send(Verb::set, 1, 8, 250, 1);
    CHECK(delete_in_transaction() == kNil);
  }
  SECTION("by the own watchdog on another connection") {
    world.send(Verb::compare_and_pexpire, 1, 7, 500, 1);
    CHECK(delete_in_transaction() == kNil);
  }
  SECTION("on the own connection") {
    world.send(Verb::pexpire, 1, 0, 500);
    CHECK(delete_in_transaction() == kNil);
  }
  SECTION("by its expiry, whether the cycle saw it or not") {
    world.wait_ms(251);
    CHECK(delete_in_transaction() == kNil);
  }
  SECTION("but a key that had expired before WATCH may go") {
    world.wait_ms(1);
    world.send(Verb::unwatch, 1);
    world.kernel().step_wall_clock(OneServer::kServer, Duration::seconds(1));
    world.send(Verb::watch, 1);
    world.wait_ms(200);
    CHECK(delete_in_transaction() == array(0));
  }
  SECTION("and UNWATCH and EXEC forget it") {
    world.send(Verb::set, 1, 8, 0, 1);
    world.send(Verb::unwatch, 1);
    CHECK(delete_in_transaction() == array(1));
    world.send(Verb::watch, 1);
    world.send(Verb::set, 1, 8, 0, 1);
    CHECK(delete_in_transaction() == kNil);
    CHECK(delete_in_transaction() == array(1));
  }
}

TEST_CASE("the script that sets and counts gives rising tokens, to winners only") {
  OneServer world(instant_server());
  CHECK(world.send(Verb::set_nx_and_incr, 1, 7, 100) == integer(1));
  CHECK(world.send(Verb::set_nx_and_incr, 1, 8, 100) == kNil);
  world.wait_ms(101);
  CHECK(world.send(Verb::set_nx_and_incr, 1, 8, 100) == integer(2));
  CHECK(world.send(Verb::get, token_key(1)) == value(2));
}

// ------------------------------------------------------------------------------------ persistence

bool survives_crash(PersistenceMode mode) {
  OneServer world(instant_server(mode));
  world.send(Verb::set, 1, 7, 60'000);
  world.crash_and_restart();
  return world.send(Verb::get, 1) == value(7);
}

/// In how many of 40 worlds a key outlives a power loss `ms` after it was set.
int survives_power_loss(PersistenceMode mode, std::int64_t ms) {
  int kept = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    OneServer world(instant_server(mode), 1, seed);
    world.wait_ms(100);
    world.send(Verb::set, 1, 7, 60'000);
    world.wait_ms(ms);
    world.power_cycle();
    if (world.send(Verb::get, 1) == value(7)) ++kept;
  }
  return kept;
}

TEST_CASE("what a killed server still knows is what its persistence promises") {
  CHECK_FALSE(survives_crash(PersistenceMode::none));
  CHECK_FALSE(survives_crash(PersistenceMode::rdb));
  CHECK(survives_crash(PersistenceMode::aof_everysec));
  CHECK(survives_crash(PersistenceMode::aof_always));
}

TEST_CASE("what survives a power loss is what was synced") {
  CHECK(survives_power_loss(PersistenceMode::none, 5'000) == 0);
  CHECK(survives_power_loss(PersistenceMode::rdb, 5'000) == 0);
  CHECK(survives_power_loss(PersistenceMode::aof_always, 0) == 40);
  CHECK(survives_power_loss(PersistenceMode::aof_everysec, 1'100) == 40);
  const int lucky = survives_power_loss(PersistenceMode::aof_everysec, 500);
  CHECK(lucky > 0);
  CHECK(lucky < 40);
}

TEST_CASE("snapshots are taken at the save points and not before") {
  struct Point {
    std::int64_t seconds;
    int changes;
  };
  for (const Point point : {Point{3'600, 1}, Point{300, 100}, Point{60, 10'000}}) {
    for (const bool late : {false, true}) {
      for (const bool enough : {false, true}) {
        if (!enough && point.changes == 1) continue;
        OneServer world(instant_server(PersistenceMode::rdb));
        for (int i = enough ? 0 : 1; i < point.changes; ++i) world.send(Verb::incr, 1);
        world.wait(Duration::seconds(point.seconds + (late ? 2 : 0)));
        world.crash_and_restart();
        CAPTURE(point.seconds, late, enough);
        CHECK((world.send(Verb::get, 1) != kNil) == (late && enough));
      }
    }
  }
}

TEST_CASE("a key's time runs on while its server is down") {
  for (const std::int64_t down : {999, 1'001}) {
    OneServer world(instant_server(PersistenceMode::aof_always));
    world.send(Verb::set, 1, 7, 1'001);  // answered after a sync of 1 ms
    world.kernel().crash(OneServer::kServer);
    world.wait_ms(down);
    world.kernel().restart(OneServer::kServer);
    world.wait_ms(0);
    CAPTURE(down);
    CHECK(world.send(Verb::get, 1) == (down < 1'000 ? value(7) : kNil));
  }
}

TEST_CASE("a write put off behind a running sync is lost with the process") {
  OneServer world(instant_server(PersistenceMode::aof_everysec), 1, 1,
                  Duration::milliseconds(1'500));
  world.send(Verb::set, 1, 7);
  world.wait_ms(1'100);  // the sync of the first second is running
  world.send(Verb::set, 2, 8);
  SECTION("lost") {
    world.crash_and_restart();
    CHECK(world.send(Verb::get, 1) == value(7));
    CHECK(world.send(Verb::get, 2) == kNil);
  }
  SECTION("written once the sync is done") {
    world.wait_ms(1'500);
    world.crash_and_restart();
    CHECK(world.send(Verb::get, 2) == value(8));
  }
}

TEST_CASE("a write is put off behind a running sync for two seconds at most, then it blocks") {
  OneServer world(instant_server(PersistenceMode::aof_everysec), 1, 1, Duration::seconds(6));
  world.send(Verb::set, 1, 7);
  world.wait_ms(1'100);
  world.send(Verb::set, 2, 8);
  CHECK(world.now_ms() == 1'100);
  world.wait_ms(2'000);
  world.send(Verb::set, 3, 9);
  CHECK(world.now_ms() >= 7'000);
}

TEST_CASE("lock and token of one script are kept or lost together") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    OneServer world(instant_server(PersistenceMode::aof_everysec), 1, seed);
    world.wait_ms(100);
    for (std::uint64_t i = 1; i <= 3; ++i) {
      world.send(Verb::set_nx_and_incr, 1, i, 60'000);
      world.send(Verb::compare_and_delete, 1, i);
    }
    world.send(Verb::set_nx_and_incr, 1, 4, 60'000);
    world.power_cycle();
    const auto lock = world.send(Verb::get, 1);
    const auto token = world.send(Verb::get, token_key(1));
    CAPTURE(seed);
    if (lock != kNil) CHECK(token == lock);
  }
}

TEST_CASE("a failed sync stops the writes of everysec, and ends a server that syncs always") {
  SECTION("everysec") {
    OneServer world(instant_server(PersistenceMode::aof_everysec));
    world.kernel().disk(OneServer::kServer).fail_next_syncs(1);
    CHECK(world.send(Verb::set, 1, 7) == kOk);
    world.wait_ms(1'100);
    CHECK(world.send(Verb::set, 2, 8) == kError);
    CHECK(world.send(Verb::get, 1) == value(7));
    world.wait_ms(1'100);
    CHECK(world.send(Verb::set, 2, 8) == kOk);
  }
  SECTION("always: no reply, and the log is read again") {
    OneServer world(instant_server(PersistenceMode::aof_always));
    world.send(Verb::set, 1, 7);
    world.kernel().disk(OneServer::kServer).fail_next_syncs(1);
    CHECK(world.send(Verb::set, 2, 8) == std::nullopt);
    CHECK(world.send(Verb::get, 1) == value(7));
  }
}

TEST_CASE("a restarted server stays away from its clients for its quarantine") {
  ServerOptions options = instant_server();
  options.quarantine = Duration::seconds(3);
  OneServer world(options);
  CHECK(world.send(Verb::ping, 0) == kOk);
  world.crash_and_restart();
  CHECK(world.send(Verb::ping, 0) == std::nullopt);
  world.wait_ms(2'990);
  CHECK(world.send(Verb::ping, 0) == std::nullopt);
  world.wait_ms(20);
  CHECK(world.send(Verb::ping, 0) == kOk);
}

TEST_CASE("a full memory refuses, or evicts what the policy gives up") {
  ServerOptions options = instant_server();
  options.capacity = 1'000;
  options.foreign_writes_per_s = 100;
  SECTION("noeviction: no new lock, but a release") {
    OneServer world(options);
    world.send(Verb::set_nx, 1, 7, 60'000);
    world.wait_ms(10'000);
    CHECK(world.send(Verb::set_nx, 2, 7, 60'000) == kError);
    CHECK(world.send(Verb::compare_and_delete, 1, 7) == integer(1));
  }
  SECTION("volatile-lru: the lock is the first to go") {
    options.eviction = EvictionPolicy::volatile_lru;
    OneServer world(options);
    world.send(Verb::set_nx, 1, 7, 60'000);
    world.send(Verb::incr, 2);
    world.wait_ms(9'970);
    CHECK(world.send(Verb::get, 1) == value(7));
    world.wait_ms(30);
    CHECK(world.send(Verb::get, 1) == kNil);
    CHECK(world.send(Verb::get, 2) == value(1));
  }
  SECTION("allkeys-lru: a lock goes when nobody asks for it, and stays while somebody polls") {
    options.eviction = EvictionPolicy::allkeys_lru;
    OneServer world(options);
    world.send(Verb::set_nx, 1, 7, 60'000);
    for (int i = 0; i < 3; ++i) {
      world.wait_ms(9'000);
      CHECK(world.send(Verb::get, 1) == value(7));
    }
    world.wait_ms(10'000);
    CHECK(world.send(Verb::get, 1) == kNil);
  }
}

}  // namespace
}  // namespace leasehold::models::redis
