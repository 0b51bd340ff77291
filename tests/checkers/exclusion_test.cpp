#include "checkers/exclusion.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <utility>

#include "tests/checkers/records.hpp"

namespace leasehold::checkers {
namespace {

using namespace testing;

TEST_CASE("intervals that follow one another do not overlap") {
  Clock clock;
  GrantExclusion grants;
  grants.observe(clock.at(1), grant_begun(0, 1));
  grants.observe(clock.at(2), grant_ended(0, 1));
  grants.observe(clock.at(3), grant_begun(1, 2));
  const ExclusionResult& result = grants.finish(clock.at(9));
  CHECK(result.verdict == Verdict::holds);
  CHECK(result.pairs == 0);
  CHECK_FALSE(result.first);
}

TEST_CASE("in one nanosecond the order of the records tells touching from overlapping") {
  Clock clock;
  BeliefExclusion touching;
  touching.observe(clock.at(1), belief_begun(0, 1));
  touching.observe(clock.at(2), belief_ended(0, 1));
  touching.observe(clock.at(2), belief_begun(1, 2));
  CHECK(touching.finish(clock.at(9)).verdict == Verdict::holds);

  BeliefExclusion overlapping;
  overlapping.observe(clock.at(1), belief_begun(0, 1));
  overlapping.observe(clock.at(2), belief_begun(1, 2));
  overlapping.observe(clock.at(2), belief_ended(0, 1));
  const ExclusionResult& result = overlapping.finish(clock.at(9));
  CHECK(result.verdict == Verdict::violated);
  CHECK(result.pairs == 1);
  CHECK(result.overlap_ns.max_ns() == 0);
}

TEST_CASE("the first overlap names both attempts, where it began and where it ended") {
  Clock clock;
  GrantExclusion grants;
  grants.observe(clock.at(1), grant_begun(0, 10));
  grants.observe(clock.at(4), grant_begun(1, 11));
  grants.observe(clock.at(6), grant_begun(2, 12));
  grants.observe(clock.at(7), grant_ended(1, 11));
  grants.observe(clock.at(9), grant_ended(0, 10));
  const ExclusionResult& result = grants.finish(clock.at(20));
  CHECK(result.verdict == Verdict::violated);
  CHECK(result.pairs == 3);
  REQUIRE(result.first);
  CHECK(result.first->earlier.attempt == 10);
  CHECK(result.first->earlier.client == 0);
  CHECK(result.first->earlier.begun.at_ns == 1 * kMs);
  CHECK(result.first->later.attempt == 11);
  CHECK(result.first->later.client == 1);
  CHECK(result.first->later.begun.at_ns == 4 * kMs);
  CHECK(result.first->ended.at_ns == 7 * kMs);
  CHECK_FALSE(result.first->run_out);
  // 10 with 11: 4 to 7, 11 with 12: 6 to 7, 10 with 12: 6 to 9.
  CHECK(result.overlap_ns.count() == 3);
  CHECK(result.overlap_ns.sum_ns() == 7 * kMs);
  CHECK(result.overlap_ns.max_ns() == 3 * kMs);
}

TEST_CASE("an overlap that the run cuts off lasts until its end") {
  Clock clock;
  GrantExclusion grants;
  grants.observe(clock.at(1), grant_begun(0, 1));
  grants.observe(clock.at(3), grant_begun(1, 2));
  const ExclusionResult& result = grants.finish(clock.at(10));
  CHECK(result.first->run_out);
  CHECK(result.first->ended.at_ns == 10 * kMs);
  CHECK(result.overlap_ns.sum_ns() == 7 * kMs);
}

TEST_CASE("two grants to one client are two, its own beliefs and works harm nobody") {
  Clock clock;
  GrantExclusion grants;
  BeliefExclusion beliefs;
  grants.observe(clock.at(1), grant_begun(0, 1));
  beliefs.observe(clock.at(1), belief_begun(0, 1));
  grants.observe(clock.at(2), grant_begun(0, 2));
  beliefs.observe(clock.at(2), belief_begun(0, 2));
  CHECK(grants.finish(clock.at(3)).verdict == Verdict::violated);
  CHECK(beliefs.finish(clock.at(3)).verdict == Verdict::holds);
}

TEST_CASE("a grant that is announced twice is one grant") {
  Clock clock;
  GrantExclusion grants;
  grants.observe(clock.at(1), grant_begun(0, 1));
  grants.observe(clock.at(2), grant_begun(0, 1));
  grants.observe(clock.at(3), grant_renewed(0, 1));
  grants.observe(clock.at(4), grant_ended(0, 1));
  grants.observe(clock.at(5), grant_begun(1, 2));
  CHECK(grants.finish(clock.at(9)).verdict == Verdict::holds);
}

TEST_CASE("a grant that comes back to life counts again") {
  Clock clock;
  GrantExclusion grants;
  grants.observe(clock.at(1), grant_begun(0, 1));
  grants.observe(clock.at(2), grant_ended(0, 1));
  grants.observe(clock.at(3), grant_begun(1, 2));
  grants.observe(clock.at(4), grant_begun(0, 1));
  CHECK(grants.finish(clock.at(9)).verdict == Verdict::violated);
}

TEST_CASE("a crash ends belief and work of that client alone") {
  Clock clock;
  BeliefExclusion beliefs;
  WorkExclusion works;
  beliefs.observe(clock.at(1), belief_begun(0, 1));
  works.observe(clock.at(1), work_entered(0, 1));
  beliefs.observe(clock.at(2), crashed(0));
  works.observe(clock.at(2), crashed(0));
  beliefs.observe(clock.at(3), belief_begun(1, 2));
  works.observe(clock.at(3), work_entered(1, 2));
  beliefs.observe(clock.at(4), crashed(2));
  works.observe(clock.at(4), crashed(2));
  CHECK(works.open().size() == 1);
  SECTION("so that the next client works alone") {
    CHECK(beliefs.finish(clock.at(9)).verdict == Verdict::holds);
    CHECK(works.finish(clock.at(9)).verdict == Verdict::holds);
  }
  SECTION("but not the work of the others") {
    beliefs.observe(clock.at(5), belief_begun(3, 3));
    works.observe(clock.at(5), work_entered(3, 3));
    CHECK(beliefs.finish(clock.at(9)).pairs == 1);
    CHECK(works.finish(clock.at(9)).pairs == 1);
  }
}

TEST_CASE("a start or an end of a client's process ends nothing") {
  Clock clock;
  WorkExclusion works;
  works.observe(clock.at(1), work_entered(0, 1));
  works.observe(clock.at(2), started(0));
  CHECK(works.open().size() == 1);
}

TEST_CASE("work goes on while an effect is on its way, which is an exposure") {
  Clock clock;
  WorkExclusion works;
  works.observe(clock.at(1), work_entered(0, 1));
  works.observe(clock.at(2), read(0, 1, 0));
  works.observe(clock.at(3), work_left(0, 1, /*sent=*/3, /*outstanding=*/2));
  CHECK(works.exposures() == 1);
  works.observe(clock.at(4), write(0, 1, 0, 1));
  SECTION("until the resource has processed the last one") {
    works.observe(clock.at(5), write(0, 1, 1, 2));
    works.observe(clock.at(6), work_entered(1, 2));
    CHECK(works.finish(clock.at(9)).verdict == Verdict::holds);
  }
  SECTION("or the last one can no longer arrive") {
    works.observe(clock.at(5), EffectGone{0, 1, 7});
    works.observe(clock.at(6), work_entered(1, 2));
    CHECK(works.finish(clock.at(9)).verdict == Verdict::holds);
  }
  SECTION("and overlaps the work of another until then") {
    works.observe(clock.at(6), work_entered(1, 2));
    works.observe(clock.at(8), write(0, 1, 1, 2));
    const ExclusionResult& result = works.finish(clock.at(9));
    CHECK(result.verdict == Verdict::violated);
    CHECK(result.overlap_ns.sum_ns() == 2 * kMs);
  }
  SECTION("but not beyond a crash") {
    works.observe(clock.at(5), crashed(0));
    works.observe(clock.at(6), work_entered(1, 2));
    CHECK(works.finish(clock.at(9)).verdict == Verdict::holds);
  }
}

TEST_CASE("an answer still on its way to the client does not prolong its work") {
  Clock clock;
  WorkExclusion works;
  works.observe(clock.at(1), work_entered(0, 1));
  works.observe(clock.at(2), write(0, 1, 0, 1));
  works.observe(clock.at(3), work_left(0, 1, /*sent=*/1, /*outstanding=*/1));
  CHECK(works.exposures() == 1);
  CHECK(works.open().empty());
}

TEST_CASE("an exposed client that works on in its next attempt overlaps only the others") {
  Clock clock;
  WorkExclusion works;
  works.observe(clock.at(1), work_entered(0, 1));
  works.observe(clock.at(2), work_left(0, 1, 1, 1));
  works.observe(clock.at(3), work_entered(0, 2));
  works.observe(clock.at(4), work_left(0, 2));
  CHECK(works.open().size() == 1);
  CHECK(works.finish(clock.at(9)).verdict == Verdict::holds);
}

TEST_CASE("the fold agrees with a comparison of all pairs of intervals") {
  struct Life {
    std::uint64_t begin;
    std::uint64_t end;
  };
  CHECK(rc::check([] {
    // A random arrangement of the beginnings and ends of n intervals, one client each.
    const auto n = *rc::gen::inRange<std::uint64_t>(1, 9);
    std::vector<std::uint64_t> order(2 * n);
    for (std::uint64_t i = 0; i < order.size(); ++i) order[i] = i / 2;
    order = *rc::gen::apply(
        [order](const std::vector<std::uint32_t>& keys) {
          std::vector<std::pair<std::uint32_t, std::uint64_t>> keyed;
          for (std::size_t i = 0; i < order.size(); ++i) keyed.emplace_back(keys[i], order[i]);
          std::sort(keyed.begin(), keyed.end());
          auto shuffled = order;
          for (std::size_t i = 0; i < order.size(); ++i) shuffled[i] = keyed[i].second;
          return shuffled;
        },
        rc::gen::container<std::vector<std::uint32_t>>(order.size(),
                                                       rc::gen::arbitrary<std::uint32_t>()));
    std::vector<Life> lives(n, Life{0, 0});
    OverlapFold fold(OverlapFold::Party::client);
    for (std::uint64_t i = 0; i < order.size(); ++i) {
      const Stamp at{static_cast<std::int64_t>(i), i};
      Life& life = lives[order[i]];
      const auto client = static_cast<ClientId>(order[i]);
      if (std::find(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(i), order[i]) ==
          order.begin() + static_cast<std::ptrdiff_t>(i)) {
        life.begin = i;
        fold.begin(at, client, order[i] + 1);
      } else {
        life.end = i;
        fold.end(at, order[i] + 1);
      }
    }
    std::uint64_t pairs = 0;
    std::uint64_t sum = 0;
    for (std::size_t a = 0; a < n; ++a) {
      for (std::size_t b = a + 1; b < n; ++b) {
        const std::uint64_t from = std::max(lives[a].begin, lives[b].begin);
        const std::uint64_t to = std::min(lives[a].end, lives[b].end);
        if (from >= to) continue;
        ++pairs;
        sum += to - from;
      }
    }
    const ExclusionResult& result = fold.finish({100, 100});
    RC_ASSERT(result.pairs == pairs);
    RC_ASSERT(result.overlap_ns.sum_ns() == sum);
    RC_ASSERT((result.verdict == Verdict::violated) == (pairs > 0));
  }));
}

TEST_CASE("a reset fold is as good as new") {
  Clock clock;
  WorkExclusion works;
  works.observe(clock.at(1), work_entered(0, 1));
  works.observe(clock.at(2), work_entered(1, 2));
  works.observe(clock.at(3), work_left(1, 2, 1, 1));
  works.finish(clock.at(4));
  works.reset();
  works.observe(clock.at(1), work_entered(0, 1));
  const ExclusionResult& result = works.finish(clock.at(4));
  CHECK(result.verdict == Verdict::holds);
  CHECK(result.pairs == 0);
  CHECK_FALSE(result.first);
  CHECK(works.exposures() == 0);
}

}  // namespace
}  // namespace leasehold::checkers
