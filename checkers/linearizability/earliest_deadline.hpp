#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "checkers/linearizability/history.hpp"
#include "checkers/record/verdict.hpp"

namespace leasehold::checkers {

struct EarliestDeadlineResult {
  Verdict verdict = Verdict::unknown;
  /// violated: the call that can no longer take effect when it responds.
  std::optional<std::size_t> late;
  /// holds: a legal order; what is missing never took effect.
  std::vector<std::size_t> order;
  std::size_t bytes = 0;  ///< held for it
};

/// Decides a history of `permits` unit permits without owner exactly, indeterminate calls included,
/// in O(n log m) with m calls open at once, if it is in order. Calls of one kind are
/// interchangeable, so nothing is placed before a response forces it, and then the pending call of
/// the opposite kind that must respond first: everything pending is concurrent with the forced
/// call, so that waiting loses nothing, and by an exchange the earliest deadline is the best
/// choice. REQUIRES: acquires and releases only.
EarliestDeadlineResult judge_by_earliest_deadline(const LockHistory& history,
                                                  std::uint32_t permits = 1);

}  // namespace leasehold::checkers
