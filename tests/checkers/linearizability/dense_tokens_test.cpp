#include <catch2/catch.hpp>

#include <cstdint>
#include <vector>

#include "checkers/specifications/dense_fenced_mutex.hpp"
#include "tests/checkers/linearizability/every_order.hpp"
#include "tests/checkers/linearizability/lock_histories.hpp"
#include "tests/checkers/linearizability/small_histories.hpp"

namespace leasehold::checkers {
namespace {

using namespace testing;
using Kind = LockOperation::Kind;

Verdict exhaustive(const LockHistory& history) {
  return Exhaustive(DenseFencedMutex(), history).judge();
}

TEST_CASE("a token is one more than the one before, or a lost acquire is in between") {
  struct Case {
    const char* events;
    Verdict expected;
    Verdict fast;
  };
  constexpr auto kHolds = Verdict::holds;
  constexpr auto kViolated = Verdict::violated;
  constexpr auto kUnknown = Verdict::unknown;
  for (const Case& each : {
           Case{"a1 A1#5 r1 R1 a2 A2#6", kHolds, kHolds},
           Case{"a1 A1#5 r1 R1 a2 A2#7", kViolated, kViolated},
           Case{"a1 A1#5 r1 R1 a2 A2#5", kViolated, kViolated},
           Case{"a1 A1#5 r1 R1 a2 A2 r2 R2 a1 A1#7", kHolds, kHolds},
           Case{"a1 A1#1 r1 R1 a2 a2? r2 R2 a3 A3#3", kHolds, kUnknown},
           // A grant that was never given back would be in the way.
           Case{"a1 A1#1 r1 R1 a2 a2? a3 A3#3", kViolated, kViolated},
       }) {
    CAPTURE(each.events);
    const LockHistory history = HistoryReader::read(each.events);
    CHECK(exhaustive(history) == each.expected);
    CHECK(judge_dense_tokens(history).verdict == each.fast);
  }
}

/// How the history is judged with each choice of tokens of its acquires.
struct Tally {
  std::uint64_t legal = 0;
  std::uint64_t illegal = 0;
  std::uint64_t wrong = 0;
  std::uint64_t unknown = 0;

  void judge_all(LockHistory& history, std::size_t from) {
    for (; from < history.size(); ++from) {
      LockCall& call = history[from];
      if (call.operation.kind != Kind::acquire || call.indeterminate()) continue;
      for (Token token = 0; token <= 3; ++token) {
        call.operation.token = token;
        judge_all(history, from + 1);
      }
      call.operation.token = 0;
      return;
    }
    const Verdict expected = exhaustive(history);
    ++(expected == Verdict::holds ? legal : illegal);
    const Verdict fast = judge_dense_tokens(history).verdict;
    if (fast == Verdict::unknown) ++unknown;
    if (fast != Verdict::unknown && fast != expected) ++wrong;
  }
};

TEST_CASE("dense tokens of every small history are judged rightly") {
  for (const bool go_on : {false, true}) {
    Tally tally;
    SmallHistories(4, {Kind::acquire, Kind::release}, go_on, [&](const LockHistory& each) {
      LockHistory history = each;
      tally.judge_all(history, 0);
    }).run();
    CHECK(tally.wrong == 0);
    CHECK((tally.unknown == 0) == !go_on);
    CHECK(tally.legal > 1'000);
    CHECK(tally.illegal > 1'000);
  }
}

}  // namespace
}  // namespace leasehold::checkers
