#pragma once

#include <algorithm>
#include <cstddef>

#include "checkers/explanation/core.hpp"
#include "checkers/linearizability/search.hpp"

namespace leasehold::checkers {

/// Explains why a history is illegal, in terms of its calls: those of the part that it is illegal
/// in. REQUIRES: it is illegal by the response of the call `by`.
template <Specification S>
IllegalCore explain_illegal(const S& specification, const History<typename S::Operation>& history,
                            std::size_t by, const CoreBudget& budget) {
  LinearizationSearch<S> search(specification, history, budget.search);
  for (HistoryPart& part : search.parts()) {
    const auto found = std::lower_bound(part.indices.begin(), part.indices.end(), by);
    if (found == part.indices.end() || *found != by) continue;
    IllegalCore core =
        illegal_core(part, static_cast<std::size_t>(found - part.indices.begin()), budget);
    core.renumber([&part](std::size_t call) { return part.indices[call]; });
    return core;
  }
  return {};
}

}  // namespace leasehold::checkers
