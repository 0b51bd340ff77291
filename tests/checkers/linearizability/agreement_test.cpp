#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/checkers/linearizability/check_often.hpp"
#include "tests/checkers/linearizability/every_order.hpp"
#include "tests/checkers/linearizability/lock_histories.hpp"

namespace leasehold::checkers {
namespace {

using namespace testing;
using Kind = LockOperation::Kind;

Verdict exhaustive(const NamedSpecification& specification, const LockHistory& history) {
  return with_specification(specification,
                            [&](const auto& value) { return Exhaustive(value, history).judge(); });
}

struct Shape {
  std::size_t calls = 9;
  bool survives_lost_answers = false;  ///< owners go on after an indeterminate call
  bool service_ends = false;           ///< holds may be ended by the service
};

/// A random history: one owner's calls follow one another, everything else is arbitrary. Mostly
/// acquires and releases in turn, or nearly all histories would be illegal at once.
rc::Gen<LockHistory> any_history(Shape shape) {
  return rc::gen::exec([shape] {
    LockHistory history;
    struct Owner {
      std::size_t open = static_cast<std::size_t>(-1);
      bool vanished = false;
      bool acquired = false;
    };
    constexpr OwnerId kOwners = 3;
    std::vector<Owner> owners(kOwners + 1);
    Position now = 0;
    Token token = 0;
    const auto steps = *rc::gen::inRange<std::size_t>(2, 3 * shape.calls);
    for (std::size_t step = 0; step < steps; ++step) {
      const auto id = *rc::gen::inRange<OwnerId>(1, kOwners + 1);
      Owner& owner = owners[id];
      now += 2;
      if (shape.service_ends && *rc::gen::inRange(0, 8) == 0) {
        history.push_back({{Kind::ended, false, id, 0}, now, now + 1});
        continue;
      }
      if (owner.vanished) continue;
      if (owner.open < history.size()) {
        LockCall& call = history[owner.open];
        owner.open = static_cast<std::size_t>(-1);
        const int outcome = *rc::gen::inRange(0, 12);
        if (outcome == 0) {
          owner.vanished = !shape.survives_lost_answers;
        } else {
          call.responded = now;
          call.operation.refused = outcome == 1;
          if (call.operation.kind == Kind::acquire && outcome > 1) {
            // Usually in order, now and then not, sometimes unknown.
            token = *rc::gen::inRange(0, 10) == 0 ? token : token + 1;
            call.operation.token = *rc::gen::inRange(0, 10) == 0 ? 0 : token;
          }
        }
        continue;
      }
      if (history.size() >= shape.calls) continue;
      const bool expected = *rc::gen::inRange(0, 8) != 0;
      const bool acquires = owner.acquired != expected;
      owner.acquired = acquires;
      owner.open = history.size();
      const bool renews = shape.service_ends && !acquires && *rc::gen::inRange(0, 3) == 0;
      if (renews) owner.acquired = true;
      const Kind kind = acquires ? Kind::acquire : renews ? Kind::renew : Kind::release;
      history.push_back({{kind, false, id, 0}, now, kNever});
    }
    return history;
  });
}

/// How the histories of a property were judged, so that a test cannot pass by seeing one kind only.
struct Tally {
  int holds = 0;
  int violated = 0;
  void count(Verdict verdict) { ++(verdict == Verdict::holds ? holds : violated); }
};

TEST_CASE("the search agrees with trying every order, for every specification") {
  for (const NamedSpecification& specification : specifications()) {
    CAPTURE(std::string(specification.name));
    Tally tally;
    CHECK(check_often([&] {
      const auto history = read_as(specification, *any_history({8, true, false}));
      const Verdict expected = exhaustive(specification, history);
      tally.count(expected);
      RC_ASSERT(search(specification, history).verdict == expected);
    }));
    CHECK(tally.holds > kRounds / 8);
    CHECK(tally.violated > kRounds / 16);
  }
}

TEST_CASE("earliest deadlines agree with trying every order, whatever was lost") {
  for (const std::string_view name : {"mutex", "semaphore-2"}) {
    const NamedSpecification& specification = specification_named(name);
    Tally tally;
    CHECK(check_often([&] {
      const auto history = read_as(specification, *any_history({9, true, false}));
      const Verdict expected = exhaustive(specification, history);
      tally.count(expected);
      RC_ASSERT(judge_fast(specification, history) == expected);
    }));
    CHECK(tally.holds > kRounds / 8);
    CHECK(tally.violated > kRounds / 16);
  }
}

TEST_CASE("definite holds agree with trying every order where owners vanish with a lost answer") {
  for (const NamedSpecification& specification : specifications()) {
    if (!specification.owned) continue;
    CAPTURE(std::string(specification.name));
    Tally tally;
    CHECK(check_often([&] {
      const auto history = read_as(specification, *any_history({9, false, false}));
      const Verdict expected = exhaustive(specification, history);
      tally.count(expected);
      RC_ASSERT(judge_fast(specification, history) == expected);
    }));
    CHECK(tally.holds > kRounds / 8);
    CHECK(tally.violated > kRounds / 16);
  }
}

TEST_CASE("definite holds never contradict every order where owners go on after a lost answer") {
  for (const NamedSpecification& specification : specifications()) {
    if (!specification.owned) continue;
    CAPTURE(std::string(specification.name));
    int decided = 0;
    CHECK(check_often([&] {
      const auto history = read_as(specification, *any_history({9, true, false}));
      const Verdict verdict = judge_fast(specification, history);
      if (verdict == Verdict::unknown) return;
      ++decided;
      RC_ASSERT(verdict == exhaustive(specification, history));
    }));
    CHECK(decided > kRounds / 4);
  }
}

TEST_CASE("in which order calls are listed says nothing") {
  for (const NamedSpecification& specification : specifications()) {
    CAPTURE(std::string(specification.name));
    CHECK(check_often([&] {
      auto history = read_as(specification, *any_history({9, true, false}));
      const Verdict verdict = judge_fast(specification, history);
      // As they are answered, as in files.
      std::sort(history.begin(), history.end(),
                [](const LockCall& a, const LockCall& b) { return a.responded < b.responded; });
      RC_ASSERT(judge_fast(specification, history) == verdict);
    }));
  }
}

TEST_CASE("leases and sessions: definite holds, the search and every order agree") {
  for (const OwnerRules rules : {leased_rules(), session_rules()}) {
    const NamedSpecification specification{"", 1, true, rules};
    Tally tally;
    int decided = 0;
    CHECK(check_often([&] {
      const auto history = read_as(specification, *any_history({9, false, true}));
      const Verdict expected = exhaustive(specification, history);
      tally.count(expected);
      RC_ASSERT(search(specification, history).verdict == expected);
      const Verdict fast = judge_fast(specification, history);
      if (fast == Verdict::unknown) return;
      ++decided;
      RC_ASSERT(fast == expected);
    }));
    CHECK(tally.holds > kRounds / 8);
    CHECK(tally.violated > kRounds / 16);
    CHECK(decided > kRounds / 3);
  }
}

}  // namespace
}  // namespace leasehold::checkers
