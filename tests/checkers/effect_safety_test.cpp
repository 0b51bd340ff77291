#include "checkers/effect_safety.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "tests/checkers/records.hpp"

namespace leasehold::checkers {
namespace {

using namespace testing;

constexpr EffectRules kAll{true, true, true};

TEST_CASE("effects that follow the order of the grants are safe") {
  Clock clock;
  EffectSafety safety(kAll);
  safety.observe(clock.at(1), grant_begun(0, 1));
  safety.observe(clock.at(2), read(0, 1, 0));
  safety.observe(clock.at(3), write(0, 1, 0, 1));
  safety.observe(clock.at(4), grant_begun(1, 2));
  safety.observe(clock.at(5), read(1, 2, 1));
  safety.observe(clock.at(6), write(1, 2, 1, 2));
  const EffectResult& result = safety.finish();
  CHECK(result.verdict == Verdict::holds);
  CHECK(result.counts.accepted == 4);
  CHECK(result.counts.accepted_attempts == 2);
  CHECK_FALSE(result.first);
}

TEST_CASE("a write of an earlier grant is stale once a later one has been read") {
  Clock clock;
  EffectSafety safety(kAll);
  safety.observe(clock.at(1), grant_begun(0, 1));
  safety.observe(clock.at(2), grant_begun(1, 2));
  SECTION("and not before") {
    safety.observe(clock.at(3), write(0, 1, 0, 1));
    safety.observe(clock.at(4), read(1, 2, 1));
    CHECK(safety.finish().verdict == Verdict::holds);
  }
  SECTION("although the reader has written nothing yet") {
    safety.observe(clock.at(3), read(1, 2, 0));
    safety.observe(clock.at(4), write(0, 1, 0, 1));
    const EffectResult& result = safety.finish();
    CHECK(result.verdict == Verdict::violated);
    CHECK(result.counts.stale == 1);
    CHECK(result.counts.lost == 0);
    REQUIRE(result.first);
    CHECK(result.first->rule == EffectViolation::Rule::stale);
    CHECK(result.first->effect.attempt == 1);
    CHECK(result.first->earlier_attempt == 2);
    CHECK(result.first->earlier_client == 1);
    CHECK(result.first->earlier_at.at_ns == 3 * kMs);
  }
  SECTION("and so is a read, which saw what it had no right to see") {
    safety.observe(clock.at(3), read(1, 2, 0));
    safety.observe(clock.at(4), read(0, 1, 0));
    CHECK(safety.finish().counts.stale == 1);
  }
  SECTION("but an effect that was fenced does no harm and proves nothing") {
    safety.observe(clock.at(3), fenced(read(1, 2, 0)));
    safety.observe(clock.at(4), write(0, 1, 0, 1));
    const EffectResult& result = safety.finish();
    CHECK(result.verdict == Verdict::holds);
    CHECK(result.counts.fenced == 1);
    CHECK(result.counts.accepted == 1);
  }
}

TEST_CASE("grants are ordered by their beginning, not by the arrival of their effects") {
  Clock clock;
  EffectSafety safety(kAll);
  safety.observe(clock.at(1), grant_begun(5, 9));
  safety.observe(clock.at(2), grant_begun(1, 2));
  safety.observe(clock.at(3), read(1, 2, 0));
  safety.observe(clock.at(4), read(5, 9, 0));
  CHECK(safety.finish().counts.stale == 1);
}

TEST_CASE("an attempt that is granted again counts from its later grant") {
  Clock clock;
  EffectSafety safety(kAll);
  safety.observe(clock.at(1), grant_begun(0, 1));
  safety.observe(clock.at(2), grant_ended(0, 1, Grant::End::deadline));
  safety.observe(clock.at(3), grant_begun(1, 2));
  safety.observe(clock.at(4), read(1, 2, 0));
  safety.observe(clock.at(5), grant_ended(1, 2));
  SECTION("as where its client came too late for the first one and tried again") {
    safety.observe(clock.at(6), grant_begun(0, 1));
    safety.observe(clock.at(7), read(0, 1, 0));
    CHECK(safety.finish().verdict == Verdict::holds);
  }
  SECTION("but not from one that is merely announced again") {
    safety.observe(clock.at(6), grant_begun(2, 3));
    safety.observe(clock.at(7), grant_begun(0, 1));
    safety.observe(clock.at(8), grant_begun(2, 3));
    safety.observe(clock.at(9), read(0, 1, 0));
    safety.observe(clock.at(10), read(2, 3, 0));
    CHECK(safety.finish().counts.stale == 1);
  }
}

TEST_CASE("without grants the order of the works counts") {
  Clock clock;
  EffectSafety safety(kAll);
  safety.observe(clock.at(1), work_entered(0, 1));
  safety.observe(clock.at(2), work_entered(1, 2));
  safety.observe(clock.at(3), read(1, 2, 0));
  safety.observe(clock.at(4), read(0, 1, 0));
  CHECK(safety.finish().counts.stale == 1);
}

TEST_CASE("an update is lost when a write that has not seen it overwrites it") {
  Clock clock;
  EffectSafety safety(EffectRules{false, true, false});
  safety.observe(clock.at(1), write(0, 1, 0, 1));
  SECTION("as by one computed from an older read") {
    safety.observe(clock.at(2), write(1, 2, 0, 2));
    const EffectResult& result = safety.finish();
    CHECK(result.verdict == Verdict::violated);
    CHECK(result.counts.lost == 1);
    CHECK(result.first->earlier_attempt == 1);
  }
  SECTION("but not by one computed from it") {
    safety.observe(clock.at(2), write(1, 2, 1, 2));
    CHECK(safety.finish().verdict == Verdict::holds);
  }
  SECTION("nor by one that was refused") {
    safety.observe(clock.at(2), fenced(write(1, 2, 0, 1)));
    CHECK(safety.finish().verdict == Verdict::holds);
  }
}

Effect row_write(AttemptId attempt, std::uint64_t row, std::uint64_t based_on,
                 std::uint64_t version) {
  Effect effect = write(static_cast<ClientId>(attempt), attempt, based_on, version);
  effect.job = row;
  return effect;
}

Effect notice(AttemptId attempt, std::uint64_t row) {
  Effect effect = row_write(attempt, row, 0, 0);
  effect.kind = Effect::Kind::notice;
  return effect;
}

TEST_CASE("in a table an update is lost row by row") {
  Clock clock;
  EffectSafety safety(EffectRules{.lost = true, .rows = true});
  safety.observe(clock.at(1), row_write(1, 7, 0, 1));
  safety.observe(clock.at(2), row_write(2, 8, 0, 1));
  CHECK(safety.finish().verdict == Verdict::holds);
  safety.observe(clock.at(3), row_write(3, 7, 0, 2));
  const EffectResult& result = safety.finish();
  CHECK(result.verdict == Verdict::violated);
  CHECK(result.counts.lost == 1);
  CHECK(result.first->rule == EffectViolation::Rule::lost);
  CHECK(result.first->earlier_attempt == 1);
}

TEST_CASE("a notice is stale when the row is not as its attempt wrote it") {
  Clock clock;
  EffectSafety safety(EffectRules{.lost = true, .rows = true});
  safety.observe(clock.at(1), row_write(1, 7, 0, 1));
  safety.observe(clock.at(2), notice(1, 7));
  CHECK(safety.finish().verdict == Verdict::holds);
  SECTION("for it has written nothing") {
    safety.observe(clock.at(3), notice(2, 7));
    CHECK(safety.finish().counts.lost == 0);
  }
  SECTION("for another has written since") {
    safety.observe(clock.at(3), row_write(2, 7, 1, 2));
    CHECK(safety.finish().verdict == Verdict::holds);
    safety.observe(clock.at(4), notice(1, 7));
  }
  const EffectResult& result = safety.finish();
  CHECK(result.counts.stale == 1);
  CHECK(result.first->rule == EffectViolation::Rule::stale);
}

TEST_CASE("a job accepted from two grants is a duplicate, once") {
  Clock clock;
  EffectSafety safety(EffectRules{false, false, true});
  safety.observe(clock.at(1), job_write(0, 1, 7));
  safety.observe(clock.at(2), job_write(0, 1, 7));
  CHECK(safety.finish().counts.duplicate == 0);
  safety.observe(clock.at(3), job_write(1, 2, 7));
  safety.observe(clock.at(4), job_write(2, 3, 7));
  safety.observe(clock.at(5), job_write(2, 3, 8));
  const EffectResult& result = safety.finish();
  CHECK(result.verdict == Verdict::violated);
  CHECK(result.counts.duplicate == 1);
  CHECK(result.first->earlier_attempt == 1);
  CHECK(result.first->effect.attempt == 2);
}

TEST_CASE("a job may be done again after a crash at work, but only once per crash") {
  Clock clock;
  EffectSafety safety(EffectRules{false, false, true});
  safety.observe(clock.at(1), job_write(0, 1, 7));
  safety.crashed_at_work(1);
  safety.observe(clock.at(2), job_write(1, 2, 7));
  CHECK(safety.finish().verdict == Verdict::holds);
  safety.observe(clock.at(3), job_write(2, 3, 7));
  CHECK(safety.finish().verdict == Verdict::violated);
}

TEST_CASE("a rule that the workload does not name neither counts nor violates") {
  Clock clock;
  EffectSafety safety(EffectRules{});
  safety.observe(clock.at(1), job_write(0, 1, 7));
  safety.observe(clock.at(2), write(1, 2, 0, 2));
  safety.observe(clock.at(3), job_write(0, 1, 7));
  const EffectResult& result = safety.finish();
  CHECK(result.verdict == Verdict::holds);
  CHECK(result.counts.stale + result.counts.lost + result.counts.duplicate == 0);
}

TEST_CASE("what full fencing would have refused is counted without fencing") {
  Clock clock;
  EffectSafety safety(EffectRules{});
  Effect effect = write(0, 1, 0, 1);
  effect.would_be_fenced = true;
  safety.observe(clock.at(1), effect);
  CHECK(safety.finish().counts.would_be_fenced == 1);
  CHECK(safety.finish().counts.fenced == 0);
}

TEST_CASE("the counts agree with definitions that look at the whole history") {
  CHECK(rc::check([] {
    const auto grants =
        *rc::gen::unique<std::vector<AttemptId>>(6, rc::gen::inRange<AttemptId>(1, 1000));
    struct Drawn {
      std::size_t grant;
      bool is_write;
      std::uint64_t age;
      std::uint64_t job;
    };
    const auto drawn = *rc::gen::container<std::vector<Drawn>>(rc::gen::construct<Drawn>(
        rc::gen::inRange<std::size_t>(0, 6), rc::gen::arbitrary<bool>(),
        rc::gen::inRange<std::uint64_t>(0, 2), rc::gen::inRange<std::uint64_t>(0, 4)));
    Clock clock;
    EffectSafety safety(kAll);
    for (const AttemptId attempt : grants) safety.observe(clock.at(0), grant_begun(0, attempt));
    std::uint64_t version = 0;
    std::uint64_t stale = 0;
    std::uint64_t lost = 0;
    std::map<std::uint64_t, std::set<std::size_t>> jobs;
    std::set<std::size_t> seen;
    for (const Drawn& d : drawn) {
      if (!seen.empty() && *seen.rbegin() > d.grant) ++stale;
      seen.insert(d.grant);
      Effect effect = read(0, grants[d.grant], version);
      if (d.is_write) {
        const std::uint64_t based_on = version - std::min(version, d.age);
        if (based_on < version) ++lost;
        effect = write(0, grants[d.grant], based_on, ++version);
        effect.job = d.job;
        if (d.job != 0) jobs[d.job].insert(d.grant);
      }
      safety.observe(clock.at(1), effect);
    }
    std::uint64_t duplicate = 0;
    for (const auto& [job, by] : jobs) duplicate += by.size() > 1 ? 1 : 0;
    const EffectResult& result = safety.finish();
    RC_ASSERT(result.counts.stale == stale);
    RC_ASSERT(result.counts.lost == lost);
    RC_ASSERT(result.counts.duplicate == duplicate);
    RC_ASSERT(result.counts.accepted_attempts == seen.size());
  }));
}

TEST_CASE("a reset effect fold is as good as new") {
  Clock clock;
  EffectSafety safety(kAll);
  safety.observe(clock.at(1), job_write(0, 1, 7));
  safety.observe(clock.at(2), job_write(1, 2, 7));
  safety.observe(clock.at(3), write(0, 1, 0, 9));
  safety.reset();
  safety.observe(clock.at(1), write(1, 2, 0, 1));
  safety.observe(clock.at(2), job_write(0, 1, 7));
  const EffectResult& result = safety.finish();
  CHECK(result.counts.stale == 0);
  CHECK(result.counts.duplicate == 0);
  CHECK(result.counts.accepted == 2);
}

}  // namespace
}  // namespace leasehold::checkers
