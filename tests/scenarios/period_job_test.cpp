#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "scenarios/load.hpp"
#include "scenarios/run.hpp"
#include "scenarios/run_outcome.hpp"

// How often the period job runs, against arithmetic by hand. Here nothing takes a random time: any
// message 1 ms (or as said), computing nothing, flushing a log 1 ms; all clocks are right.
namespace leasehold::scenarios {
namespace {

struct Job {
  std::string guard;
  std::string poll;  ///< of a server that has run the job, and of one that has been refused
  std::string algorithm = "redis-ttl";
  std::uint32_t clients = 1;
  std::string period = "10s";
  std::string way = "1ms";  ///< of any message
};

Scenario scenario_of(const Job& job) {
  const std::string text =
      R"({"name": "by-hand", "horizon": "10min", "lease": ")" + job.period + R"(", "clients": )" +
      std::to_string(job.clients) + R"(, "work": "200ms", "retry": ")" + job.poll +
      R"(", "network": {"client_server": ")" + job.way + R"(", "client_resource": ")" + job.way +
      R"("}, "disk": {"fsync": "1ms"}, "cpu": {"step": "0ms", "service": "0ms"},
          "clocks": {"rate_ppm": 0, "wall_offset": "0ms"},
          "workload": {"kind": "period-job", "period": ")" +
      job.period + R"(", "poll": ")" + job.poll + R"(", "guard": ")" + job.guard + R"("}})";
  const auto scenario = parse_scenario(text, "by-hand");
  if (!scenario) FAIL(support::text(scenario.error()));
  return *scenario;
}

struct Ran {
  checkers::FrequencyResult frequency;
  RunOutcome outcome;
};

Ran run_whole(const Job& job, std::uint64_t seed, const Onlookers& onlookers = {}) {
  const models::AlgorithmRegistry registry = models::built_in_algorithms();
  const Scenario scenario = scenario_of(job);
  const models::Algorithm& algorithm = *registry.find(job.algorithm);
  const Cell cell{&scenario, &algorithm, models::Parameters(algorithm.info().parameters)};
  Runner runner(cell);
  const RunResult result = runner.run(seed, onlookers);
  Ran ran{*result.checker->frequency(), {}};
  read_outcome(result, ran.outcome);
  return ran;
}

checkers::FrequencyResult run(const Job& job, std::uint64_t seed, const Onlookers& onlookers = {}) {
  return run_whole(job, seed, onlookers).frequency;
}

std::int64_t ms(std::optional<std::int64_t> ns) { return *ns / 1'000'000; }

/// When runs of the job were accepted.
class JobRuns final : public sim::RecordSink {
 public:
  void on_record(sim::TrueTime at, std::uint64_t, std::uint16_t kind, const void*) override {
    if (kind == checkers::JobRun::kRecordKind) at_ns_.push_back(at.since_zero().ns());
  }
  /// All but the first, before which servers connect.
  std::vector<std::int64_t> gaps_ms() const {
    std::vector<std::int64_t> gaps;
    for (std::size_t i = 2; i < at_ns_.size(); ++i) gaps.push_back(ms(at_ns_[i] - at_ns_[i - 1]));
    return gaps;
  }

 private:
  std::vector<std::int64_t> at_ns_;
};

/// Whether every gap of a single server is just so long.
void check_every_gap(const Job& job, std::int64_t expected_ms) {
  JobRuns runs;
  run(job, 1, {nullptr, &runs});
  const std::vector<std::int64_t> gaps = runs.gaps_ms();
  CAPTURE(job.algorithm, job.guard, job.poll, job.period);
  CHECK(gaps.size() >= 18);
  CHECK(gaps == std::vector<std::int64_t>(gaps.size(), expected_ms));
}

/// The first of the moments `first`, `first + every` … that is not before `due`.
constexpr std::int64_t first_from(std::int64_t due, std::int64_t first, std::int64_t every) {
  while (first < due) first += every;
  return first;
}

