#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "checkers/linearizability/timeline.hpp"
#include "checkers/linearizability/transitions.hpp"
#include "checkers/linearizability/window_search.hpp"

namespace leasehold::checkers {

/// The calls of a history that touch one piece of the state and no other.
struct HistoryPart {
  std::unique_ptr<Transitions> transitions;
  std::vector<LetteredCall> calls;
  std::vector<std::size_t> indices;  ///< of those calls in the history, rising
};

/// Searches each part alone: a history is linearizable if and only if each of its parts is. All get
/// a small budget first, because one that is soon found illegal spares the others. The order that
/// proves the whole is made of the parts' orders.
SearchResult search_parts(std::vector<HistoryPart>& parts, const SearchBudget& budget);

}  // namespace leasehold::checkers
