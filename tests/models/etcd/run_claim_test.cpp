#include "models/etcd/run_claim.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/models/redis/lock_world.hpp"

// etcd-cas with compare=mod: the time of a job's last run as the only thing that is kept.
namespace leasehold::models::etcd {
namespace {

using redis::testing::LockWorld;
using redis::testing::Turn;
using Answer = LockClient::Answer;

constexpr std::int64_t kPeriodMs = 1'000;
constexpr std::int64_t kStart = 5'000;  // long after the first election

// Who starts at 5,000 ms has read the last run at 5,002 or, if it asked a follower, two later, and
// claims at once; that takes a disk and some ways more. A waiter asks every 50 ms and these.
constexpr std::int64_t kReadMs = 4;
constexpr std::int64_t kClaimMs = 9;
constexpr std::int64_t kPollMs = 50 + kReadMs;

LockWorld world_of(const std::vector<std::vector<Turn>>& scripts,
                   std::int64_t period_ms = kPeriodMs) {
  return LockWorld("etcd-cas", {{"compare", "mod"}}, scripts, period_ms);
}

const std::vector<std::vector<Turn>> kOneAndAWaiter = {{{kStart, 10}}, {{kStart + 100, 10}}};

/// Checks that the waiter's run is the first that its polls find due so long after the first one's.
void check_waiter_runs_after(const LockWorld& world, std::int64_t span_ms) {
  const std::int64_t first = world.acquired_at_ms(0);
  REQUIRE(first > kStart);
  CHECK(first <= kStart + kReadMs + kClaimMs);
  CHECK(world.acquired_at_ms(1) >= first - kClaimMs + span_ms);
  CHECK(world.acquired_at_ms(1) <= first + span_ms + kPollMs + kClaimMs);
}

TEST_CASE("a claim of a run stands for a period, on whatever cluster") {
  for (const char* version : {"3.4", "3.5"}) {
    for (const std::int64_t period_ms : {std::int64_t{700}, kPeriodMs, std::int64_t{7'300}}) {
      CAPTURE(std::string(version), period_ms);
      LockWorld world("etcd-cas", {{"compare", "mod"}, {"server", version}}, kOneAndAWaiter,
                      period_ms);
      world.run_to_ms(20'000);
      check_waiter_runs_after(world, period_ms);
      CHECK(world.safe());
      CHECK(world.tokens() == std::vector<Token>{2, 3});
    }
  }
}

TEST_CASE("of those that read the same revision one claims the run") {
  const Turn turn{kStart, 10, true, 500};
  LockWorld world = world_of({{turn}, {turn}, {turn}, {turn}});
  world.run_to_ms(kStart + 900);
  std::size_t claimed = 0;
  for (std::uint32_t client = 0; client < 4; ++client) claimed += world.acquisitions(client);
  CHECK(claimed == 1);
  CHECK(world.answers().size() == 5);  // the release of the one that did, refused, is the fifth
  for (const LockWorld::Answered& a : world.answers()) CHECK(a.answer != Answer::unknown);
  CHECK(world.safe());
}

TEST_CASE("nothing gives a claimed run back: no release, no death, no restart of the cluster") {
  LockWorld world = world_of(kOneAndAWaiter);
  world.run_to_ms(kStart + 50);
  REQUIRE(world.acquisitions(0) == 1);
  SECTION("a release is answered with no") {
    CHECK(world.answers()[1].release);
    CHECK(world.answers()[1].answer == Answer::no);
  }
  SECTION("a claimer that dies takes its run with it") { world.kernel().crash(0); }
  SECTION("the cluster loses its power") {
    for (std::uint32_t slot = 0; slot < 3; ++slot) world.kernel().power_loss(world.server(slot));
    for (std::uint32_t slot = 0; slot < 3; ++slot) world.kernel().power_on(world.server(slot));
    world.run_to_ms(20'000);
    CHECK(world.acquired_at_ms(1) >= kStart + kPeriodMs);
    CHECK(world.tokens() == std::vector<Token>{2, 3});
    CHECK(world.safe());
    return;
  }
  world.run_to_ms(10'000);
  check_waiter_runs_after(world, kPeriodMs);
  CHECK(world.safe());
}

TEST_CASE("a compare-and-set whose answer is lost is nobody's, and the run is missed") {
  std::uint32_t missed = 0;
  for (std::int64_t ms = 0; ms < 20; ++ms) {
    LockWorld world = world_of({{{kStart, 10, true, 300}}, {{kStart + 100, 10}}});
    world.run_to_ms(kStart + ms);
    for (std::uint32_t slot = 0; slot < 3; ++slot) {
      world.kernel().network().reset_connections(0, world.server(slot));
    }
    world.run_to_ms(10'000);
    CAPTURE(ms);
    CHECK(world.safe());
    const auto own = std::find_if(world.answers().begin(), world.answers().end(),
                                  [](const auto& answered) { return answered.client == 0; });
    REQUIRE(own != world.answers().end());
    if (own->answer != Answer::unknown) continue;
    CHECK(world.acquisitions(0) == 0);
    CHECK(world.acquired_at_ms(1) <= kStart + kReadMs + kPeriodMs + kPollMs + kClaimMs);
    // Or it never arrived.
    if (world.acquired_at_ms(1) >= kStart + kPeriodMs) ++missed;
  }
  CHECK(missed > 0);
}

TEST_CASE("the wall clocks of those who claim decide, and no member's") {
  LockWorld world = world_of(kOneAndAWaiter);
  world.run_to_ms(kStart + 50);
  SECTION("a step forward of a waiter makes the run due early by as much") {
    world.step(1, 600);
    world.run_to_ms(10'000);
    check_waiter_runs_after(world, kPeriodMs - 600);
    CHECK(world.grants_overlap());
  }
  SECTION("a step back of a waiter only delays") {
    world.step(1, -2'000);
    world.run_to_ms(10'000);
    check_waiter_runs_after(world, kPeriodMs + 2'000);
    CHECK(world.safe());
  }
  SECTION("steps of the claimer after its claim and of members change nothing") {
    world.step(0, -100'000);
    for (std::uint32_t slot = 0; slot < 3; ++slot) world.step(world.server(slot), 100'000);
    world.run_to_ms(10'000);
    check_waiter_runs_after(world, kPeriodMs);
    CHECK(world.safe());
  }
}

TEST_CASE("a claimer whose clock had been set back stores a time that is over too soon") {
  LockWorld world = world_of(kOneAndAWaiter);
  world.run_to_ms(kStart - 100);
  world.step(0, -600);
  world.run_to_ms(10'000);
  check_waiter_runs_after(world, kPeriodMs - 600);
  CHECK(world.grants_overlap());
}

TEST_CASE("clocks that never agreed break no promise: the first of them ends it") {
  for (const std::int64_t ahead_ms : {std::int64_t{0}, std::int64_t{300}}) {
    LockWorld world = world_of({{{kStart, 10}}, {{kStart + 100, 10}}, {{kStart + 100, 10}}});
    world.step(1, ahead_ms);
    world.run_to_ms(10'000);
    CAPTURE(ahead_ms);
    check_waiter_runs_after(world, kPeriodMs - ahead_ms);
    CHECK_FALSE(world.grants_overlap());
  }
}

}  // namespace
}  // namespace leasehold::models::etcd