TEST_CASE("a lock held to its expiry gives a period and the wait for the next poll") {
  // A key is gone once the clock reads a millisecond more than its deadline. A server polls anew
  // its pause after an answer, which takes 2 ms to come.
  struct Poll {
    std::string poll;
    std::int64_t every_ms;
  };
  for (const Poll& poll : {Poll{"100ms", 102}, Poll{"1s", 1'002}, Poll{"10s", 10'002}}) {
    const std::int64_t gap_ms = first_from(10'001, poll.every_ms, poll.every_ms);
    check_every_gap({"hold-to-expiry", poll.poll}, gap_ms);
  }
  static_assert(first_from(10'001, 102, 102) == 10'098);
  static_assert(first_from(10'001, 1'002, 1'002) == 10'020);
  check_every_gap({"hold-to-expiry", "7s", "redis-ttl", 1, "30s"},
                  first_from(30'001, 7'002, 7'002));
}

TEST_CASE("a poll of a period comes just too early, or just not") {
  // 0.2 ms after the deadline, whose millisecond may not be over: then the next one is the run's.
  const auto result = run({"hold-to-expiry", "10s", "redis-ttl", 1, "10s", "100us"}, 1);
  CHECK(ms(result.gap_ns.min_ns()) == 10'000);
  CHECK(ms(result.gap_ns.max_ns()) == 20'000);
  CHECK(result.counts.within_tolerance > 0);
  CHECK(result.counts.missed > 0);
}

TEST_CASE("with polls of a period and several servers the gap is one to two periods") {
  std::uint64_t late = 0;
  std::uint64_t gaps = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const auto result = run({"hold-to-expiry", "10s", "redis-ttl", 5, "10s", "100us"}, seed);
    CHECK(ms(result.gap_ns.min_ns()) >= 10'000);
    CHECK(ms(result.gap_ns.max_ns()) <= 20'000);
    late += result.counts.late;
    gaps += result.counts.gaps();
  }
  // Nobody's poll but the holder's own has a reason to come within a tenth of the period.
  CHECK(late * 10 > gaps);
  CHECK(late < gaps);
}

TEST_CASE("released after its work a lock keeps no period: the polls do") {
  // Acquired, and the next try a pause later; the work of 200 ms ends within it.
  check_every_gap({"release", "1s"}, 1'002);
  // The work, its write (2 ms) and the release (2 ms) last longer than the pause.
  check_every_gap({"release", "100ms"}, 200 + 2 + 2 + 2);
  CHECK(run({"release", "1s"}, 1).counts.within_tolerance == 0);
}

TEST_CASE("who runs the job most often is told run by run, whoever it is") {
  Totals all;
  std::uint64_t of_busiest = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const Ran ran = run_whole({"hold-to-expiry", "10s", "redis-ttl", 5, "10s", "100us"}, seed);
    of_busiest += *std::ranges::max_element(ran.frequency.by_client);
    all.merge(ran.outcome.totals);
  }
  CHECK(all.jobs_of_busiest == of_busiest);
  // Of all runs together nobody did so much.
  CHECK(all.jobs_of_busiest > *std::ranges::max_element(all.jobs_by_client));
  CHECK(all.jobs_of_busiest < all.jobs());
}

TEST_CASE("a check of the last run under the lock gives the period and the wait for a poll") {
  for (const char* algorithm : {"redis-ttl", "pg-advisory"}) {
    check_every_gap({"last-run", "1s", algorithm}, first_from(10'000, 1'002, 1'002));
    // A run with its work lasts longer than this pause: the next try comes 208 ms after it.
    check_every_gap({"last-run", "100ms", algorithm}, first_from(10'000, 208, 102));
  }
}

TEST_CASE("a compare-and-set of the last run gives the period and the wait for a poll") {
  // The answer to a claim takes a millisecond more, for its log is flushed first.
  check_every_gap({"hold-to-expiry", "1s", "last-run-cas"}, first_from(10'000, 1'003, 1'002));
  check_every_gap({"hold-to-expiry", "100ms", "last-run-cas"}, first_from(10'000, 103, 102));
  check_every_gap({"hold-to-expiry", "1s", "last-run-cas", 1, "25s"},
                  first_from(25'000, 1'003, 1'002));
}

TEST_CASE("all servers together never run the job twice in a period") {
  for (const char* algorithm : {"last-run-cas", "redis-ttl"}) {
    const auto result = run({"hold-to-expiry", "100ms", algorithm, 5}, 1);
    CAPTURE(algorithm);
    CHECK(result.verdict == checkers::Verdict::holds);
    CHECK(result.counts.early == 0);
    CHECK(result.counts.missed == 0);
    CHECK(ms(result.gap_ns.min_ns()) >= 10'000);
    CHECK(ms(result.gap_ns.max_ns()) <= 10'000 + 103);
    std::uint64_t runs = 0;
    for (const std::uint64_t own : result.by_client) runs += own;
    CHECK(runs == result.gap_ns.count() + 1);
  }
}

}  // namespace
}  // namespace leasehold::scenarios
