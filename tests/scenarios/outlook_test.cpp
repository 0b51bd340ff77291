#include "scenarios/outlook.hpp"

#include <catch2/catch.hpp>

#include "scenarios/resolve.hpp"
#include "tests/models/redis/lock_world.hpp"

// What is foretold at the end of a run is compared with what happens: the same run with a longer
// healed phase is the same up to there and goes on.
namespace leasehold::scenarios {
namespace {

using checkers::Outlook;
using checkers::ProgressResult;

/// When the lock was first acquired after a moment.
class FirstAcquisition final : public sim::RecordSink {
 public:
  explicit FirstAcquisition(std::int64_t after_ns) : after_ns_(after_ns) {}
  void on_record(sim::TrueTime at, std::uint64_t, std::uint16_t kind, const void* record) override {
    if (kind != checkers::Operation::kRecordKind || at.since_zero().ns() <= after_ns_) return;
    const auto& operation = *static_cast<const checkers::Operation*>(record);
    const bool acquired = operation.kind == checkers::Operation::Kind::acquire &&
                          operation.phase == checkers::Operation::Phase::ok;
    if (acquired && !at_ns) at_ns = at.since_zero().ns();
  }
  std::optional<std::int64_t> at_ns;

 private:
  std::int64_t after_ns_;
};

ResolvedCell cell(const std::string& scenario, const std::string& algorithm,
                  std::vector<std::string> settings) {
  static const models::AlgorithmRegistry registry = models::built_in_algorithms();
  Selection selection;
  selection.scenarios = {scenario};
  selection.algorithms = {algorithm};
  selection.settings = std::move(settings);
  const auto cells = resolve(registry, selection);
  REQUIRE(cells.has_value());
  return cells->front();
}

/// A scenario, and how much longer it takes until all that was foretold has come.
struct Story {
  std::string scenario;
  std::string algorithm;
  std::vector<std::string> settings;
  std::string heal;  ///< of the longer run
  std::uint64_t seeds = 0;
};

struct Seen {
  std::uint64_t stuck = 0;
  std::uint64_t slow = 0;
};

/// Checks each starved run against its longer twin.
Seen compare_with_what_happens(const Story& story) {
  const ResolvedCell usual = cell(story.scenario, story.algorithm, story.settings);
  std::vector<std::string> settings = story.settings;
  settings.push_back("scenario.heal=" + story.heal);
  const ResolvedCell longer = cell(story.scenario, story.algorithm, settings);
  Runner runner(usual.cell());
  Seen seen;
  for (std::uint64_t seed = 0; seed < story.seeds; ++seed) {
    const RunResult result = runner.run(seed);
    const ProgressResult progress = result.checker->progress();
    if (progress.outlook.kind == Outlook::Kind::unknown) continue;
    FirstAcquisition next(result.simulated_ns);
    Runner(longer.cell()).run(seed, Onlookers{nullptr, &next});
    CAPTURE(story.scenario, story.algorithm, seed, result.simulated_ns);
    if (progress.outlook.kind == Outlook::Kind::stuck) {
      ++seen.stuck;
      CHECK(progress.starvation == ProgressResult::Starvation::stuck);
      CHECK_FALSE(next.at_ns.has_value());
    } else {
      ++seen.slow;
      REQUIRE(next.at_ns.has_value());
      CAPTURE(progress.outlook.free_at_ns);
      // Freed when foretold, found by the next poll or expiry cycle.
      CHECK(*next.at_ns >= progress.outlook.free_at_ns - 1'000'000);
      CHECK(*next.at_ns <= progress.outlook.free_at_ns + 4'000'000'000);
    }
  }
  return seen;
}

TEST_CASE("setnx is stuck when its key has lost its owner") {
  const Seen seen = compare_with_what_happens({"crashes", "setnx", {}, "20min", 25});
  CHECK(seen.stuck >= 8);
  CHECK(compare_with_what_happens({"partitions", "setnx", {}, "10min", 60}).stuck >= 2);
}

using World = models::redis::testing::LockWorld;

/// The first client takes the lock at 5 s, for ever; the second waits from 6 s on.
World contended(const std::string& id, const std::map<std::string, std::string>& set,
                std::int64_t ttl_ms = 10'000) {
  return World(id, set, {{{5'000, 1'000'000, false}}, {{6'000, 10, true}}}, ttl_ms);
}

Outlook look(World& world) { return outlook(world.kernel(), world.deployment(), false); }

void check_slow(World& world, std::int64_t late_ms) {
  const Outlook told = look(world);
  REQUIRE(told.kind == Outlook::Kind::slow);
  const std::int64_t free_at_ms = told.free_at_ns / 1'000'000;
  world.run_to_ms(20'000'000);
  CHECK(world.acquired_at_ms(1) >= free_at_ms);
  CHECK(world.acquired_at_ms(1) <= free_at_ms + late_ms);
}

void check_stuck(World& world) {
  CHECK(look(world).kind == Outlook::Kind::stuck);
  world.run_to_ms(20'000'000);
  CHECK(world.acquired_at_ms(1) < 0);
}

TEST_CASE("a lock whose holder is dead is slow until its time to live is over") {
  struct Lock {
    std::string id;
    std::int64_t late_ms;  ///< the next poll, or the leader's scan for leases
    std::map<std::string, std::string> set = {};
  };
  for (const Lock& lock : {Lock{"redis-ttl", 60}, Lock{"redlock", 60}, Lock{"etcd-lease", 1'000},
                           Lock{"etcd-cas", 1'000}, Lock{"etcd-cas", 70, {{"compare", "mod"}}},
                           Lock{"last-run-cas", 60}}) {
    CAPTURE(lock.id, lock.set);
    World world = contended(lock.id, lock.set);
    world.run_to_ms(6'500);
    REQUIRE(world.acquired_at_ms(0) >= 5'000);
    world.kernel().crash(0);
    world.run_to_ms(13'000);
    check_slow(world, lock.late_ms);
  }
}

TEST_CASE("a lock whose servers are gone for good is stuck") {
  struct Lock {
    std::string id;
    std::uint32_t dead;
    std::map<std::string, std::string> set = {};
  };
  for (const Lock& lock :
       {Lock{"setnx", 1}, Lock{"redis-ttl", 1}, Lock{"pg-advisory", 1}, Lock{"last-run-cas", 1},
        Lock{"redlock", 3}, Lock{"etcd-lease", 2}, Lock{"etcd-cas", 2, {{"compare", "mod"}}}}) {
    CAPTURE(lock.id, lock.set);
    World world = contended(lock.id, lock.set);
    world.run_to_ms(6'500);
    world.kernel().crash(0);
    for (std::uint32_t i = 0; i < lock.dead; ++i) world.kernel().crash(world.server(i));
    world.run_to_ms(13'000);
    check_stuck(world);
  }
}

TEST_CASE("redlock is slow while a quorum of nodes lives, be it only just") {
  World world = contended("redlock", {});
  world.run_to_ms(6'500);
  world.kernel().crash(0);
  for (std::uint32_t i = 0; i < 2; ++i) world.kernel().crash(world.server(i));
  check_slow(world, 60);
}

TEST_CASE("a redlock node in quarantine frees its lock when that is over") {
  World world = contended("redlock", {});
  world.run_to_ms(6'500);
  world.kernel().crash(0);
  for (std::uint32_t i = 0; i < 5; ++i) world.restart_server(i);
  world.run_to_ms(6'501);
  const Outlook told = look(world);
  CHECK(told.kind == Outlook::Kind::slow);
  CHECK(told.free_at_ns / 1'000'000 == 6'500 + 10'000 + 102);
}

TEST_CASE("setnx is not given up while a DEL is on its way") {
  World world("setnx", {}, {{{5'000, 1'000, true}}, {{5'500, 10, true}}});
  world.run_to_ms(5'900);
  world.cut(0, 0);
  world.run_to_ms(6'100);  // the DEL waits in the socket
  world.kernel().crash(0);
  CHECK(look(world).kind == Outlook::Kind::unknown);
  SECTION("and it comes") {
    world.mend(0, 0);
    world.run_to_ms(100'000);
    CHECK(world.acquired_at_ms(1) > 0);
  }
  SECTION("but for the loss of what the kernel held") {
    world.kernel().power_loss(0);
    world.mend(0, 0);
    check_stuck(world);
  }
}

TEST_CASE("pg-advisory's half-open connection ends by the rules of its host's kernel") {
  const std::map<std::string, std::string> quick{
      {"keepalive-idle", "5s"}, {"keepalive-interval", "1s"}, {"keepalive-count", "3"}};
  SECTION("no host answers the probes") {
    World world = contended("pg-advisory", quick);
    world.run_to_ms(6'500);
    world.kernel().power_loss(0);
    world.run_to_ms(7'000);
    CHECK(look(world).free_at_ns / 1'000'000 >= 5'000 + 5'000 + 3'000);
    check_slow(world, 60);
  }
  SECTION("a host answers that knows nothing of it") {
    World world = contended("pg-advisory", quick);
    world.run_to_ms(6'500);
    world.kernel().power_loss(0);
    world.run_to_ms(7'000);
    world.kernel().power_on(0);
    CHECK(look(world).free_at_ns / 1'000'000 <= 5'010 + 5'000);
    check_slow(world, 60);
  }
  SECTION("nobody asks") {
    World world = contended("pg-advisory", {{"keepalive-idle", "0s"}});
    world.run_to_ms(6'500);
    world.kernel().power_loss(0);
    world.run_to_ms(7'000);
    check_stuck(world);
  }
}

TEST_CASE("pg-advisory comes free when the keepalive of a half-open connection gives up") {
  const Seen seen = compare_with_what_happens({"crashes", "pg-advisory", {}, "3h", 80});
  CHECK(seen.stuck == 0);
  CHECK(seen.slow >= 1);
}

}  // namespace
}  // namespace leasehold::scenarios
