#pragma once

#include <utility>

#include "checkers/linearizability/search.hpp"
#include "checkers/specifications/history_judge.hpp"

namespace leasehold::checkers {

/// Judges by search. If the history is illegal, `blocked` is a call by whose answer it is so
/// already.
template <Specification S>
HistoryJudgement judge_by_search(const S& specification,
                                 const History<typename S::Operation>& history,
                                 const SearchBudget& budget) {
  SearchResult found = LinearizationSearch(specification, history, budget).run();
  HistoryJudgement judgement;
  judgement.verdict = found.verdict;
  judgement.procedure = "search";
  judgement.order = std::move(found.order);
  judgement.blocked = found.blocked;
  judgement.steps = found.steps;
  judgement.bytes = found.bytes;
  return judgement;
}

}  // namespace leasehold::checkers
