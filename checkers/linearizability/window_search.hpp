#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "checkers/linearizability/history.hpp"
#include "checkers/linearizability/timeline.hpp"
#include "checkers/linearizability/transitions.hpp"
#include "checkers/record/verdict.hpp"

namespace leasehold::checkers {

/// How far a search may go before it gives up with `unknown`.
struct SearchBudget {
  std::uint64_t steps = 10'000'000;          ///< of the specification
  std::size_t bytes = std::size_t{1} << 28;  ///< of configurations, states and the way back
  /// Set from outside, the search gives up soon. A checker has no clock of its own.
  const std::atomic<bool>* stop = nullptr;
  std::size_t threads = 1;  ///< at most, where a history has parts that are judged alone
  /// After how many configurations a search begins to look far ahead, where the specification can.
  std::size_t easy = 64;
};

struct SearchResult {
  Verdict verdict = Verdict::unknown;
  std::uint64_t steps = 0;
  /// holds: the calls (as indices into the history) in an order that the specification allows;
  /// indeterminate ones that are missing never took effect. A certificate: see is_linearization().
  std::vector<std::size_t> order;
  /// violated: a call by whose response the history is illegal, whatever comes after; see
  /// first_blocked() for the first such. unknown: the one that responds next where the search came
  /// farthest.
  std::optional<std::size_t> blocked;
  std::uint64_t configurations = 0;
  std::size_t bytes = 0;  ///< at most held
};

/// Decides whether a history is linearizable, for any specification: depth first after Wing and
/// Gong, with Lowe's memory of configurations. It goes from response to response: the responding
/// call is placed by then, and nothing is placed that no response needs. A configuration is the
/// next response, the state, and which of the calls undecided there are placed.
///
/// Exponential in the calls undecided at once, which is what the budget is for. What keeps it small
/// is exact for every specification:
///  - An observer that the state allows is placed at once: wherever it stood, it can stand here.
///  - Of equal calls the one with the earliest deadline is tried, the others not: they can be
///    exchanged. An indeterminate call's deadline is never, so of those the first invoked is tried.
///  - An indeterminate call is placed only if it changes the state, so that its observers are left
///    out; and of two configurations that differ in indeterminate calls only, see Configurations.
///  - The search is over with the last response.
///  - A call that every state allows, undecided when one is placed that overwrites whatever was
///    there, needs no place of its own: it may stand in the other's shade, right before it. So what
///    nobody has seen is not placed only to be overwritten.
///  - A configuration is given up when a call that must be placed cannot be: Transitions::near().
/// With at most about 2,000 calls undecided at once; beyond that the verdict is unknown.
SearchResult search_window(Transitions& transitions, const std::vector<LetteredCall>& calls,
                           const SearchBudget& budget);

}  // namespace leasehold::checkers
