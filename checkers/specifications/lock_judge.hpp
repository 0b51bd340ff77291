#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "checkers/linearizability/lock_specification.hpp"
#include "checkers/specifications/history_judge.hpp"
#include "checkers/specifications/lock_reader.hpp"

namespace leasehold::checkers {

/// What kind of lock without leases.
struct LockKind {
  bool owned = false;
  std::uint32_t permits = 1;
  OwnerRules rules{};  ///< REQUIRES: owned, if they are not the plain ones
};

/// Judges by the procedure that is near-linear for the kind of lock, and by search only what that
/// cannot decide: an owner that goes on after a lost answer.
class LockJudge final : public HistoryJudge {
 public:
  LockJudge(const LockKind& kind, const ReadingRules& rules);

  support::Expected<bool> accept(const RecordedCall& call) override;
  HistoryJudgement judge(const SearchBudget& budget) override {
    return judge(read_under(policy_), budget);
  }
  std::optional<Verdict> judge_under(FailedReleases policy, const SearchBudget& budget) override;
  [[nodiscard]] IllegalCore explain(std::size_t blocked, const CoreBudget& budget) const override;
  void complete(HistoryJudgement& judgement, const SearchBudget& budget) const override;
  [[nodiscard]] bool proves(const std::vector<std::size_t>& order) const override;
  [[nodiscard]] std::optional<bool> refutes(const std::vector<std::size_t>& calls) const override;
  [[nodiscard]] std::optional<bool> refutes_until(std::size_t call) const override;

 private:
  /// What is left of the calls under a policy, and which number each of them has.
  struct Read {
    bool all = false;                  ///< nothing is left out, as in most histories
    LockHistory some;                  ///< else
    std::vector<std::size_t> numbers;  ///< of some
    [[nodiscard]] const LockHistory& of(const LockHistory& calls) const {
      return all ? calls : some;
    }
    [[nodiscard]] std::size_t number(std::size_t call) const { return all ? call : numbers[call]; }
    [[nodiscard]] std::vector<std::size_t> indices(const std::vector<std::size_t>& calls) const;
  };
  [[nodiscard]] Read read_under(FailedReleases policy) const;
  [[nodiscard]] HistoryJudgement judge(const Read& read, const SearchBudget& budget) const;
  [[nodiscard]] HistoryJudgement judge_owners(const LockHistory& history,
                                              const SearchBudget& budget) const;
  [[nodiscard]] HistoryJudgement search(const LockHistory& history,
                                        const SearchBudget& budget) const;
  [[nodiscard]] LockHistory window(const LockHistory& history,
                                   const std::vector<std::size_t>& calls) const;

  template <class Use>
  auto with_specification(Use&& use) const;

  LockKind kind_;
  FailedReleases policy_;
  LockReader reader_;
  LockHistory calls_;
  struct FailedRelease {
    std::size_t call;
    LockRead::Failure failure;
  };
  std::vector<FailedRelease> failed_releases_;
};

}  // namespace leasehold::checkers
