#include "checkers/frequency.hpp"

#include <catch2/catch.hpp>

#include <initializer_list>

#include "tests/checkers/records.hpp"

namespace leasehold::checkers {
namespace {

using namespace testing;

constexpr FrequencyRule kEvery100Ms{100 * kMs, 10, 95};

void run_at(Frequency& frequency, std::initializer_list<std::int64_t> starts_ms,
            ClientId client = 0) {
  Clock clock;
  for (const std::int64_t ms : starts_ms) frequency.observe(clock.at(ms), JobRun{client, 1});
}

TEST_CASE("gaps are judged against the period with its tolerance, ends included") {
  Frequency frequency(kEvery100Ms);
  run_at(frequency, {0, 90, 200, 289, 400});
  const FrequencyResult& result = frequency.finish({410 * kMs, 9});
  CHECK(result.counts.within_tolerance == 2);  // 90 and 110
  CHECK(result.counts.early == 1);             // 89
  CHECK(result.counts.late == 1);              // 111
  CHECK(result.counts.missed == 0);
  CHECK(result.verdict == Verdict::violated);
  CHECK(result.gap_ns.count() == 4);
}

TEST_CASE("the share within tolerance decides, at its bound in favour") {
  Frequency nineteen_of_twenty(kEvery100Ms);
  Frequency eighteen_of_nineteen(kEvery100Ms);
  for (std::int64_t i = 0; i < 20; ++i) {
    nineteen_of_twenty.observe({100 * i * kMs, 0}, JobRun{0, 1});
    if (i > 0) eighteen_of_nineteen.observe({100 * i * kMs, 0}, JobRun{0, 1});
  }
  const Stamp late{(1900 + 120) * kMs, 0};
  nineteen_of_twenty.observe(late, JobRun{0, 1});
  eighteen_of_nineteen.observe(late, JobRun{0, 1});
  CHECK(nineteen_of_twenty.finish(late).verdict == Verdict::holds);
  CHECK(eighteen_of_nineteen.finish(late).verdict == Verdict::violated);
}

TEST_CASE("missed runs are the rounded periods in a gap but one") {
  Frequency frequency(kEvery100Ms);
  run_at(frequency, {0, 149, 299, 548, 798});
  // 149 -> 1 period, 150 -> 2, 249 -> 2, 250 -> 3.
  CHECK(frequency.finish({800 * kMs, 9}).counts.missed == 0 + 1 + 1 + 2);
}

TEST_CASE("two runs at once are early, not free") {
  Frequency frequency(kEvery100Ms);
  run_at(frequency, {100, 100});
  const FrequencyResult& result = frequency.finish({150 * kMs, 9});
  CHECK(result.counts.early == 1);
  CHECK(result.counts.missed == 0);
}

TEST_CASE("a job that stops running is late for ever") {
  Frequency frequency(kEvery100Ms);
  run_at(frequency, {0, 100, 200});
  SECTION("though not before it is due") {
    const FrequencyResult& result = frequency.finish({310 * kMs, 9});
    CHECK(result.verdict == Verdict::holds);
    CHECK(result.counts.late == 0);
  }
  SECTION("and misses what it had to do until the end") {
    const FrequencyResult& result = frequency.finish({1000 * kMs, 9});
    CHECK(result.verdict == Verdict::violated);
    CHECK(result.counts.late == 1);
    CHECK(result.counts.missed == 7);
    CHECK(result.gap_ns.count() == 2);
  }
}

TEST_CASE("a job that never runs is late too, once it had the time") {
  Frequency frequency(kEvery100Ms);
  frequency.observe({50 * kMs, 0}, RunPhase{RunPhase::Phase::started});
  SECTION("unknown before") { CHECK(frequency.finish({60 * kMs, 9}).verdict == Verdict::unknown); }
  SECTION("violated after") {
    CHECK(frequency.finish({500 * kMs, 9}).verdict == Verdict::violated);
  }
}

TEST_CASE("the runs of each client are counted") {
  Frequency frequency(kEvery100Ms);
  run_at(frequency, {0, 100}, 2);
  run_at(frequency, {200}, 0);
  CHECK(frequency.finish({200 * kMs, 9}).by_client == std::vector<std::uint64_t>{1, 0, 2});
}

TEST_CASE("a reset frequency fold is as good as new") {
  Frequency frequency(kEvery100Ms);
  run_at(frequency, {0, 10});
  frequency.reset();
  run_at(frequency, {500, 600});
  const FrequencyResult& result = frequency.finish({600 * kMs, 9});
  CHECK(result.verdict == Verdict::holds);
  CHECK(result.counts.gaps() == 1);
  CHECK(result.gap_ns.count() == 1);
  CHECK(result.by_client[0] == 2);
}

}  // namespace
}  // namespace leasehold::checkers
