#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "checkers/linearizability/search.hpp"
#include "checkers/specifications/history_judge.hpp"
#include "checkers/specifications/verify.hpp"

namespace leasehold::checkers {

/// Of the part of the history that the call belongs to, the call that is answered last.
template <Specification S>
std::size_t last_answered(const History<typename S::Operation>& history, std::size_t call) {
  std::size_t last = call;
  for (std::size_t i = 0; i < history.size(); ++i) {
    if constexpr (requires { S::part(history[i].operation); }) {
      if (S::part(history[i].operation) != S::part(history[call].operation)) continue;
    }
    if (history[i].indeterminate()) continue;
    if (history[last].indeterminate() || history[i].responded > history[last].responded) last = i;
  }
  return last;
}

/// Judges by search. If the history is illegal, `blocked` is a call by whose answer it is so
/// already.
template <Specification S>
HistoryJudgement judge_by_search(const S& specification,
                                 const History<typename S::Operation>& history,
                                 const SearchBudget& budget) {
  SearchResult found = LinearizationSearch(specification, history, budget).run();
  HistoryJudgement judgement{found.verdict, "search",   std::move(found.order), {}, found.blocked,
                             found.steps,   found.bytes};
  if (found.verdict != Verdict::violated) return judgement;
  // The search knows where it was blocked last, which may have been because of what comes later.
  const auto cut = up_to(history, {*found.blocked});
  if (LinearizationSearch(specification, cut, budget).run().verdict != Verdict::violated) {
    judgement.blocked = last_answered<S>(history, *found.blocked);
  }
  return judgement;
}

}  // namespace leasehold::checkers
