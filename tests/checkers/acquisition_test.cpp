#include "checkers/acquisition.hpp"

#include <catch2/catch.hpp>

#include "tests/checkers/records.hpp"

namespace leasehold::checkers {
namespace {

using namespace testing;

TEST_CASE("every attempt is counted by its outcome") {
  Clock clock;
  Acquisition acquisition;
  acquisition.observe(clock.at(1), acquire(kInvoked, 0, 1));
  acquisition.observe(clock.at(2), acquire(kOk, 0, 1));
  acquisition.observe(clock.at(3), acquire(kInvoked, 1, 2));
  acquisition.observe(clock.at(5), acquire(kRefused, 1, 2));
  acquisition.observe(clock.at(6), acquire(kInvoked, 1, 3));
  acquisition.observe(clock.at(9), acquire(kIndeterminate, 1, 3));
  acquisition.observe(clock.at(10), acquire(kInvoked, 0, 4));
  acquisition.observe(clock.at(15), crashed(0));
  acquisition.observe(clock.at(16), acquire(kInvoked, 0, 5));
  acquisition.observe(clock.at(17), release(kInvoked, 0, 1));
  const AcquisitionResult& result = acquisition.finish(clock.at(20));
  CHECK(result.attempts.made == 5);
  CHECK(result.attempts.acquired == 1);
  CHECK(result.attempts.refused == 1);
  CHECK(result.attempts.timed_out == 1);
  CHECK(result.attempts.unfinished == 2);
  // Unserved attempts count with the wait that they had behind them: 2, 3, 5 and 4 ms.
  CHECK(result.latency_ns.served.sum_ns() == 1 * kMs);
  CHECK(result.latency_ns.unserved.sum_ns() == 14 * kMs);
  CHECK(result.fairness.longest_wait_ns == 5 * kMs);
}

TEST_CASE("a lock that serves nobody does not look fast") {
  Clock clock;
  Acquisition acquisition;
  acquisition.observe(clock.at(1), acquire(kInvoked, 0, 1));
  acquisition.observe(clock.at(2), acquire(kOk, 0, 1));
  acquisition.observe(clock.at(2), acquire(kInvoked, 1, 2));
  acquisition.observe(clock.at(2), acquire(kInvoked, 2, 3));
  const AcquisitionResult& result = acquisition.finish(clock.at(100));
  const CensoredHistogram::Value median = result.latency_ns.quantile_ns({1, 2});
  CHECK_FALSE(median.value_ns);
  CHECK(*median.at_least_ns >= 98 * kMs);
}

TEST_CASE("gaps lie between successive acquisitions of whichever client") {
  Clock clock;
  Acquisition acquisition;
  for (AttemptId attempt = 1; attempt <= 3; ++attempt) {
    const auto client = static_cast<ClientId>(attempt % 2);
    const auto ms = static_cast<std::int64_t>(10 * attempt * attempt);
    acquisition.observe(clock.at(ms), acquire(kInvoked, client, attempt));
    acquisition.observe(clock.at(ms), acquire(kOk, client, attempt));
  }
  const AcquisitionResult& result = acquisition.finish(clock.at(200));
  CHECK(result.gap_ns.count() == 2);
  CHECK(result.gap_ns.min_ns() == 30 * kMs);
  CHECK(result.gap_ns.max_ns() == 50 * kMs);
}

TEST_CASE("Jain's index is over the clients that tried") {
  Clock clock;
  Acquisition acquisition;
  AttemptId attempt = 0;
  // Client 0 acquires three times, 1 once, 2 tries in vain, 3 never tries.
  for (const ClientId client : {0U, 0U, 0U, 1U}) {
    acquisition.observe(clock.at(1), acquire(kInvoked, client, ++attempt));
    acquisition.observe(clock.at(1), acquire(kOk, client, attempt));
  }
  acquisition.observe(clock.at(1), acquire(kInvoked, 2, ++attempt));
  acquisition.observe(clock.at(1), crashed(3));
  const AcquisitionResult& result = acquisition.finish(clock.at(2));
  CHECK(result.fairness.jain_numerator == 16);
  CHECK(result.fairness.jain_denominator == 3 * 10);
}

TEST_CASE("a reset acquisition fold is as good as new") {
  Clock clock;
  Acquisition acquisition;
  acquisition.observe(clock.at(1), acquire(kInvoked, 0, 1));
  acquisition.observe(clock.at(2), acquire(kOk, 0, 1));
  acquisition.observe(clock.at(3), acquire(kInvoked, 1, 2));
  acquisition.reset();
  acquisition.observe(clock.at(4), acquire(kInvoked, 1, 3));
  acquisition.observe(clock.at(5), acquire(kOk, 1, 3));
  const AcquisitionResult& result = acquisition.finish(clock.at(9));
  CHECK(result.attempts.made == 1);
  CHECK(result.attempts.unfinished == 0);
  CHECK(result.gap_ns.count() == 0);
  CHECK(result.latency_ns.unserved.count() == 0);
  CHECK(result.fairness.jain_denominator == 1);
  CHECK(result.fairness.longest_wait_ns == 1 * kMs);
}

}  // namespace
}  // namespace leasehold::checkers
