#pragma once

#include <algorithm>
#include <vector>

#include "checkers/linearizability/history.hpp"
#include "checkers/linearizability/specification.hpp"
#include "checkers/record/verdict.hpp"

namespace leasehold::checkers::testing {

/// Linearizability by its definition: tries every order of every choice of calls.
template <Specification S>
class Exhaustive {
 public:
  Exhaustive(const S& specification, const History<typename S::Operation>& history)
      : specification_(specification), history_(history), taken_(history.size(), false) {}

  Verdict judge() { return extend(specification_.initial()) ? Verdict::holds : Verdict::violated; }

 private:
  bool extend(const typename S::State& state) {
    Position first_response = kNever;
    bool complete = true;
    for (std::size_t i = 0; i < history_.size(); ++i) {
      if (taken_[i] || history_[i].indeterminate()) continue;
      complete = false;
      first_response = std::min(first_response, history_[i].responded);
    }
    if (complete) return true;
    for (std::size_t i = 0; i < history_.size(); ++i) {
      if (taken_[i] || history_[i].invoked > first_response) continue;
      const auto next = specification_.step(state, history_[i].operation);
      if (!next) continue;
      taken_[i] = true;
      if (extend(*next)) return true;
      taken_[i] = false;
    }
    return false;
  }

  const S& specification_;
  const History<typename S::Operation>& history_;
  std::vector<bool> taken_;
};

}  // namespace leasehold::checkers::testing
