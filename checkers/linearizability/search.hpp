#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

#include "checkers/formats/value.hpp"
#include "checkers/linearizability/history.hpp"
#include "checkers/linearizability/parts.hpp"
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

/// The general search for one specification and one history: see search_window(). Where the
/// specification has parts, each is searched alone, on several threads if the budget says so.
template <Specification S>
class LinearizationSearch {
 public:
  /// REQUIRES: the specification outlives this.
  LinearizationSearch(const S& specification, const History<typename S::Operation>& history,
                      SearchBudget budget = {})
      : budget_(budget) {
    std::vector<TransitionsOf<S>*> transitions;
    Numbering<Value> numbers;
    for (std::size_t i = 0; i < history.size(); ++i) {
      const auto& call = history[i];
      std::size_t part = 0;
      if constexpr (kHasParts) {
        const Value& of = S::part(call.operation);
        part = numbers.of(of, hash(of));
      }
      if (part == parts_.size()) {
        auto of_part = std::make_unique<TransitionsOf<S>>(specification);
        transitions.push_back(of_part.get());
        parts_.push_back({std::move(of_part), {}, {}});
      }
      parts_[part].calls.push_back({call.invoked, call.responded,
                                    transitions[part]->letter(call.operation),
                                    manner_of<S>(call.operation)});
      parts_[part].indices.push_back(i);
    }
    for (TransitionsOf<S>* of_part : transitions) of_part->begin();
  }

  SearchResult run() { return search_parts(parts_, budget_); }

  /// The pieces of the history that are judged alone.
  [[nodiscard]] std::vector<HistoryPart>& parts() { return parts_; }

 private:
  static constexpr bool kHasParts = requires(const typename S::Operation& operation) {
    { S::part(operation) } -> std::same_as<const Value&>;
  };

  std::vector<HistoryPart> parts_;
  SearchBudget budget_;
};

}  // namespace leasehold::checkers
