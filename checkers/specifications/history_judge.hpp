#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "checkers/explanation/core.hpp"
#include "checkers/formats/recorded_call.hpp"
#include "checkers/linearizability/search.hpp"
#include "checkers/record/verdict.hpp"
#include "checkers/specifications/reading.hpp"
#include "support/expected.hpp"

namespace leasehold::checkers {

/// Why calls contradict one another.
enum class Contradiction : std::uint8_t {
  holds,    ///< they make holds that overlap, or whatever else their words tell
  leases,   ///< leases last too long
  renewal,  ///< of what was not held: the last call
  refusal   ///< of a lock that nobody can have held: the first call
};

/// What a specification says of a history. Calls are numbered in the order in which they were
/// accepted.
struct HistoryJudgement {
  Verdict verdict = Verdict::unknown;
  std::string_view procedure;  ///< by which it was decided
  /// holds: the calls in a legal order, if one was built; those that never took effect are missing.
  std::vector<std::size_t> order;
  /// violated: calls that contradict one another whatever the others did; may be empty.
  std::vector<std::size_t> contradiction;
  Contradiction by = Contradiction::holds;
  /// violated, without a contradiction: a call by whose answer no order explains the answers.
  /// unknown: the farthest that was reached.
  std::optional<std::size_t> blocked;
  std::uint64_t steps = 0;  ///< of a search
  std::size_t bytes = 0;    ///< that it held
};

/// One history under one specification: hand it every call, then ask.
class HistoryJudge {
 public:
  virtual ~HistoryJudge() = default;

  /// False: the call says nothing to the specification, and has no number.
  virtual support::Expected<bool> accept(const RecordedCall& call) = 0;
  /// The same of something that no client did; it takes effect where it stands.
  virtual support::Expected<bool> accept_fact(const RecordedEvent& fact, Position at) {
    static_cast<void>(fact);
    static_cast<void>(at);
    return false;
  }

  virtual HistoryJudgement judge(const SearchBudget& budget) = 0;
  /// Adds a legal order to a verdict that was reached without one.
  virtual void complete(HistoryJudgement& judgement, const SearchBudget& budget) const {
    static_cast<void>(judgement);
    static_cast<void>(budget);
  }
  /// The verdict under another policy; nothing if no call would be read otherwise.
  virtual std::optional<Verdict> judge_under(FailedReleases policy, const SearchBudget& budget) {
    static_cast<void>(policy);
    static_cast<void>(budget);
    return std::nullopt;
  }

  /// What it keeps of the calls.
  [[nodiscard]] virtual std::size_t bytes() const = 0;

  /// Why the history is illegal, where a search from the beginning can tell. REQUIRES: judge()
  /// found it so, and that it was blocked.
  [[nodiscard]] virtual IllegalCore explain(std::size_t blocked,
                                            const CoreBudget& budget) const = 0;

  /// Whether the order proves that the history is legal; knows nothing of how it was found.
  [[nodiscard]] virtual bool proves(const std::vector<std::size_t>& order) const = 0;
  // What follows tries every order, and gives nothing if there are too many.
  /// Whether those calls contradict one another.
  [[nodiscard]] virtual std::optional<bool> refutes(
      const std::vector<std::size_t>& calls) const = 0;
  /// Whether no legal order explains the answers to those calls, whatever became of all others.
  [[nodiscard]] virtual std::optional<bool> refutes_answers(
      const std::vector<std::size_t>& calls) const = 0;
  /// Whether none explains the answers up to the one to this call.
  [[nodiscard]] virtual std::optional<bool> refutes_until(std::size_t call) const = 0;
};

}  // namespace leasehold::checkers
