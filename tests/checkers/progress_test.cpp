#include "checkers/progress.hpp"

#include <catch2/catch.hpp>

#include "tests/checkers/records.hpp"

namespace leasehold::checkers {
namespace {

using namespace testing;
using Starvation = ProgressResult::Starvation;

constexpr RunPhase kHealed{RunPhase::Phase::healed};
constexpr Outlook kStuck{Outlook::Kind::stuck, 0};
constexpr Outlook kSlow{Outlook::Kind::slow, 700 * kMs};

TEST_CASE("a healed world that serves its clients in time progresses") {
  Clock clock;
  Progress progress(100 * kMs);
  progress.observe(clock.at(0), kHealed);
  progress.observe(clock.at(10), acquire(kInvoked, 0, 1));
  progress.observe(clock.at(110), acquire(kOk, 0, 1));
  const ProgressResult result = progress.finish(clock.at(200), {});
  CHECK(result.verdict == Verdict::holds);
  CHECK(result.starvation == Starvation::none);
  CHECK(result.longest_ns == 100 * kMs);
}

TEST_CASE("progress is violated just beyond the promised time and not at it") {
  Clock clock;
  Progress progress(100 * kMs);
  progress.observe(clock.at(0), kHealed);
  progress.observe(clock.at(10), acquire(kInvoked, 0, 1));
  progress.observe({110 * kMs + 1, 99}, acquire(kOk, 0, 1));
  const ProgressResult result = progress.finish({200 * kMs, 100}, {});
  CHECK(result.verdict == Verdict::violated);
  CHECK(result.starvation == Starvation::slow);
  CHECK(result.since_ns == 10 * kMs);
}

TEST_CASE("waiting while somebody works is no starvation") {
  Clock clock;
  Progress progress(100 * kMs);
  progress.observe(clock.at(0), kHealed);
  progress.observe_works(clock.at(0), 1);
  progress.observe(clock.at(10), acquire(kInvoked, 0, 1));
  CHECK_FALSE(progress.starving());
  progress.observe_works(clock.at(300), 0);
  CHECK(progress.starving());
  progress.observe(clock.at(400), acquire(kOk, 0, 1));
  CHECK(progress.finish(clock.at(500), {}).verdict == Verdict::holds);
}

TEST_CASE("what happened under faults does not count against a healed world") {
  Clock clock;
  Progress progress(100 * kMs);
  progress.observe(clock.at(0), acquire(kInvoked, 0, 1));
  progress.observe(clock.at(500), kHealed);
  progress.observe(clock.at(600), acquire(kOk, 0, 1));
  CHECK(progress.finish(clock.at(700), {}).verdict == Verdict::holds);
}

TEST_CASE("a client that waits when the world heals is a claimant") {
  Clock clock;
  Progress progress(100 * kMs);
  progress.observe(clock.at(0), acquire(kInvoked, 0, 1));
  progress.observe(clock.at(500), kHealed);
  SECTION("that stays unserved, nobody knows why") {
    const ProgressResult result = progress.finish(clock.at(700), {});
    CHECK(result.verdict == Verdict::violated);
    CHECK(result.starvation == Starvation::undetermined);
    CHECK(result.since_ns == 500 * kMs);
  }
  SECTION("that a timer will serve") {
    const ProgressResult result = progress.finish(clock.at(650), kSlow);
    CHECK(result.starvation == Starvation::slow);
    CHECK(result.outlook.free_at_ns == 700 * kMs);
  }
  SECTION("that nothing will ever serve") {
    const ProgressResult result = progress.finish(clock.at(650), kStuck);
    CHECK(result.verdict == Verdict::violated);
    CHECK(result.starvation == Starvation::stuck);
  }
  SECTION("and being stuck violates however short the wait was") {
    const ProgressResult result = progress.finish(clock.at(501), kStuck);
    CHECK(result.verdict == Verdict::violated);
    CHECK(result.starvation == Starvation::stuck);
  }
  SECTION("unless the phase was too short to tell") {
    CHECK(progress.finish(clock.at(599), {}).verdict == Verdict::unknown);
  }
}

TEST_CASE("to be stuck takes somebody who wants the lock") {
  Clock clock;
  Progress progress(100 * kMs);
  progress.observe(clock.at(0), kHealed);
  progress.observe(clock.at(1), acquire(kInvoked, 0, 1));
  progress.observe(clock.at(2), acquire(kOk, 0, 1));
  CHECK(progress.finish(clock.at(200), kStuck).verdict == Verdict::holds);
}

TEST_CASE("without a claimant progress is unknown") {
  Clock clock;
  Progress progress(100 * kMs);
  progress.observe(clock.at(0), acquire(kInvoked, 0, 1));
  progress.observe(clock.at(1), acquire(kOk, 0, 1));
  progress.observe(clock.at(2), kHealed);
  CHECK(progress.finish(clock.at(500), {}).verdict == Verdict::unknown);
}

TEST_CASE("a crashed client wants nothing") {
  Clock clock;
  Progress progress(100 * kMs);
  progress.observe(clock.at(0), kHealed);
  progress.observe(clock.at(1), acquire(kInvoked, 0, 1));
  progress.observe(clock.at(50), crashed(0));
  CHECK(progress.finish(clock.at(500), {}).verdict == Verdict::holds);
}

TEST_CASE("giving up and trying again is not being served") {
  Clock clock;
  Progress progress(100 * kMs);
  progress.observe(clock.at(0), kHealed);
  for (AttemptId attempt = 1; attempt <= 3; ++attempt) {
    const auto ms = static_cast<std::int64_t>(50 * attempt);
    progress.observe(clock.at(ms), acquire(kInvoked, 0, attempt));
    progress.observe(clock.at(ms + 40), acquire(kRefused, 0, attempt));
  }
  // Wanted for 3 * 40 ms in all, never served.
  const ProgressResult result = progress.finish(clock.at(500), {});
  CHECK(result.verdict == Verdict::violated);
  CHECK(result.longest_ns == 120 * kMs);
}

TEST_CASE("a reset progress fold is as good as new") {
  Clock clock;
  Progress progress(100 * kMs);
  progress.observe(clock.at(0), kHealed);
  progress.observe(clock.at(1), acquire(kInvoked, 0, 1));
  progress.finish(clock.at(500), kStuck);
  progress.reset();
  CHECK_FALSE(progress.starving());
  CHECK(progress.finish(clock.at(500), {}).verdict == Verdict::unknown);
}

}  // namespace
}  // namespace leasehold::checkers
