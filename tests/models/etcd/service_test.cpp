#include <catch2/catch.hpp>

#include "tests/models/etcd/etcd_world.hpp"

// The measured behaviour of etcd 3.4.23, and where 3.5.17 differs (locks dossier, section 4.1).
namespace leasehold::models::etcd {
namespace {

constexpr Duration kSettled = Duration::seconds(5);
constexpr Duration kForEver = Duration::seconds(1000);
constexpr std::uint64_t kAttempt = attempt_id(0, 0, 1);

Request put(Key key, LeaseId lease) {
  return Request{0, Verb::put_if_absent, 0, key, lease, kAttempt, 0, 0};
}
Request get(Key key, bool serializable) {
  return Request{0, Verb::get, serializable ? 1u : 0u, key, 0, 0, 0, 0};
}
Request grant(std::uint64_t ttl_s) { return Request{0, Verb::lease_grant, 0, 0, 0, 0, 0, ttl_s}; }
Request watch(Key key, Revision from) {
  return Request{0, Verb::watch_delete, 0, key, 0, 0, from, 0};
}

/// A key with a lease of 1 s, which etcd makes 2 s, and no keepalive; the last answer is its end.
Task<void> let_a_lease_die(Process& self, EtcdWorld& world, std::uint32_t client) {
  Client etcd(self, world.members());
  const std::optional<Reply> lease = co_await world.ask(self, etcd, client, grant(1));
  const std::optional<Reply> made = co_await world.ask(self, etcd, client, put(9, lease->lease));
  co_await world.ask(self, etcd, client, watch(9, made->revision));
  co_await self.sleep(kForEver);
}

Task<void> put_once(Process& self, EtcdWorld& world, std::uint32_t client) {
  Client etcd(self, {world.target});
  co_await world.ask(self, etcd, client, put(50 + client, 0));
  co_await self.sleep(kForEver);
}

Task<void> read_once(Process& self, EtcdWorld& world, std::uint32_t client) {
  Client etcd(self, {world.target});
  co_await world.ask(self, etcd, client, get(9, false));
  co_await self.sleep(kForEver);
}

Task<void> read_locally_once(Process& self, EtcdWorld& world, std::uint32_t client) {
  Client etcd(self, {world.target});
  co_await world.ask(self, etcd, client, get(9, true));
  co_await self.sleep(kForEver);
}

Request get_last_run() { return Request{0, Verb::get_last_run, 0, kLastRun, 0, 0, 0, 0}; }
Request put_last_run(Revision if_at, std::uint64_t value) {
  return Request{0,    Verb::put_last_run, 0, kLastRun, 0, attempt_id(63, 255, 0xffff'ffff), if_at,
                 value};
}

constexpr std::uint64_t kLate = 0xfedc'ba98'7654'3210;

Task<void> overwrite_the_last_run(Process& self, EtcdWorld& world, std::uint32_t client) {
  Client etcd(self, {world.target});
  for (const Request& request :
       {get_last_run(), put_last_run(3, 1), put_last_run(0, 5), put_last_run(0, 6),
        put_last_run(2, kLate), put_last_run(2, 7), get_last_run()}) {
    co_await world.ask(self, etcd, client, request);
  }
  co_await self.sleep(kForEver);
}

Duration lifetime(EtcdWorld& world) {
  REQUIRE(world.answers.size() == 3);
  return world.answers[1].took + world.answers[2].took;
}

}  // namespace

TEST_CASE("a lease of less than 2 s lives for 2 s and until the next scan after it") {
  Duration shortest = Duration::max();
  Duration longest;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    EtcdWorld world(seed, seed % 2 == 0 ? "3.4" : "3.5");
    world.run_until(kSettled + Duration::milliseconds(17 * static_cast<std::int64_t>(seed)));
    world.add_client(&let_a_lease_die);
    world.run(Duration::seconds(4));
    const Duration lived = lifetime(world);
    shortest = std::min(shortest, lived);
    longest = std::max(longest, lived);
  }
  CHECK(shortest >= Duration::milliseconds(1990));
  CHECK(shortest <= Duration::milliseconds(2120));
  CHECK(longest >= Duration::milliseconds(2400));
  CHECK(longest <= Duration::milliseconds(2620));
}

TEST_CASE("without a majority writes and linearizable reads fail after 7 s, local reads succeed") {
  for (const std::string version : {"3.4", "3.5"}) {
    EtcdWorld world(3, version);
    world.run_until(kSettled);
    world.target = world.follower();
    for (std::uint32_t slot = 0; slot < 3; ++slot) {
      if (slot != world.target) world.kernel().crash(slot);
    }
    world.run(Duration::seconds(3));
    world.add_client(&put_once);
    world.add_client(&read_once);
    world.add_client(&read_locally_once);
    world.run(Duration::seconds(9));
    REQUIRE(world.answers.size() == 3);
    CHECK(world.answers[0].reply->status == Status::ok);
    CHECK(world.answers[0].took < Duration::milliseconds(10));
    for (const std::size_t i : {1u, 2u}) {
      CHECK(world.answers[i].reply->status == Status::timeout);
      CHECK(world.answers[i].took >= Duration::seconds(7));
      CHECK(world.answers[i].took <= Duration::milliseconds(7150));
    }
  }
}

TEST_CASE(
    "a request to a follower just after the leader died fails after 7 s, later ones succeed") {
  EtcdWorld world(4, "3.4");
  world.run_until(kSettled);
  world.target = world.follower();
  world.kernel().crash(world.leader());
  world.add_client(&put_once);
  world.run(Duration::milliseconds(3200));
  CHECK(world.answers.empty());
  world.add_client(&put_once);
  world.run(Duration::milliseconds(100));
  REQUIRE(world.answers.size() == 1);
  CHECK(world.answers[0].client == 1);
  world.run(Duration::seconds(5));
  REQUIRE(world.answers.size() == 2);
  CHECK(world.answers[1].reply->status == Status::timeout);
  CHECK(world.answers[1].took >= Duration::seconds(7));
  CHECK(world.answers[1].took <= Duration::milliseconds(7150));
}

TEST_CASE("a new leader gives every lease its full TTL again and an election timeout more") {
  EtcdWorld world(5, "3.5");
  world.run_until(kSettled);
  const std::uint32_t old = world.leader();
  world.add_client(&let_a_lease_die);
  world.run(Duration::milliseconds(1500));
  world.kernel().crash(old);
  Duration elected;
  while (elected == Duration::zero()) {
    world.run(Duration::milliseconds(10));
    if (world.has_leader() && world.leader() != old) elected = world.now();
  }
  world.run(Duration::seconds(6));
  const Duration died = world.answers.back().sent + world.answers.back().took;
  CHECK(died >= elected + Duration::milliseconds(2950));
  CHECK(died <= elected + Duration::milliseconds(3700));
}

TEST_CASE("a leader that was paused answers local reads with the old value when it resumes") {
  EtcdWorld world(6, "3.4");
  world.run_until(kSettled);
  const std::uint32_t old = world.leader();
  world.add_client(&let_a_lease_die);
  world.run(Duration::milliseconds(500));
  world.target = old;
  world.kernel().pause(old);
  world.add_client(&read_locally_once);
  world.run(Duration::seconds(8));
  REQUIRE(world.answers.size() == 3);  // the key is gone, as the others have it
  world.kernel().resume(old);
  world.run(Duration::milliseconds(100));
  REQUIRE(world.answers.size() == 4);
  CHECK(world.answers[3].reply->own_revision != 0);
}

TEST_CASE("only in 3.4 does a step back of the leader's wall clock delay expiry, by the step") {
  const auto lifetime_with_step = [](const std::string& version, Duration step) {
    EtcdWorld world(7, version);
    world.run_until(kSettled);
    world.add_client(&let_a_lease_die);
    world.run(Duration::milliseconds(500));
    world.kernel().step_wall_clock(world.leader(), step);
    world.run(Duration::seconds(15));
    return lifetime(world);
  };
  for (const Duration step : {Duration::zero(), Duration::seconds(6), -Duration::seconds(6)}) {
    CHECK(lifetime_with_step("3.5", step) >= Duration::seconds(2));
    CHECK(lifetime_with_step("3.5", step) <= Duration::milliseconds(2620));
  }
  CHECK(lifetime_with_step("3.4", -Duration::seconds(6)) >= Duration::seconds(8));
  CHECK(lifetime_with_step("3.4", -Duration::seconds(6)) <= Duration::milliseconds(8620));
  CHECK(lifetime_with_step("3.4", Duration::seconds(6)) >= Duration::seconds(2));
}

TEST_CASE("a disk error ends a member and its supervisor starts it again") {
  EtcdWorld world(8, "3.5");
  world.run_until(kSettled);
  const std::uint32_t old = world.leader();
  world.kernel().disk(old).fail_next_syncs(1);
  world.target = old;
  world.add_client(&put_once);
  world.run(Duration::seconds(6));
  world.target = old;
  world.add_client(&read_once);
  world.run(Duration::seconds(3));
  REQUIRE(world.has_leader());
  REQUIRE(!world.answers.empty());
  CHECK(world.answers.back().client == 1);
  CHECK(world.answers.back().reply->status == Status::ok);
}

TEST_CASE("a member that starts again refuses clients until it has recovered, and forgets none") {
  EtcdWorld world(9, "3.5");
  world.run_until(kSettled);
  const std::uint32_t member = world.follower();
  world.kernel().disk(member).fail_next_syncs(1);
  world.target = world.leader();
  world.add_client(&put_once);
  world.run(Duration::milliseconds(20));  // the member is down and comes back after 100 ms
  world.kernel().disk(member).set_slowdown(200);
  world.target = member;
  for (int i = 0; i < 7; ++i) {
    world.add_client(&read_once);
    world.run(Duration::milliseconds(40));
  }
  CHECK(world.answers.size() == 1);
  world.kernel().disk(member).set_slowdown(1);
  world.run(Duration::seconds(3));
  CHECK(world.answers.size() == 8);
}

TEST_CASE("the last run is overwritten if it is at the revision that the transaction compares") {
  for (const bool by_leader : {true, false}) {
    EtcdWorld world(11, "3.5");
    world.run_until(kSettled);
    world.target = by_leader ? world.leader() : world.follower();
    world.add_client(&overwrite_the_last_run);
    world.run(Duration::seconds(2));
    std::vector<Status> statuses;
    std::vector<Revision> stands_at;
    for (const EtcdWorld::Answered& answered : world.answers) {
      REQUIRE(answered.reply);
      statuses.push_back(answered.reply->status);
      stands_at.push_back(answered.reply->mod_revision);
    }
    using enum Status;
    CHECK(statuses == std::vector{ok, unequal, ok, unequal, ok, unequal, ok});
    CHECK(stands_at == std::vector<Revision>{0, 0, 2, 2, 3, 3, 3});
    CHECK(world.answers.back().reply->value == kLate);
  }
}

TEST_CASE("a command comes out of the log as it went in") {
  Command command;
  command.proposer = 2;
  command.request = 0xffff'ffff;
  command.attempt = attempt_id(63, 255, 0xffff'ffff);
  const auto again = [](const Command& put_in) { return command_of(payload_of(put_in)); };
  SECTION("with a lease and a key") {
    command.kind = Command::Kind::put_if_absent;
    command.lease = 0xffff'fffe;
    command.key = 0xffff'fffd;
    command.ttl_s = 0xffff;
    CHECK(again(command).lease == command.lease);
    CHECK(again(command).key == command.key);
    CHECK(again(command).ttl_s == command.ttl_s);
  }
  SECTION("with a revision and a value") {
    command.kind = Command::Kind::put_last_run;
    command.revision = 0xffff'fffc;
    command.value = kLate;
    CHECK(again(command).key == kLastRun);
    CHECK(again(command).revision == command.revision);
    CHECK(again(command).value == command.value);
  }
  CHECK(again(command).kind == command.kind);
  CHECK(again(command).proposer == command.proposer);
  CHECK(again(command).request == command.request);
  CHECK(again(command).attempt == command.attempt);
}

}  // namespace leasehold::models::etcd
