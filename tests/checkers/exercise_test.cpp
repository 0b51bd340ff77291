#include "checkers/exercise.hpp"

#include <catch2/catch.hpp>

#include "tests/checkers/records.hpp"

namespace leasehold::checkers {
namespace {

using namespace testing;

FaultRecord fault(FaultRecord::Phase phase, std::uint16_t kind, std::uint32_t index) {
  return {phase, kind, index};
}
constexpr auto kScheduled = FaultRecord::Phase::scheduled;
constexpr auto kBound = FaultRecord::Phase::bound;
constexpr auto kInEffect = FaultRecord::Phase::in_effect;
constexpr auto kFaultEnded = FaultRecord::Phase::ended;

TEST_CASE("clients that acquired are counted once each") {
  Clock clock;
  Exercise exercise;
  for (const ClientId client : {0U, 0U, 4U}) {
    exercise.observe(clock.at(1), acquire(kInvoked, client, 1));
    exercise.observe(clock.at(2), acquire(kOk, client, 1));
  }
  exercise.observe(clock.at(3), acquire(kInvoked, 1, 2));
  exercise.observe(clock.at(4), acquire(kRefused, 1, 2));
  CHECK(exercise.result().clients_acquired == 2);
}

TEST_CASE("a client waits while another holds, whichever came first") {
  Clock clock;
  Exercise exercise;
  SECTION("the holder") {
    exercise.observe(clock.at(1), belief_begun(0, 1));
    exercise.observe(clock.at(2), acquire(kInvoked, 1, 2));
    CHECK(exercise.result().waited_while_held);
  }
  SECTION("the claimant") {
    exercise.observe(clock.at(1), acquire(kInvoked, 1, 2));
    exercise.observe(clock.at(2), belief_begun(0, 1));
    CHECK(exercise.result().waited_while_held);
  }
  SECTION("but nobody waits for itself") {
    exercise.observe(clock.at(1), acquire(kInvoked, 0, 1));
    exercise.observe(clock.at(2), belief_begun(0, 1));
    exercise.observe(clock.at(3), acquire(kOk, 0, 1));
    exercise.observe(clock.at(4), acquire(kInvoked, 0, 2));
    CHECK_FALSE(exercise.result().waited_while_held);
  }
  SECTION("nor for a belief that is over") {
    exercise.observe(clock.at(1), belief_begun(0, 1));
    exercise.observe(clock.at(2), belief_ended(0, 1));
    exercise.observe(clock.at(3), acquire(kInvoked, 1, 2));
    CHECK_FALSE(exercise.result().waited_while_held);
  }
  SECTION("nor for a client that crashed") {
    exercise.observe(clock.at(1), belief_begun(0, 1));
    exercise.observe(clock.at(2), crashed(0));
    exercise.observe(clock.at(3), acquire(kInvoked, 1, 2));
    CHECK_FALSE(exercise.result().waited_while_held);
  }
}

TEST_CASE("faults are counted by kind and by how far they came") {
  Clock clock;
  Exercise exercise;
  exercise.observe(clock.at(0), fault(kScheduled, 2, 0));
  exercise.observe(clock.at(0), fault(kScheduled, 2, 1));
  exercise.observe(clock.at(1), fault(kBound, 2, 0));
  exercise.observe(clock.at(2), fault(kInEffect, 2, 0));
  const FaultCounts& counts = exercise.result().faults[2];
  CHECK(counts.scheduled == 2);
  CHECK(counts.bound == 1);
  CHECK(counts.in_effect == 1);
  CHECK(counts.met == 0);
}

TEST_CASE("a fault must meet a lock that is held or wanted") {
  Clock clock;
  Exercise exercise;
  SECTION("as one that comes while it is wanted") {
    exercise.observe(clock.at(1), acquire(kInvoked, 0, 1));
    exercise.observe(clock.at(2), fault(kInEffect, 0, 0));
    CHECK(exercise.result().fault_met);
  }
  SECTION("as one that is still in effect when it becomes held") {
    exercise.observe(clock.at(1), fault(kInEffect, 0, 0));
    exercise.observe(clock.at(2), belief_begun(0, 1));
    CHECK(exercise.result().fault_met);
    CHECK(exercise.result().faults[0].met == 1);
  }
  SECTION("unlike one that was over before") {
    exercise.observe(clock.at(1), fault(kInEffect, 0, 0));
    exercise.observe(clock.at(2), fault(kFaultEnded, 0, 0));
    exercise.observe(clock.at(3), belief_begun(0, 1));
    CHECK_FALSE(exercise.result().fault_met);
  }
  SECTION("unlike one that never took effect") {
    exercise.observe(clock.at(1), fault(kScheduled, 0, 0));
    exercise.observe(clock.at(2), belief_begun(0, 1));
    CHECK_FALSE(exercise.result().fault_met);
  }
}

TEST_CASE("a fault that is applied and never felt still puts the run to the test") {
  Clock clock;
  Exercise exercise;
  exercise.observe(clock.at(1), fault(FaultRecord::Phase::applied, 0, 0));
  exercise.observe(clock.at(2), acquire(kInvoked, 0, 1));
  CHECK(exercise.result().fault_met);
  CHECK(exercise.result().faults[0].in_effect == 0);
  CHECK(exercise.result().faults[0].met == 0);
  exercise.observe(clock.at(3), fault(kInEffect, 0, 0));
  CHECK(exercise.result().faults[0].met == 1);
}

TEST_CASE("a reset exercise fold is as good as new") {
  Clock clock;
  Exercise exercise;
  exercise.observe(clock.at(1), belief_begun(0, 1));
  exercise.observe(clock.at(2), acquire(kInvoked, 1, 2));
  exercise.observe(clock.at(3), fault(kInEffect, 1, 0));
  exercise.reset();
  CHECK_FALSE(exercise.result().waited_while_held);
  CHECK_FALSE(exercise.result().fault_met);
  CHECK(exercise.result().faults[1].in_effect == 0);
  exercise.observe(clock.at(4), fault(kInEffect, 1, 0));
  CHECK_FALSE(exercise.result().fault_met);
}

}  // namespace
}  // namespace leasehold::checkers
