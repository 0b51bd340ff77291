#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
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
    return count_ < most_ ? std::optional(!legal) : std::nullopt;
  }

 private:
  bool extend(const typename S::State& state) {
    if (count_ >= most_) return false;
    std::vector<typename S::State>& seen = seen_[{taken_, S::hash(state)}];
    if (std::find(seen.begin(), seen.end(), state) != seen.end()) return false;
    seen.push_back(state);
    ++count_;
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
  std::map<std::pair<std::vector<bool>, std::uint64_t>, std::vector<typename S::State>> seen_;
  std::size_t count_ = 0;
};

/// The history up to the last response of those calls: what was not answered by then may or may not
/// have happened. If this is illegal, so is the whole.
template <class Operation>
History<Operation> up_to(const History<Operation>& history, const std::vector<std::size_t>& calls) {
  Position end = 0;
  for (const std::size_t call : calls) {
    const Call<Operation>& last = history.at(call);
    end = std::max(end, last.indeterminate() ? last.invoked : last.responded);
  }
  History<Operation> cut;
  for (Call<Operation> call : history) {
    if (call.invoked > end) continue;
    if (call.responded > end) call.responded = kNever;
    cut.push_back(std::move(call));
  }
  return cut;
}

/// Whether the history is illegal no later than where the last of those calls responds. Nothing if
/// it is too long to try every order.
template <Specification S>
std::optional<bool> is_illegal(const S& specification, const History<typename S::Operation>& cut) {
  constexpr std::size_t kMostCalls = 2'000;
  constexpr std::size_t kMostSituations = 50'000;
  if (cut.size() > kMostCalls) return std::nullopt;
  return EveryOrder<S>(specification, cut, kMostSituations).none_is_legal();
}

}  // namespace leasehold::checkers
