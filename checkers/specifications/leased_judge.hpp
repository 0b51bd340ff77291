#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "checkers/explanation/explain.hpp"
#include "checkers/linearizability/history.hpp"
#include "checkers/specifications/history_judge.hpp"
#include "checkers/specifications/leased_mutex.hpp"
#include "checkers/specifications/lock_reader.hpp"

namespace leasehold::checkers {

/// Judges a mutex with leases. The answer to an acquire or a renewal says how long the grant lasts:
/// `:lease_ns` from the grant on, or `:deadline_ns` on the clock of the history. Where neither is
/// known, the service may have recorded that it ended a grant: see docs/histories.md.
class LeasedJudge final : public HistoryJudge {
 public:
  explicit LeasedJudge(const ReadingRules& rules)
      : policy_(rules.failed_releases), reader_({true, false, false, true}) {}

  support::Expected<bool> accept(const RecordedCall& call) override;
  support::Expected<bool> accept_fact(const RecordedEvent& fact, Position at) override;
  HistoryJudgement judge(const SearchBudget& budget) override;
  [[nodiscard]] IllegalCore explain(std::size_t blocked, const CoreBudget& budget) const override {
    return explain_illegal(LeasedMutex(), settled(), blocked, budget);
  }
  [[nodiscard]] bool proves(const std::vector<std::size_t>& order) const override;
  [[nodiscard]] std::optional<bool> refutes(const std::vector<std::size_t>& calls) const override;
  [[nodiscard]] std::optional<bool> refutes_until(std::size_t call) const override {
    return refutes({call});
  }

 private:
  using Calls = History<LeasedMutex::Operation>;
  /// With times that never run backwards, and a grant of its own for each acquire.
  [[nodiscard]] Calls settled() const;

  FailedReleases policy_;
  LockReader reader_;
  Calls calls_;  ///< `grant` is the owner's number still
};

}  // namespace leasehold::checkers
