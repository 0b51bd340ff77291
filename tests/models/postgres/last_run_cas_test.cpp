#include "models/postgres/last_run_cas.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>

#include "tests/models/redis/lock_world.hpp"

namespace leasehold::models::postgres {
namespace {

using redis::testing::LockWorld;
using redis::testing::Turn;
using Answer = LockClient::Answer;

constexpr std::int64_t kPeriodMs = 1'000;

// Who starts at 100 ms is connected at 102, started up at 104 and sends its UPDATE. It reaches the
// server at 105, where the time of the run is taken; flushing the log takes 1 ms, the way back 1
// ms.
constexpr std::int64_t kStart = 100;
constexpr std::int64_t kRunAt = 105;
constexpr std::int64_t kCommittedAt = 106;
constexpr std::int64_t kClaimedAt = 107;

// A waiter that starts at 200 ms asks at 205 and then every 52 ms: there, back, and a pause of 50.
constexpr std::int64_t kWaiterStart = 200;

/// When that waiter has claimed a run that falls due then.
constexpr std::int64_t claimed_by_waiter(std::int64_t due_ms) {
  std::int64_t asks_ms = kWaiterStart + 5;
  while (asks_ms < due_ms) asks_ms += 52;
  return asks_ms + 2;
}
static_assert(claimed_by_waiter(kRunAt + kPeriodMs) == 1'143);

const std::vector<std::vector<Turn>> kOneAndAWaiter = {{{kStart, 10}}, {{kWaiterStart, 10}}};

TEST_CASE("a run falls due a period after the last one, by the clock of the database's host") {
  for (const std::int64_t period_ms : {std::int64_t{700}, kPeriodMs, std::int64_t{7'300}}) {
    LockWorld world("last-run-cas", {}, kOneAndAWaiter, period_ms);
    world.run_to_ms(20'000);
    CAPTURE(period_ms);
    CHECK(world.acquired_at_ms(0) == kClaimedAt);
    CHECK(world.acquired_at_ms(1) == claimed_by_waiter(kRunAt + period_ms));
    CHECK(world.safe());
  }
}

TEST_CASE("nothing gives a claim back: no release, no death") {
  LockWorld world("last-run-cas", {}, kOneAndAWaiter);
  SECTION("a release is answered with no") {
    world.run_to_ms(5'000);
    CHECK(world.answers()[1].release);
    CHECK(world.answers()[1].answer == Answer::no);
  }
  SECTION("a holder that dies takes its run with it") {
    world.run_to_ms(kClaimedAt + 1);
    world.kernel().crash(0);
    world.run_to_ms(5'000);
  }
  CHECK(world.acquired_at_ms(1) == claimed_by_waiter(kRunAt + kPeriodMs));
}

TEST_CASE("a row that is being claimed is waited for and then judged anew") {
  LockWorld world("last-run-cas", {}, {{{kStart, 10}}, {{kWaiterStart, 10, true, 50}}});
  world.kernel().disk(world.server(0)).set_slowdown(500);
  world.run_to_ms(900);
  CHECK(world.acquired_at_ms(0) == kRunAt + 500 + 1);
  CHECK(world.acquisitions(1) == 0);
  REQUIRE(world.answers().size() == 3);
  const LockWorld::Answered refused =
      world.answers()[1].client == 1 ? world.answers()[1] : world.answers()[0];
  CHECK(refused.answer == Answer::no);
  CHECK(refused.at_ms == kRunAt + 500 + 1);
}

TEST_CASE("a claim whose answer is lost is nobody's, and the run is missed") {
  LockWorld world("last-run-cas", {}, {{{kStart, 10, true, 200}}, {{kWaiterStart, 10}}});
  SECTION("the server dies while it flushes: what is in its log has happened") {
    world.run_to_ms(kRunAt);
    world.restart_server(0);
  }
  SECTION("the log cannot be flushed: the session ends without an answer") {
    world.kernel().disk(world.server(0)).fail_next_syncs(1);
  }
  world.run_to_ms(5'000);
  CHECK(world.answers().front().answer == Answer::unknown);
  CHECK(world.acquired_at_ms(0) == -1);
  CHECK(world.acquired_at_ms(1) >= kRunAt + kPeriodMs + 2);
  CHECK(world.acquired_at_ms(1) <= kRunAt + kPeriodMs + 300);
  CHECK(world.safe());
}

TEST_CASE("a claim that was answered survives a restart and a power loss") {
  for (const bool power : {false, true}) {
    LockWorld world("last-run-cas", {{"token", "counter"}}, kOneAndAWaiter);
    world.run_to_ms(kCommittedAt);
    if (power) {
      world.kernel().power_loss(world.server(0));
      world.kernel().power_on(world.server(0));
    } else {
      world.restart_server(0);
    }
    world.run_to_ms(20'000);
    CAPTURE(power);
    CHECK(world.acquired_at_ms(0) == kClaimedAt);
    CHECK(world.acquired_at_ms(1) >= kRunAt + kPeriodMs + 2);
    CHECK(world.tokens() == std::vector<Token>{1, 2});
    CHECK(world.safe());
  }
}

TEST_CASE("a claim whose record was torn by a power loss hides none of those made after it") {
  constexpr int kRounds = 40;  // a record in eight is torn
  std::vector<std::vector<Turn>> scripts(3);
  for (std::int64_t round = 0; round < kRounds; ++round) {
    const std::int64_t begin_ms = 100 + 10'000 * round;
    scripts[0].push_back({begin_ms, 10, true, 90});  // interrupted while its record is flushed
    scripts[1].push_back({begin_ms + 2'000, 10});
    scripts[2].push_back({begin_ms + 2'600, 10});
  }
  LockWorld world("last-run-cas", {{"token", "counter"}}, scripts);
  sim::Kernel& kernel = world.kernel();
  const auto cycle_power_at = [&world, &kernel](std::int64_t ms) {
    world.run_to_ms(ms);
    kernel.power_loss(world.server(0));
    kernel.power_on(world.server(0));
    // Who waits for an answer would never know.
    for (std::uint32_t i = 0; i < 3; ++i) kernel.network().reset_connections(i, world.server(0));
  };
  for (std::int64_t round = 0; round < kRounds; ++round) {
    const std::int64_t begin_ms = 100 + 10'000 * round;
    world.run_to_ms(begin_ms - 1);
    kernel.disk(world.server(0)).set_slowdown(200);
    cycle_power_at(begin_ms + 100);
    kernel.disk(world.server(0)).set_slowdown(1);
    cycle_power_at(begin_ms + 2'500);
  }
  world.run_to_ms(10'000 * (kRounds + 1));
  CHECK(world.acquisitions(0) == 0);
  CHECK(world.acquisitions(1) == kRounds);
  CHECK(world.acquisitions(2) == kRounds);
  CHECK(world.safe());
  const std::vector<Token>& tokens = world.tokens();
  CHECK(std::adjacent_find(tokens.begin(), tokens.end(), std::greater_equal<>()) == tokens.end());
}

TEST_CASE("the wall clock of the database's host decides, and no client's") {
  LockWorld world("last-run-cas", {}, kOneAndAWaiter);
  world.run_to_ms(300);
  SECTION("a step forward makes the run due early by as much") {
    world.step(world.server(0), 600);
    world.run_to_ms(5'000);
    CHECK(world.acquired_at_ms(1) == claimed_by_waiter(kRunAt + kPeriodMs - 600));
    CHECK(world.grants_overlap());
  }
  SECTION("a step back only delays") {
    world.step(world.server(0), -2'000);
    world.run_to_ms(10'000);
    CHECK(world.acquired_at_ms(1) == claimed_by_waiter(kRunAt + kPeriodMs + 2'000));
    CHECK(world.safe());
  }
  SECTION("steps of clients change nothing") {
    world.step(0, 100'000);
    world.step(1, -100'000);
    world.run_to_ms(5'000);
    CHECK(world.acquired_at_ms(1) == claimed_by_waiter(kRunAt + kPeriodMs));
    CHECK(world.safe());
  }
}

TEST_CASE("a pause beyond the period breaks the exclusion of the work, and no claim") {
  for (const std::int64_t work_ms : {kPeriodMs - 10, kPeriodMs + 100}) {
    LockWorld world("last-run-cas", {}, {{{kStart, work_ms}}, {{kWaiterStart, 10}}});
    world.run_to_ms(5'000);
    CAPTURE(work_ms);
    CHECK(world.works_overlap() == (work_ms > kPeriodMs));
    CHECK_FALSE(world.grants_overlap());
    CHECK_FALSE(world.beliefs_overlap());
  }
}

}  // namespace
}  // namespace leasehold::models::postgres
