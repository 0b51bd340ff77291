#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "checkers/linearizability/lock_specification.hpp"
#include "checkers/specifications/calls_by_policy.hpp"
#include "checkers/specifications/history_judge.hpp"
#include "checkers/specifications/lock_reader.hpp"

namespace leasehold::checkers {

/// What kind of lock without leases.
struct LockKind {
  bool owned = false;
  std::uint32_t permits = 1;
  OwnerRules rules{};  ///< REQUIRES: owned, if they are not the plain ones
  bool dense = false;  ///< tokens have no gaps; REQUIRES: fenced
};

/// Judges by the procedure that is near-linear for the kind of lock, and by search only what that
/// cannot decide: an owner that goes on after a lost answer.
class LockJudge final : public HistoryJudge {
 public:
  LockJudge(const LockKind& kind, const ReadingRules& rules);

  support::Expected<bool> accept(const RecordedCall& call) override;
  HistoryJudgement judge(const SearchBudget& budget) override {
    return judge(calls_.under(policy_), budget);
  }
  [[nodiscard]] std::size_t bytes() const override { return calls_.bytes() + reader_.bytes(); }
  std::optional<Verdict> judge_under(FailedReleases policy, const SearchBudget& budget) override;
  [[nodiscard]] IllegalCore explain(std::size_t blocked, const CoreBudget& budget) const override;
  void complete(HistoryJudgement& judgement, const SearchBudget& budget) const override;
  [[nodiscard]] bool proves(const std::vector<std::size_t>& order) const override;
  [[nodiscard]] std::optional<bool> refutes(const std::vector<std::size_t>& calls) const override;
  [[nodiscard]] std::optional<bool> refutes_answers(
      const std::vector<std::size_t>& calls) const override;
  [[nodiscard]] std::optional<bool> refutes_until(std::size_t call) const override;

 private:
  using Read = CallsByPolicy<LockOperation>::Read;

  [[nodiscard]] HistoryJudgement judge(const Read& read, const SearchBudget& budget) const;
  [[nodiscard]] HistoryJudgement judge_owners(const LockHistory& history,
                                              const SearchBudget& budget) const;
  [[nodiscard]] HistoryJudgement search(const LockHistory& history,
                                        const SearchBudget& budget) const;
  [[nodiscard]] LockHistory window(const LockHistory& history,
                                   const std::vector<std::size_t>& calls) const;
  [[nodiscard]] bool others_do_not_matter() const;

  template <class Use>
  auto with_specification(Use&& use) const;

  LockKind kind_;
  FailedReleases policy_;
  LockReader reader_;
  CallsByPolicy<LockOperation> calls_;
};

}  // namespace leasehold::checkers
