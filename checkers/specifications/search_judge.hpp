#pragma once

#include <cstddef>
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
    SearchResult found = LinearizationSearch(specification, history_, budget).run();
    return {found.verdict, "search",   std::move(found.order), {}, found.blocked,
            found.steps,   found.bytes};
  }

  [[nodiscard]] bool proves(const std::vector<std::size_t>& order) const override {
    return is_linearization(reader_.specification(), history_, order);
  }
  [[nodiscard]] std::optional<bool> refutes(const std::vector<std::size_t>& calls) const override {
    return is_illegal(reader_.specification(), up_to(history_, calls));
  }

 private:
  Reader reader_;
  History<typename S::Operation> history_;
};

}  // namespace leasehold::checkers
