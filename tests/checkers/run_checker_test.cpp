#include "checkers/run_checker.hpp"
#include "checkers/property_name.hpp"

#include <catch2/catch.hpp>

#include "tests/checkers/records.hpp"

namespace leasehold::checkers {
namespace {

using namespace testing;

constexpr auto kHolds = Verdict::holds;
constexpr auto kViolated = Verdict::violated;

RunCheckerOptions options() {
  RunCheckerOptions options;
  options.specification = LockSpecification::leased_mutex;
  options.effects = {true, true, true};
  options.progress_within_ns = 50 * kMs;
  return options;
}

/// A run in which `client` acquires, works on version `version` and releases, from `ms` on.
void critical_section(RunChecker& checker, Clock& clock, std::int64_t ms, ClientId client,
                      AttemptId attempt, std::uint64_t version) {
  checker.observe(clock.at(ms), acquire(kInvoked, client, attempt));
  checker.observe(clock.at(ms + 1), grant_begun(client, attempt));
  checker.observe(clock.at(ms + 2), acquire(kOk, client, attempt));
  checker.observe(clock.at(ms + 2), belief_begun(client, attempt));
  checker.observe(clock.at(ms + 2), work_entered(client, attempt));
  checker.observe(clock.at(ms + 3), read(client, attempt, version));
  checker.observe(clock.at(ms + 4), write(client, attempt, version, version + 1));
  checker.observe(clock.at(ms + 5), work_left(client, attempt, 2, 0));
  checker.observe(clock.at(ms + 5), belief_ended(client, attempt));
  checker.observe(clock.at(ms + 5), release(kInvoked, client, attempt));
  checker.observe(clock.at(ms + 6), grant_ended(client, attempt));
  checker.observe(clock.at(ms + 7), release(kOk, client, attempt));
}

void clean_run(RunChecker& checker, Clock& clock) {
  checker.observe(clock.at(0), RunPhase{RunPhase::Phase::started});
  critical_section(checker, clock, 10, 0, 1, 0);
  checker.observe(clock.at(20), acquire(kInvoked, 1, 2));
  critical_section(checker, clock, 20, 0, 3, 1);
  checker.observe(clock.at(30), acquire(kRefused, 1, 2));
  checker.observe(clock.at(40), RunPhase{RunPhase::Phase::healed});
  critical_section(checker, clock, 50, 1, 4, 2);
}

TEST_CASE("a clean contended run holds in every property that applies") {
  Clock clock;
  RunChecker checker(options());
  clean_run(checker, clock);
  CHECK_FALSE(checker.starving());
  const RunVerdicts verdicts = checker.finish(clock.at(100));
  for (const Property property :
       {Property::grant_exclusion, Property::belief_exclusion, Property::work_exclusion,
        Property::effect_safety, Property::linearizable, Property::progress}) {
    CAPTURE(property_name(property));
    CHECK(verdicts[property] == Judgement{kHolds, false});
  }
  CHECK(verdicts[Property::frequency].verdict == Verdict::not_applicable);
  CHECK(checker.frequency() == nullptr);
  CHECK(checker.acquisition().attempts.acquired == 3);
  CHECK(checker.effects().counts.accepted == 6);
}

TEST_CASE("a run that meets none of the planned faults is vacuous where it holds") {
  Clock clock;
  RunCheckerOptions faulty = options();
  faulty.expects_faults = true;
  RunChecker checker(faulty);
  SECTION("without a fault in effect") {
    clean_run(checker, clock);
    const RunVerdicts verdicts = checker.finish(clock.at(100));
    CHECK(verdicts[Property::work_exclusion] == Judgement{kHolds, true});
    CHECK(verdicts[Property::progress] == Judgement{kHolds, true});
  }
  SECTION("and put to the test by one that is") {
    checker.observe(clock.at(0), FaultRecord{FaultRecord::Phase::in_effect, 0, 0});
    clean_run(checker, clock);
    const RunVerdicts verdicts = checker.finish(clock.at(100));
    CHECK(verdicts[Property::work_exclusion] == Judgement{kHolds, false});
    CHECK(verdicts[Property::progress] == Judgement{kHolds, false});
  }
}

TEST_CASE("a run without contention is vacuous for exclusion, but a violation never is") {
  Clock clock;
  RunChecker checker(options());
  critical_section(checker, clock, 10, 0, 1, 0);
  SECTION("one client alone proves nothing") {
    const RunVerdicts verdicts = checker.finish(clock.at(100));
    CHECK(verdicts[Property::grant_exclusion] == Judgement{kHolds, true});
    CHECK(verdicts[Property::effect_safety] == Judgement{kHolds, true});
  }
  SECTION("nor do two that never met") {
    critical_section(checker, clock, 30, 1, 2, 1);
    CHECK(checker.finish(clock.at(100))[Property::grant_exclusion] == Judgement{kHolds, true});
  }
  SECTION("nor does one for which another waited in vain") {
    checker.observe(clock.at(20), acquire(kInvoked, 1, 2));
    critical_section(checker, clock, 30, 0, 3, 1);
    checker.observe(clock.at(40), acquire(kRefused, 1, 2));
    CHECK(checker.finish(clock.at(100))[Property::grant_exclusion] == Judgement{kHolds, true});
  }
  SECTION("two works at once prove it violated, though nobody ever waited") {
    checker.observe(clock.at(30), work_entered(0, 5));
    checker.observe(clock.at(30), work_entered(1, 6));
    const RunVerdicts verdicts = checker.finish(clock.at(100));
    CHECK(verdicts[Property::work_exclusion] == Judgement{kViolated, false});
    CHECK(verdicts[Property::belief_exclusion] == Judgement{kHolds, true});
  }
}

TEST_CASE("without grants the service is not judged") {
  Clock clock;
  RunCheckerOptions without = options();
  without.specification = LockSpecification::none;
  RunChecker checker(without);
  clean_run(checker, clock);
  const RunVerdicts verdicts = checker.finish(clock.at(100));
  CHECK(verdicts[Property::grant_exclusion].verdict == Verdict::not_applicable);
  CHECK(verdicts[Property::linearizable].verdict == Verdict::not_applicable);
}

TEST_CASE("a job cut short by a crash may be done again, one that was finished may not") {
  Clock clock;
  RunChecker checker(options());
  checker.observe(clock.at(1), work_entered(0, 1));
  checker.observe(clock.at(2), job_write(0, 1, 7));
  SECTION("cut short") {
    checker.observe(clock.at(3), crashed(0));
    checker.observe(clock.at(4), job_write(1, 2, 7));
    CHECK(checker.finish(clock.at(9))[Property::effect_safety].verdict == kHolds);
  }
  SECTION("finished") {
    checker.observe(clock.at(3), work_left(0, 1, 1, 0));
    checker.observe(clock.at(3), crashed(0));
    checker.observe(clock.at(4), job_write(1, 2, 7));
    CHECK(checker.finish(clock.at(9))[Property::effect_safety].verdict == kViolated);
  }
  SECTION("cut short by the crash of another") {
    checker.observe(clock.at(3), crashed(1));
    checker.observe(clock.at(4), job_write(1, 2, 7));
    CHECK(checker.finish(clock.at(9))[Property::effect_safety].verdict == kViolated);
  }
}

TEST_CASE("an effect that arrives after the critical section was left prolongs the work") {
  Clock clock;
  RunChecker checker(options());
  checker.observe(clock.at(1), RunPhase{RunPhase::Phase::healed});
  checker.observe(clock.at(1), work_entered(0, 1));
  checker.observe(clock.at(2), acquire(kInvoked, 1, 2));
  checker.observe(clock.at(3), work_left(0, 1, 1, 1));
  CHECK_FALSE(checker.starving());
  SECTION("until it is processed") {
    checker.observe(clock.at(60), write(0, 1, 0, 1));
    CHECK(checker.starving());
  }
  SECTION("or gone") {
    checker.observe(clock.at(60), EffectGone{0, 1, 1});
    CHECK(checker.starving());
  }
  SECTION("or its client has crashed") {
    checker.observe(clock.at(60), crashed(0));
    CHECK(checker.starving());
  }
  CHECK(checker.exposures() == 1);
  checker.observe(clock.at(70), acquire(kOk, 1, 2));
  CHECK(checker.finish(clock.at(99))[Property::progress].verdict == kHolds);
}

TEST_CASE("the period job is judged where the scenario has one") {
  Clock clock;
  RunCheckerOptions periodic = options();
  periodic.frequency = FrequencyRule{100 * kMs, 10, 95};
  RunChecker checker(periodic);
  checker.observe(clock.at(0), RunPhase{RunPhase::Phase::started});
  checker.observe(clock.at(1), JobRun{0, 1});
  checker.observe(clock.at(101), JobRun{1, 2});
  CHECK(checker.finish(clock.at(102))[Property::frequency].verdict == kHolds);
  REQUIRE(checker.frequency() != nullptr);
  CHECK(checker.frequency()->counts.within_tolerance == 1);
}

TEST_CASE("a reset checker judges the same run the same way") {
  Clock first;
  RunChecker checker(options());
  clean_run(checker, first);
  checker.observe(first.at(90), work_entered(0, 8));
  checker.observe(first.at(90), work_entered(1, 9));
  CHECK(checker.finish(first.at(100))[Property::work_exclusion].verdict == kViolated);
  checker.reset();
  Clock second;
  clean_run(checker, second);
  CHECK(checker.finish(second.at(100))[Property::work_exclusion] == Judgement{kHolds, false});
  CHECK(checker.acquisition().attempts.made == 4);
}

}  // namespace
}  // namespace leasehold::checkers
