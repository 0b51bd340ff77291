#include <catch2/catch.hpp>

#include "tests/models/etcd/etcd_world.hpp"

// The session and the mutex of clientv3/concurrency (locks dossier, section 4.2).
namespace leasehold::models::etcd {
namespace {

constexpr Duration kSettled = Duration::seconds(5);
constexpr Duration kForEver = Duration::seconds(1000);
constexpr Duration kHold = Duration::milliseconds(400);

Task<void> hold_once(Process& self, EtcdWorld& world, std::uint32_t client) {
  const std::unique_ptr<LockClient> lock = world.deployment().client(self, client);
  const AttemptId attempt = attempt_id(client, self.incarnation(), 1);
  const LockClient::Answer answer = co_await lock->acquire(attempt, MonoTime::never());
  if (answer == LockClient::Answer::yes) world.acquired.push_back(client);
  co_await self.sleep(kHold);
  co_await lock->release();
  co_await self.sleep(kForEver);
}

Task<void> hold_for_ever(Process& self, EtcdWorld& world, std::uint32_t client) {
  const std::unique_ptr<LockClient> lock = world.deployment().client(self, client);
  co_await lock->acquire(attempt_id(client, self.incarnation(), 1), MonoTime::never());
  world.acquired.push_back(client);
  co_await self.sleep(kForEver);
}

Task<void> give_up_after_a_second(Process& self, EtcdWorld& world, std::uint32_t client) {
  const std::unique_ptr<LockClient> lock = world.deployment().client(self, client);
  const MonoTime give_up = self.mono_now() + Duration::seconds(1);
  const LockClient::Answer answer =
      co_await lock->acquire(attempt_id(client, self.incarnation(), 1), give_up);
  if (answer == LockClient::Answer::no) world.acquired.push_back(100 + client);
  co_await self.sleep(kForEver);
}

Request lock_request(LeaseId lease, std::uint32_t client) {
  return Request{0, Verb::lock, 0, lease, lease, attempt_id(client, 0, 1), 0, 0};
}

/// A lease that nobody keeps alive, then the lock service: how the bug of 3.4 was measured. The
/// first client has a lease of a minute and unlocks after six seconds.
Task<void> lock_through_service(Process& self, EtcdWorld& world, std::uint32_t client) {
  Client etcd(self, world.members());
  const std::uint64_t ttl_s = client == 1 ? 2 : 60;
  const Request grant{0, Verb::lease_grant, 0, 0, 0, 0, 0, ttl_s};
  const std::optional<Reply> lease = co_await etcd.call(grant, MonoTime::never());
  const Request lock = lock_request(lease->lease, client);
  co_await world.ask(self, etcd, client, lock);
  const Request get{0, Verb::get, 0, lease->lease, 0, 0, 0, 0};
  co_await world.ask(self, etcd, client, get);
  co_await self.sleep(Duration::seconds(6));
  const Request unlock{0, Verb::delete_key, 0, lease->lease, 0, attempt_id(0, 0, 1), 0, 0};
  if (client == 0) co_await world.ask(self, etcd, client, unlock);
  co_await self.sleep(kForEver);
}

}  // namespace

TEST_CASE("waiters get the mutex in the order in which they came, one at a time") {
  for (const std::string lock : {"client", "server"}) {
    EtcdWorld world(1, "3.5", Duration::seconds(10), lock);
    world.run_until(kSettled);
    for (int i = 0; i < 6; ++i) {
      world.add_client(&hold_once);
      world.run(Duration::milliseconds(50));
    }
    world.run(Duration::seconds(5));
    CHECK(world.acquired == std::vector<ClientId>{0, 1, 2, 3, 4, 5});
    CHECK(world.order_of_grants() == world.acquired);
    CHECK(world.most_grants_at_once() == 1);
  }
}

TEST_CASE("an unlock wakes one waiter: the others neither ask nor hear anything") {
  const auto messages_per_unlock = [](int waiters) {
    EtcdWorld world(2, "3.4", Duration::seconds(60));
    world.run_until(kSettled);
    world.add_client(&hold_once);
    world.run(Duration::milliseconds(50));
    for (int i = 0; i < waiters; ++i) world.add_client(&hold_for_ever);
    world.run(kHold - Duration::milliseconds(150));
    const std::uint64_t before = world.kernel().network().counters().segments_sent;
    world.run(Duration::milliseconds(300));
    CHECK(world.acquired.size() == 2);
    return world.kernel().network().counters().segments_sent - before;
  };
  CHECK(messages_per_unlock(5) == messages_per_unlock(2));
}

TEST_CASE("a lost answer to the Txn does no harm: the same lease finds its own key") {
  for (int i = 0; i < 60; ++i) {
    EtcdWorld world(3, "3.5");
    world.run_until(kSettled);
    const sim::ProcessId client = world.add_client(&hold_for_ever);
    world.run(Duration::microseconds(200 * i));
    for (const sim::ProcessId member : world.members()) {
      world.kernel().network().reset_connections(client, member);
    }
    world.run(Duration::seconds(2));
    CHECK(world.acquired.size() == 1);
    CHECK(world.order_of_grants().size() == 1);
  }
}

TEST_CASE("a holder that dies keeps the lock for its TTL and until the scan after it") {
  EtcdWorld world(4, "3.5");
  world.run_until(kSettled);
  const sim::ProcessId holder = world.add_client(&hold_for_ever);
  world.run(Duration::seconds(5));
  world.add_client(&hold_for_ever);
  world.run(Duration::seconds(1));
  world.kernel().crash(holder);
  world.run(Duration::milliseconds(6'500));  // the last renewal is at most TTL/3 + 0.5 s old
  CHECK(world.acquired.size() == 1);
  world.run(Duration::seconds(4));
  CHECK(world.acquired.size() == 2);
  CHECK(world.most_grants_at_once() == 1);
}

TEST_CASE("a waiter that gives up leaves no key behind") {
  EtcdWorld world(5, "3.5");
  world.run_until(kSettled);
  world.add_client(&hold_once);
  world.run(Duration::milliseconds(20));
  world.add_client(&hold_for_ever);
  world.run(Duration::milliseconds(20));
  world.add_client(&give_up_after_a_second);
  world.run(Duration::seconds(3));
  CHECK(world.acquired == std::vector<ClientId>{0, 1, 102});
  CHECK(world.order_of_grants() == std::vector<ClientId>{0, 1});
}

TEST_CASE(
    "the lock service of 3.4 grants a waiter whose lease died in the queue, that of 3.5 not") {
  for (const bool v3_4 : {true, false}) {
    EtcdWorld world(6, v3_4 ? "3.4" : "3.5");
    world.run_until(kSettled);
    for (int i = 0; i < 3; ++i) {
      world.add_client(&lock_through_service);
      world.run(Duration::milliseconds(100));
    }
    world.run(Duration::seconds(10));
    std::map<std::uint32_t, std::vector<Reply>> replies;
    for (const EtcdWorld::Answered& a : world.answers) replies[a.client].push_back(*a.reply);
    REQUIRE(replies[1].size() == 2);
    REQUIRE(replies[2].size() == 2);
    CHECK(replies[1][0].status == (v3_4 ? Status::ok : Status::session_expired));
    CHECK(replies[1][1].own_revision == 0);  // its key does not exist
    CHECK(replies[2][0].status == Status::ok);
    CHECK(replies[2][1].own_revision != 0);
  }
}

TEST_CASE("failing over to another member keeps the lock and the watch") {
  for (std::uint32_t slot = 0; slot < 3; ++slot) {
    EtcdWorld world(7 + slot, "3.5");
    world.run_until(kSettled);
    world.add_client(&hold_for_ever);
    const sim::ProcessId holder = static_cast<sim::ProcessId>(world.members().size());
    world.run(Duration::seconds(1));
    world.add_client(&hold_for_ever);
    world.run(Duration::seconds(1));
    world.kernel().crash(slot);
    world.run(Duration::seconds(20));
    CHECK(world.acquired == std::vector<ClientId>{0});
    CHECK(world.ends_of_grants().empty());
    world.kernel().crash(holder);
    world.run(Duration::seconds(14));
    CHECK(world.acquired == std::vector<ClientId>{0, 1});
    CHECK(world.most_grants_at_once() == 1);
  }
}

}  // namespace leasehold::models::etcd
