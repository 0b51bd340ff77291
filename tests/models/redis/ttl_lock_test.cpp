#include "models/redis/ttl_lock.hpp"

#include <catch2/catch.hpp>

#include "tests/models/redis/lock_world.hpp"

namespace leasehold::models::redis {
namespace {

using namespace testing;
using Answer = LockClient::Answer;
using Set = std::map<std::string, std::string>;

// Connected at 102 ms; SET applied at 103 ms, with a ttl of 1 s: the key goes after 1103 ms.
constexpr std::int64_t kApplied = 103;

// ----------------------------------------------------------------------------------------- clocks

/// The server's wall clock is set forward while the first client works for half a ttl. It has to
/// leave the key alone until the work ends, at 104 ms + ttl/2; a contender polls all the while.
bool safe_under_step(std::int64_t ttl_ms, std::int64_t by_ms) {
  LockWorld world("redis-ttl", {}, {{{100, ttl_ms / 2, true}}, {{150, 1, true}}}, ttl_ms);
  world.run_to_ms(kApplied + ttl_ms / 4);
  world.step(world.server(0), by_ms);
  world.run_to_ms(2 * ttl_ms);
  CHECK(world.acquired_at_ms(1) >= 0);
  CHECK(world.grants_overlap() == world.works_overlap());
  CHECK(world.beliefs_overlap() == world.works_overlap());
  return world.safe();
}

TEST_CASE("a forward step of the server beyond what the lease has left breaks redis-ttl") {
  for (const std::int64_t ttl_ms : {1'000, 2'500, 10'000}) {
    CAPTURE(ttl_ms);
    const std::int64_t left_at_the_step = ttl_ms - ttl_ms / 4;
    CHECK_FALSE(safe_under_step(ttl_ms, left_at_the_step + 1));
    // At the end of the work half a ttl is left, less 1 ms; a poll may take 52 ms to notice.
    CHECK_FALSE(safe_under_step(ttl_ms, ttl_ms / 2 + 60));
    CHECK(safe_under_step(ttl_ms, ttl_ms / 2 - 2));
  }
}

TEST_CASE("a backward step of the server only delays") {
  LockWorld world("redis-ttl", {}, {{{100, 10, false}}, {{150, 1, false}}});
  world.run_to_ms(400);
  world.step(world.server(0), -30'000);
  world.run_to_ms(60'000);
  CHECK(world.safe());
  CHECK(world.acquired_at_ms(1) >= kApplied + 31'000);
  CHECK(world.acquired_at_ms(1) < kApplied + 31'200);
}

TEST_CASE("steps of a client do nothing to redis-ttl") {
  for (const std::int64_t by_ms : {-30'000, 30'000}) {
    LockWorld world("redis-ttl", {}, {{{100, 400, true}}, {{150, 10, true}}});
    world.run_to_ms(200);
    world.step(0, by_ms);
    world.step(1, -by_ms);
    world.run_to_ms(5'000);
    CHECK(world.safe());
    CHECK(world.acquired_at_ms(1) >= 500);
    CHECK(world.acquired_at_ms(1) < 600);
  }
}

/// The server's oscillator runs `ppm` fast. The first client believes until its deadline, or keeps
/// none and works for `work_ms`.
bool overlaps_at_rate(std::int64_t ppm, const std::string& deadline, std::int64_t work_ms) {
  LockWorld world("redis-ttl", {{"deadline", deadline}},
                  {{{100, work_ms, true}}, {{150, 10, false}}}, 10'000);
  world.kernel().set_clock_rate(world.server(0), ppm * 1'000);
  world.run_to_ms(30'000);
  REQUIRE(world.acquired_at_ms(1) >= 0);
  return world.beliefs_overlap();
}

TEST_CASE("a rate error breaks what leaves it no margin, and nothing that does") {
  // 10,000 ppm of 10 s are 100 ms.
  CHECK_FALSE(overlaps_at_rate(10'000, "on", 20'000));
  CHECK(overlaps_at_rate(25'000, "on", 20'000));
  CHECK(overlaps_at_rate(10'000, "off", 9'990));
  CHECK_FALSE(overlaps_at_rate(10'000, "off", 9'850));
}

// ----------------------------------------------------------------------------------------- pauses

TEST_CASE(
    "a pause in the work beyond the remaining lease lets two clients of redis-ttl work at once") {
  for (const std::string deadline : {"on", "off"}) {
    for (const std::int64_t pause_ms : {700, 1'000}) {
      LockWorld world("redis-ttl", {{"deadline", deadline}},
                      {{{100, 200, true}}, {{150, 200, true}}});
      world.run_to_ms(200);
      world.kernel().pause(0);
      world.run_to_ms(200 + pause_ms);
      world.kernel().resume(0);
      world.run_to_ms(5'000);
      CAPTURE(deadline, pause_ms);
      CHECK(world.works_overlap() == (pause_ms == 1'000));
      CHECK(world.beliefs_overlap() == (pause_ms == 1'000 && deadline == "off"));
      CHECK_FALSE(world.grants_overlap());
    }
  }
}

TEST_CASE("a restart that loses the key breaks the exclusion of redis-ttl") {
  for (const char* persistence : {"none", "rdb", "aof-everysec", "aof-always"}) {
    LockWorld world("redis-ttl", {{"persistence", persistence}},
                    {{{100, 900, true}}, {{200, 900, true}}});
    world.run_to_ms(500);
    world.restart_server(0);
    world.run_to_ms(1'000);
    const std::string mode = persistence;
    CAPTURE(mode);
    const bool lost = mode == "none" || mode == "rdb";
    CHECK(world.grants_overlap() == lost);
    CHECK(world.works_overlap() == lost);
  }
}

TEST_CASE("tokens rise while the data survive, and start again when they do not") {
  for (const char* persistence : {"none", "aof-always"}) {
    LockWorld world("redis-ttl", {{"persistence", persistence}, {"token", "incr"}},
                    {{{100, 10, true}, {300, 10, true}, {700, 10, true}}});
    world.run_to_ms(500);
    world.restart_server(0);
    world.run_to_ms(3'000);
    REQUIRE(world.tokens().size() == 3);
    CHECK(world.tokens()[0] == 1);
    CHECK(world.tokens()[1] == 2);
    CHECK(world.tokens()[2] == (std::string(persistence) == "none" ? 1 : 3));
  }
}

// ------------------------------------------------------------------------------------ lost replies

/// The reply to the first SET does not arrive before the client's timeout of 100 ms.
LockWorld::Answered after_lost_reply(LockWorld& world) {
  world.run_to_ms(kApplied - 1);
  world.kernel().network().cut(world.server(0), 0);
  world.run_to_ms(300);
  world.kernel().network().mend(world.server(0), 0);
  world.run_to_ms(10'000);
  REQUIRE(!world.answers().empty());
  return world.answers().front();
}

TEST_CASE("after a lost reply the client asks, or locks itself out for a ttl, or gives up") {
  struct Handling {
    const char* word;
    Answer answer;
    std::int64_t not_before_ms;
    std::int64_t not_after_ms;
  };
  for (const Handling handling :
       {Handling{"get", Answer::yes, 300, 1'102}, Handling{"retry", Answer::yes, 1'104, 2'500},
        Handling{"none", Answer::unknown, 150, 299}}) {
    LockWorld world("redis-ttl", {{"lost-reply", handling.word}, {"timeout", "100ms"}},
                    {{{100, 10, true}}}, 1'000);
    const LockWorld::Answered answered = after_lost_reply(world);
    CAPTURE(handling.word);
    CHECK(answered.answer == handling.answer);
    CHECK(answered.at_ms >= handling.not_before_ms);
    CHECK(answered.at_ms <= handling.not_after_ms);
  }
}

TEST_CASE("a lock found after a lost reply is trusted from the SET that may have taken it") {
  // Applied at 103 ms, asked for in vain until 900 ms, found then, gone after 1103 ms.
  LockWorld world("redis-ttl", {{"timeout", "100ms"}}, {{{100, 5'000, false}}, {{800, 10, false}}});
  world.run_to_ms(kApplied - 1);
  world.kernel().network().cut(world.server(0), 0);
  world.run_to_ms(850);
  world.kernel().network().mend(world.server(0), 0);
  world.run_to_ms(3'000);
  CHECK(world.acquired_at_ms(0) >= 850);
  CHECK(world.acquired_at_ms(0) < 1'103);
  CHECK(world.acquired_at_ms(1) >= 1'104);
  CHECK_FALSE(world.beliefs_overlap());
}

TEST_CASE("a reply that a paused client reads after the validity is no success") {
  for (const std::int64_t pause_ms : {900, 1'100}) {
    LockWorld world("redis-ttl", {}, {{{100, 10, true, 0}}});
    world.run_to_ms(kApplied);
    world.kernel().pause(0);
    world.run_to_ms(kApplied + pause_ms);
    world.kernel().resume(0);
    world.run_to_ms(3'000);
    CAPTURE(pause_ms);
    CHECK((world.acquired_at_ms(0) >= 0) == (pause_ms == 900));
  }
}

TEST_CASE("who gives up after a lost reply takes the key away, if it can") {
  for (const char* handling : {"get", "none"}) {
    LockWorld world("redis-ttl", {{"lost-reply", handling}, {"timeout", "100ms"}},
                    {{{100, 10, true, 50}}, {{400, 10, true}}});
    world.run_to_ms(kApplied - 1);
    world.kernel().network().cut(world.server(0), 0);
    world.run_to_ms(250);
    world.kernel().network().mend(world.server(0), 0);
    world.run_to_ms(5'000);
    CAPTURE(handling);
    CHECK(world.answers().front().answer == Answer::unknown);
    const bool takes_away = std::string(handling) == "get";
    CHECK((world.acquired_at_ms(1) < 1'000) == takes_away);
  }
}

TEST_CASE("a SET that arrives late blocks everybody for a ttl") {
  LockWorld world("redis-ttl", {{"timeout", "100ms"}}, {{{100, 10, true, 0}}, {{4'000, 10, true}}});
  world.run_to_ms(102);  // connected: the SET leaves now
  world.cut(0, 0);
  world.run_to_ms(1'000);
  world.mend(0, 0);
  world.run_to_ms(8'000);
  CHECK(world.answers().front().answer == Answer::unknown);
  CHECK(world.acquired_at_ms(1) >= 4'000);
  CHECK(world.safe());
}

// ----------------------------------------------------------------------------------------- release

/// The first client works beyond its ttl; then it releases, under the second one's lock, which
/// lasts until 2 s at least. Does a third client get in?
bool release_frees_the_successors_lock(const std::string& release) {
  LockWorld world("redis-ttl", {{"release", release}},
                  {{{100, 1'300, true}}, {{200, 800, false}}, {{1'300, 10, false}}});
  world.run_to_ms(1'900);
  REQUIRE(world.acquired_at_ms(1) >= 1'104);
  return world.acquired_at_ms(2) >= 0;
}

TEST_CASE("plain DEL frees the successor's lock, compare-and-delete and WATCH do not") {
  CHECK(release_frees_the_successors_lock("del"));
  CHECK_FALSE(release_frees_the_successors_lock("cad"));
  CHECK_FALSE(release_frees_the_successors_lock("watch"));
}

/// The answer to the first client's first release.
Answer release_answer(const LockWorld& world) {
  for (const LockWorld::Answered& answered : world.answers()) {
    if (answered.client == 0 && answered.release) return answered.answer;
  }
  FAIL("not released");
  return Answer::unknown;
}

TEST_CASE("a release under WATCH works when nothing comes between") {
  LockWorld world("redis-ttl", {{"release", "watch"}}, {{{100, 300, true}}, {{200, 10, true}}});
  world.run_to_ms(900);
  CHECK(release_answer(world) == Answer::yes);
  CHECK(world.acquired_at_ms(1) < 500);
}

TEST_CASE("a release under WATCH raises when the key has expired, and spoils the next release") {
  for (const char* release : {"watch", "cad"}) {
    LockWorld world("redis-ttl", {{"release", release}},
                    {{{100, 1'300, true}, {1'500, 10, true}}, {{2'000, 10, true}}});
    world.run_to_ms(6'000);
    const bool watch = std::string(release) == "watch";
    CAPTURE(release);
    CHECK(release_answer(world) == (watch ? Answer::unknown : Answer::no));
    // The connection still watches: the second release is undone by the client's own SET.
    CHECK(world.acquisitions(0) == 2);
    CHECK((world.acquired_at_ms(1) > 2'450) == watch);
  }
}

TEST_CASE("a release under WATCH is undone by the own watchdog, and the lock stays for its ttl") {
  // Released at 104 + 332 + 3 ms: connected two ms later, WATCH and GET applied at 442 and MULTI to
  // EXEC at 444. The watchdog's PEXPIRE, sent at 102 + 333 + 2 ms over a new connection, arrives
  // between them.
  bool undone = false;
  for (std::int64_t work_ms = 320; work_ms <= 345; ++work_ms) {
    LockWorld world("redis-ttl", {{"release", "watch"}, {"renew", "on"}},
                    {{{100, work_ms, true}}, {{500, 10, true}}});
    world.run_to_ms(5'000);
    if (release_answer(world) == Answer::yes) continue;
    undone = true;
    CHECK(world.acquired_at_ms(1) > 1'400);
  }
  CHECK(undone);
}

TEST_CASE("a key that expires between WATCH and EXEC is not deleted by it") {
  // The first release is sent so that its GET finds the key and its EXEC does not.
  bool aborted = false;
  for (std::int64_t work_ms = 994; work_ms <= 1'000; ++work_ms) {
    LockWorld world("redis-ttl", {{"release", "watch"}, {"deadline", "off"}},
                    {{{100, work_ms, true}}});
    world.run_to_ms(5'000);
    aborted = aborted || release_answer(world) == Answer::unknown;
  }
  CHECK(aborted);
}

// ----------------------------------------------------------------------------------------- renewal

TEST_CASE("a watchdog keeps the lock beyond its ttl, and stops with the release") {
  LockWorld world("redis-ttl", {{"renew", "on"}}, {{{100, 5'000, true}}, {{200, 10, true}}});
  world.run_to_ms(10'000);
  CHECK(world.safe());
  CHECK(world.acquired_at_ms(1) >= 5'104);
  CHECK(world.acquired_at_ms(1) < 5'300);
  CHECK(release_answer(world) == Answer::yes);
}

TEST_CASE("a watchdog that is cut off stops trusting its lock before anybody else gets it") {
  LockWorld world("redis-ttl", {{"renew", "on"}, {"timeout", "100ms"}},
                  {{{100, 20'000, false}}, {{200, 10, false}}});
  world.run_to_ms(3'000);
  world.cut(0, 0);
  world.run_to_ms(10'000);
  CHECK(world.acquired_at_ms(1) >= 0);
  CHECK_FALSE(world.beliefs_overlap());
}

}  // namespace
}  // namespace leasehold::models::redis
