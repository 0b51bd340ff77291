#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "checkers/specifications/calls_by_policy.hpp"
#include "checkers/specifications/history_judge.hpp"
#include "checkers/specifications/leased_holds.hpp"
#include "checkers/specifications/lock_reader.hpp"

namespace leasehold::checkers {

/// Judges a mutex with leases. The answer to an acquire or a renewal says how long the grant lasts:
/// `:lease_ns` from the grant on, or `:deadline_ns` on the clock of the history. Where neither is
/// known, the service may have recorded that it ended a grant: see docs/histories.md. Decided by
/// judge_leased_holds() where that can, else by search.
class LeasedJudge final : public HistoryJudge {
 public:
  explicit LeasedJudge(const ReadingRules& rules)
      : policy_(rules.failed_releases), reader_({true, false, false, true}) {}

  support::Expected<bool> accept(const RecordedCall& call) override;
  support::Expected<bool> accept_fact(const RecordedEvent& fact, Position at) override;
  HistoryJudgement judge(const SearchBudget& budget) override { return judge(policy_, budget); }
  std::optional<Verdict> judge_under(FailedReleases policy, const SearchBudget& budget) override;
  [[nodiscard]] std::size_t bytes() const override { return calls_.bytes() + reader_.bytes(); }
  [[nodiscard]] IllegalCore explain(std::size_t blocked, const CoreBudget& budget) const override;
  [[nodiscard]] bool proves(const std::vector<std::size_t>& order) const override;
  [[nodiscard]] std::optional<bool> refutes(const std::vector<std::size_t>& calls) const override;
  [[nodiscard]] std::optional<bool> refutes_answers(
      const std::vector<std::size_t>& calls) const override;
  [[nodiscard]] std::optional<bool> refutes_until(std::size_t call) const override;

 private:
  using Read = CallsByPolicy<LeasedMutex::Operation>::Read;

  [[nodiscard]] HistoryJudgement judge(FailedReleases policy, const SearchBudget& budget) const;

  FailedReleases policy_;
  LockReader reader_;
  CallsByPolicy<LeasedMutex::Operation> calls_;  ///< before settle_leases()
};

}  // namespace leasehold::checkers
