#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "checkers/linearizability/search.hpp"
#include "checkers/specifications/history_judge.hpp"
#include "checkers/specifications/verify.hpp"

namespace leasehold::checkers {

/// Judges by search what a reader makes of the calls.
template <Specification S, ReaderOf<S> Reader>
class SearchJudge final : public HistoryJudge {
 public:
  explicit SearchJudge(const ReadingRules& rules) : reader_(rules) {}

  support::Expected<bool> accept(const RecordedCall& call) override {
    auto operation = reader_.read(call);
    if (!operation) return std::move(operation).error();
    if (!*operation) return false;
    history_.push_back({std::move(**operation), call.invoked, call.responded});
    return true;
  }

  HistoryJudgement judge(const SearchBudget& budget) override {
    const S specification = reader_.specification();
    HistoryJudgement judgement;
    judgement.verdict = Verdict::holds;
    judgement.procedure = "search";
    for (const auto& [part, calls] : parts(all())) {
      const History<typename S::Operation> history = select(calls);
      SearchResult found = LinearizationSearch(specification, history, budget).run();
      judgement.steps += found.steps;
      judgement.bytes = std::max(judgement.bytes, found.bytes);
      for (const std::size_t call : found.order) judgement.order.push_back(calls[call]);
      if (found.verdict == Verdict::holds) continue;
      // A violation of one part is one of the whole, whatever is not known of the others.
      if (judgement.verdict == Verdict::unknown && found.verdict == Verdict::unknown) continue;
      judgement.verdict = found.verdict;
      if (found.farthest) judgement.blocked = calls[*found.farthest];
      if (found.verdict == Verdict::violated) break;
    }
    return judgement;
  }

  /// The order of each part proves it; together they prove the whole.
  [[nodiscard]] bool proves(const std::vector<std::size_t>& order) const override {
    for (const std::size_t call : order) {
      if (call >= history_.size()) return false;
    }
    const auto ordered = parts(order);
    for (const auto& [part, calls] : parts(all())) {
      std::vector<std::size_t> placed;  // as indices into the part
      const auto found = ordered.find(part);
      for (std::size_t i = 0; found != ordered.end() && i < found->second.size(); ++i) {
        const auto at = std::lower_bound(calls.begin(), calls.end(), found->second[i]);
        placed.push_back(static_cast<std::size_t>(at - calls.begin()));
      }
      if (!is_linearization(reader_.specification(), select(calls), placed)) return false;
    }
    return true;
  }

  [[nodiscard]] std::optional<bool> refutes(const std::vector<std::size_t>& calls) const override {
    const auto core = parts(calls);
    if (core.size() != 1) return false;  // different parts cannot contradict one another
    History<typename S::Operation> cut = up_to(history_, calls);
    std::erase_if(cut,
                  [&](const auto& call) { return core.begin()->first != part_of(call.operation); });
    return is_illegal(reader_.specification(), cut);
  }
  [[nodiscard]] std::optional<bool> refutes_until(std::size_t call) const override {
    return refutes({call});
  }

 private:
  /// What a specification that falls into parts calls the operation's; nil for all others.
  static Value part_of(const typename S::Operation& operation) {
    if constexpr (requires { S::part(operation); }) {
      return S::part(operation);
    } else {
      static_cast<void>(operation);
      return {};
    }
  }
  std::map<Value, std::vector<std::size_t>> parts(const std::vector<std::size_t>& calls) const {
    std::map<Value, std::vector<std::size_t>> parts;
    for (const std::size_t call : calls) parts[part_of(history_[call].operation)].push_back(call);
    return parts;
  }
  [[nodiscard]] std::vector<std::size_t> all() const {
    std::vector<std::size_t> calls(history_.size());
    std::iota(calls.begin(), calls.end(), std::size_t{0});
    return calls;
  }
  [[nodiscard]] History<typename S::Operation> select(const std::vector<std::size_t>& calls) const {
    History<typename S::Operation> history;
    history.reserve(calls.size());
    for (const std::size_t call : calls) history.push_back(history_[call]);
    return history;
  }

  Reader reader_;
  History<typename S::Operation> history_;
};

}  // namespace leasehold::checkers
