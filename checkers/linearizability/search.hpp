#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "checkers/linearizability/history.hpp"
#include "checkers/linearizability/specification.hpp"
#include "checkers/linearizability/transitions.hpp"
#include "checkers/linearizability/window_search.hpp"

namespace leasehold::checkers {

/// Whether `order` proves the history linearizable: every call at most once and every determinate
/// one exactly once, none before a call that had responded when it was invoked, all allowed.
template <Specification S>
bool is_linearization(const S& specification, const History<typename S::Operation>& history,
                      const std::vector<std::size_t>& order) {
  std::vector<bool> taken(history.size(), false);
  Position latest_invocation = 0;
  typename S::State state = specification.initial();
  for (const std::size_t index : order) {
    if (index >= history.size() || taken[index]) return false;
    taken[index] = true;
    const auto& call = history[index];
    if (call.responded < latest_invocation) return false;
    latest_invocation = std::max(latest_invocation, call.invoked);
    const auto next = specification.step(state, call.operation);
    if (!next) return false;
    state = *next;
  }
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (!taken[i] && !history[i].indeterminate()) return false;
  }
  return true;
}

/// The general search for one specification and one history: see search_window().
template <Specification S>
class LinearizationSearch {
 public:
  LinearizationSearch(const S& specification, const History<typename S::Operation>& history,
                      SearchBudget budget = {})
      : transitions_(specification), budget_(budget) {
    calls_.reserve(history.size());
    for (const auto& call : history) {
      calls_.push_back({call.invoked, call.responded, transitions_.letter(call.operation),
                        manner_of<S>(call.operation)});
    }
    transitions_.begin();
  }

  SearchResult run() { return search_window(transitions_, calls_, budget_); }

 private:
  TransitionsOf<S> transitions_;
  std::vector<LetteredCall> calls_;
  SearchBudget budget_;
};

}  // namespace leasehold::checkers
