#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "checkers/linearizability/search.hpp"
#include "checkers/specifications/history_judge.hpp"
#include "checkers/specifications/verify.hpp"

namespace leasehold::checkers {

/// Of an illegal history, the first call up to whose answer it is illegal already, by bisection:
/// the searches are over sooner than the first. With too small a budget it is a later one, which is
/// as true.
template <Specification S>
std::size_t first_unexplained(const S& specification, const History<typename S::Operation>& history,
                              const SearchBudget& budget) {
  std::vector<std::size_t> calls;  // in the order of their answers
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (!history[i].indeterminate()) calls.push_back(i);
  }
  std::sort(calls.begin(), calls.end(), [&history](std::size_t a, std::size_t b) {
    return history[a].responded < history[b].responded;
  });
  std::size_t legal = 0;  // so many answers are not known to be illegal
  std::size_t illegal = calls.size() - 1;
  while (legal < illegal) {
    const std::size_t middle = (legal + illegal) / 2;
    const auto cut = up_to(history, {calls[middle]});
    const auto found = LinearizationSearch(specification, cut, budget).run();
    if (found.verdict == Verdict::violated) {
      illegal = middle;
    } else {
      legal = middle + 1;
    }
  }
  return calls[illegal];
}

template <Specification S>
HistoryJudgement judge_by_search(const S& specification,
                                 const History<typename S::Operation>& history,
                                 const SearchBudget& budget) {
  SearchResult found = LinearizationSearch(specification, history, budget).run();
  HistoryJudgement judgement{found.verdict, "search",   std::move(found.order), {}, found.blocked,
                             found.steps,   found.bytes};
  if (found.verdict == Verdict::violated) {
    judgement.blocked = first_unexplained(specification, history, budget);
  }
  return judgement;
}

}  // namespace leasehold::checkers
