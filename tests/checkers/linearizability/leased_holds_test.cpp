#include "checkers/specifications/leased_holds.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "checkers/linearizability/search.hpp"
#include "tests/checkers/linearizability/check_often.hpp"
#include "tests/checkers/linearizability/every_order.hpp"
#include "tests/checkers/linearizability/small_histories.hpp"

namespace leasehold::checkers {
namespace {

using namespace testing;
using Kind = LockOperation::Kind;

/// How often the procedure is wrong, or leaves the verdict to a search.
struct Tally {
  std::uint64_t histories = 0;
  std::uint64_t legal = 0;
  std::uint64_t wrong = 0;
  std::uint64_t unproved = 0;
  std::uint64_t unknown = 0;
  std::uint64_t unknown_in_time = 0;  ///< though every acquire was answered within its lease
};

bool granted_in_time(const LeasedHistory& history) {
  return std::all_of(history.begin(), history.end(), [](const auto& call) {
    const LeasedMutex::Operation& operation = call.operation;
    return operation.kind != Kind::acquire || call.indeterminate() ||
           operation.responded_ns < LeasedMutex::deadline(operation.invoked_ns, operation);
  });
}

void judge(const LeasedHistory& calls, Tally& tally) {
  const LeasedHistory history = settle_leases(calls);
  const LeasedMutex specification;
  const Verdict expected = Exhaustive(specification, history).judge();
  const LeasedHoldsResult found = judge_leased_holds(history);
  ++tally.histories;
  if (expected == Verdict::holds) ++tally.legal;
  if (found.verdict == Verdict::unknown) {
    ++tally.unknown;
    if (granted_in_time(history)) ++tally.unknown_in_time;
  } else if (found.verdict != expected) {
    ++tally.wrong;
  } else if (expected == Verdict::holds && !is_linearization(specification, history, found.order)) {
    ++tally.unproved;
  } else if (expected == Verdict::violated) {
    // The calls that it names are enough: nobody else has to be told of a grant.
    LeasedHistory core;
    for (const std::size_t call : found.contradiction) core.push_back(history[call]);
    if (Exhaustive(specification, core).judge() != Verdict::violated) ++tally.unproved;
  }
}

/// The history with times, two events at a time, and each choice of leases.
void judge_with_all_leases(const LockHistory& history, Tally& tally) {
  constexpr std::array<std::int64_t, 3> kLeases = {-1, 1, 2};
  std::vector<std::size_t> leased;
  LeasedHistory calls;
  for (const LockCall& call : history) {
    LeasedMutex::Operation operation;
    operation.kind = call.operation.kind;
    operation.grant = call.operation.owner;
    operation.invoked_ns = call.invoked / 2;
    if (!call.indeterminate()) operation.responded_ns = call.responded / 2;
    const bool grants = operation.kind == Kind::acquire || operation.kind == Kind::renew;
    if (operation.kind == Kind::renew && call.indeterminate()) continue;  // never read
    if (grants && !call.indeterminate()) leased.push_back(calls.size());
    calls.push_back({operation, call.invoked, call.responded});
  }
  std::size_t choices = 1;
  for (std::size_t i = 0; i < leased.size(); ++i) choices *= kLeases.size();
  for (std::size_t choice = 0; choice < choices; ++choice) {
    std::size_t rest = choice;
    for (const std::size_t i : leased) {
      const std::int64_t lease = kLeases[rest % kLeases.size()];
      rest /= kLeases.size();
      calls[i].operation.from_grant = lease > 0;
      calls[i].operation.until_ns = lease > 0 ? lease : LeasedMutex::kForever;
    }
    judge(calls, tally);
  }
}

void judge_small_histories(std::size_t most, const std::vector<Kind>& kinds) {
  for (std::size_t operations = 1; operations <= most; ++operations) {
    CAPTURE(operations);
    Tally tally;
    SmallHistories(operations, kinds, false, [&](const LockHistory& history) {
      judge_with_all_leases(history, tally);
    }).run();
    CHECK(tally.wrong == 0);
    CHECK(tally.unproved == 0);
    CHECK(tally.legal > 0);
    if (operations > 1) CHECK(tally.legal < tally.histories);
    const bool renews = kinds.size() > 2;
    if (!renews) CHECK(tally.unknown_in_time == 0);
    CHECK(tally.unknown < tally.histories / (renews ? 1 : 2));
  }
}

TEST_CASE("leases decide every small history rightly, and all that were granted within them") {
  judge_small_histories(3, {Kind::acquire, Kind::release});
  judge_small_histories(3, {Kind::acquire, Kind::release, Kind::renew});
}

TEST_CASE("leases decide every history of four operations rightly", "[slow]") {
  judge_small_histories(4, {Kind::acquire, Kind::release, Kind::renew});
}

TEST_CASE("every history of up to six operations with leases is decided rightly", "[slow]") {
  judge_small_histories(6, {Kind::acquire, Kind::release});
}

/// Owners that follow the rules mostly, at a service that does not always.
rc::Gen<LeasedHistory> any_history() {
  return rc::gen::exec([] {
    constexpr std::uint32_t kOwners = 4;
    constexpr std::size_t kCalls = 8;
    constexpr std::size_t kNone = kCalls;
    LeasedHistory history;
    std::vector<std::size_t> open(kOwners + 1, kNone);
    std::vector<bool> acquired(kOwners + 1, false);
    std::int64_t now_ns = 0;
    Position now = 0;
    const auto steps = *rc::gen::inRange<std::size_t>(4, 3 * kCalls);
    for (std::size_t step = 0; step < steps; ++step) {
      const auto owner = *rc::gen::inRange<std::uint32_t>(1, kOwners + 1);
      now += 2;
      now_ns += *rc::gen::inRange(0, 4);
      if (open[owner] != kNone) {
        auto& call = history[open[owner]];
        open[owner] = kNone;
        if (*rc::gen::inRange(0, 12) == 0) continue;  // lost
        call.responded = now;
        call.operation.responded_ns = now_ns;
        if (call.operation.kind == Kind::release) continue;
        const int until = *rc::gen::inRange(0, 8);
        call.operation.from_grant = until < 6;
        if (until < 6) call.operation.until_ns = 2 + until;
        if (until == 6) call.operation.until_ns = now_ns + *rc::gen::inRange(-1, 6);
      } else if (history.size() < kCalls) {
        LeasedMutex::Operation operation;
        const int choice = *rc::gen::inRange(0, 10);
        operation.kind = choice == 0                      ? Kind::ended
                         : acquired[owner] && choice < 4  ? Kind::renew
                         : acquired[owner] || choice == 1 ? Kind::release
                                                          : Kind::acquire;
        if (operation.kind == Kind::acquire) acquired[owner] = true;
        if (operation.kind == Kind::release) acquired[owner] = false;
        operation.grant = owner;
        operation.invoked_ns = now_ns;
        if (operation.kind != Kind::ended) open[owner] = history.size();
        if (operation.kind == Kind::ended) operation.responded_ns = now_ns;
        history.push_back({operation, now, operation.kind == Kind::ended ? now + 1 : kNever});
      }
    }
    // A renewal whose answer was lost says nothing, and is not read.
    std::erase_if(history, [](const auto& call) {
      return call.operation.kind == Kind::renew && call.indeterminate();
    });
    return history;
  });
}

TEST_CASE("leases agree with trying every order, with renewals, deadlines and ends") {
  Tally tally;
  REQUIRE(check_often([&] {
    judge(*any_history(), tally);
    RC_ASSERT(tally.wrong == 0U);
    RC_ASSERT(tally.unproved == 0U);
  }));
  CHECK(tally.legal > tally.histories / 8);
  CHECK(tally.histories - tally.legal > tally.histories / 8);
  CHECK(tally.unknown < tally.histories / 2);
}

}  // namespace
}  // namespace leasehold::checkers
