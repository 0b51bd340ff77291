#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "checkers/linearizability/history.hpp"
#include "checkers/linearizability/specification.hpp"

namespace leasehold::checkers {

/// Whether no legal order exists of a history, by trying every one: what a certificate of a
/// violation is checked with, and so as plain as can be. Nothing once `most` situations were seen.
template <Specification S>
class EveryOrder {
 public:
  EveryOrder(const S& specification, const History<typename S::Operation>& history,
             std::size_t most)
      : specification_(specification), history_(history), most_(most), taken_(history.size()) {}

  std::optional<bool> none_is_legal() {
    const bool legal = extend(specification_.initial());
    return seen_.size() < most_ ? std::optional(!legal) : std::nullopt;
  }

 private:
  bool extend(const typename S::State& state) {
    if (seen_.size() >= most_ || !seen_.insert({taken_, S::hash(state)}).second) return false;
    Position deadline = kNever;
    for (std::size_t i = 0; i < history_.size(); ++i) {
      if (!taken_[i]) deadline = std::min(deadline, history_[i].responded);
    }
    if (deadline == kNever) return true;  // what is left may never have happened
    for (std::size_t i = 0; i < history_.size(); ++i) {
      if (taken_[i] || history_[i].invoked > deadline) continue;
      const auto next = specification_.step(state, history_[i].operation);
      if (!next) continue;
      taken_[i] = true;
      const bool legal = extend(*next);
      taken_[i] = false;
      if (legal) return true;
    }
    return false;
  }

  const S& specification_;
  const History<typename S::Operation>& history_;
  std::size_t most_;
  std::vector<bool> taken_;
  std::set<std::pair<std::vector<bool>, std::uint64_t>> seen_;
};

}  // namespace leasehold::checkers
