#include "checkers/recovery.hpp"

#include <catch2/catch.hpp>

#include "tests/checkers/records.hpp"

namespace leasehold::checkers {
namespace {

using namespace testing;

constexpr std::uint16_t kPause = 1;
constexpr std::uint16_t kCrash = 3;

FaultRecord fault(FaultRecord::Phase phase, std::uint16_t kind) {
  FaultRecord record;
  record.phase = phase;
  record.kind = kind;
  return record;
}

TEST_CASE("a fault's recovery lasts from its taking effect to the next acquisition by anybody") {
  Clock clock;
  Recovery recovery;
  recovery.observe(clock.at(10), fault(FaultRecord::Phase::applied, kPause));
  recovery.observe(clock.at(12), fault(FaultRecord::Phase::in_effect, kPause));
  recovery.observe(clock.at(13), acquire(kInvoked, 1, 1));
  recovery.observe(clock.at(14), fault(FaultRecord::Phase::in_effect, kCrash));
  recovery.observe(clock.at(15), release(kOk, 2, 2));
  recovery.observe(clock.at(17), acquire(kOk, 1, 1));
  recovery.observe(clock.at(18), acquire(kOk, 2, 3));
  const auto& times = recovery.finish(clock.at(90));
  REQUIRE(times.size() == kCrash + 1);
  CHECK(times[kPause].served.count() == 1);
  CHECK(times[kPause].served.max_ns() == 5'000'000);
  CHECK(times[kCrash].served.max_ns() == 3'000'000);
  CHECK(times[kPause].unserved.count() + times[kCrash].unserved.count() == 0);
}

TEST_CASE("a fault after which nobody acquires has lasted to the end of the run at least") {
  Clock clock;
  Recovery recovery;
  recovery.observe(clock.at(10), fault(FaultRecord::Phase::in_effect, kPause));
  recovery.observe(clock.at(15), acquire(kInvoked, 1, 1));
  const auto& times = recovery.finish(clock.at(90));
  CHECK(times[kPause].served.count() == 0);
  CHECK(times[kPause].unserved.max_ns() == 80'000'000);

  recovery.reset();
  CHECK(recovery.finish(clock.at(100))[kPause].unserved.count() == 0);
}

}  // namespace
}  // namespace leasehold::checkers
