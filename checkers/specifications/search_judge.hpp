#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "checkers/explanation/explain.hpp"
#include "checkers/linearizability/search.hpp"
#include "checkers/specifications/history_judge.hpp"
#include "checkers/specifications/judge_by_search.hpp"
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
    return judge_by_search(reader_.specification(), history_, budget);
  }

  /// Without what values of some length hold besides.
  [[nodiscard]] std::size_t bytes() const override {
    return history_.capacity() * sizeof(history_.front());
  }

  [[nodiscard]] IllegalCore explain(std::size_t blocked, const CoreBudget& budget) const override {
    return explain_illegal(reader_.specification(), history_, blocked, budget);
  }

  [[nodiscard]] bool proves(const std::vector<std::size_t>& order) const override {
    return is_linearization(reader_.specification(), history_, order);
  }
  [[nodiscard]] std::optional<bool> refutes(const std::vector<std::size_t>& calls) const override {
    return is_illegal_in_part(calls, up_to(history_, calls));
  }
  [[nodiscard]] std::optional<bool> refutes_answers(
      const std::vector<std::size_t>& calls) const override {
    return is_illegal_in_part(calls, with_answers_to(history_, calls));
  }
  [[nodiscard]] std::optional<bool> refutes_until(std::size_t call) const override {
    return refutes({call});
  }

 private:
  [[nodiscard]] std::optional<bool> is_illegal_in_part(const std::vector<std::size_t>& calls,
                                                       History<typename S::Operation> cut) const {
    if (calls.empty()) return false;
    const Value part = part_of(history_.at(calls.front()).operation);
    std::erase_if(cut, [&part](const auto& call) { return part_of(call.operation) != part; });
    return is_illegal(reader_.specification(), cut);
  }

  /// Of a specification that falls into parts, what the operation is a part of: others' calls do
  /// not matter to it.
  static Value part_of(const typename S::Operation& operation) {
    if constexpr (requires { S::part(operation); }) {
      return S::part(operation);
    } else {
      static_cast<void>(operation);
      return {};
    }
  }

  Reader reader_;
  History<typename S::Operation> history_;
};

}  // namespace leasehold::checkers
