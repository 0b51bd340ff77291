#pragma once

#include <cstddef>
#include <vector>

#include "checkers/linearizability/history.hpp"
#include "checkers/record/verdict.hpp"
#include "checkers/specifications/leased_mutex.hpp"

namespace leasehold::checkers {

using LeasedHistory = History<LeasedMutex::Operation>;

/// With times that never run backwards, and a grant of its own for each acquire, by which those
/// that follow are known: before, `grant` is the number of the owner.
LeasedHistory settle_leases(LeasedHistory calls);

struct LeasedHoldsResult {
  /// `unknown`: the history is not of the kind that leases alone decide.
  Verdict verdict = Verdict::unknown;
  /// holds: a legal order; what is missing never took effect.
  std::vector<std::size_t> order;
  /// violated: the calls of holds that cannot follow one another, or a renewal of none: by itself,
  /// or after the acquire and the end of the hold.
  std::vector<std::size_t> contradiction;
  bool by_renewal = false;
  std::size_t bytes = 0;  ///< held for it
};

/// Decides a history of a mutex with leases, in O(n log n). A hold may begin anywhere within its
/// acquire, and its lease with it; so, unlike a hold without lease, it may have to begin early in
/// order to end early. It surely lasts from where its acquire was answered to where it might have
/// ended had it begun at once, its *definite hold*. If no acquire was answered so late that this is
/// empty, then the order of the definite holds is that of the holds, and to begin each as soon as
/// the one before lets it leaves the most room to those after. The history is legal if and only if
/// each then begins in time.
///
/// Where some are empty, that beginning, in the order of the answers, still proves a history legal
/// and definite holds that overlap prove it illegal; if neither does, the verdict is unknown. It is
/// unknown too if a grant has two calls open at once, is renewed while it is released or after an
/// acquire whose answer was lost, or if it is known of a release that its caller did not hold the
/// lock.
/// REQUIRES: settle_leases().
LeasedHoldsResult judge_leased_holds(const LeasedHistory& calls);

}  // namespace leasehold::checkers
