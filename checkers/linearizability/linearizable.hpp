#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "checkers/attempt_table.hpp"
#include "checkers/linearizability/history.hpp"
#include "checkers/linearizability/lock_specification.hpp"
#include "checkers/linearizability/search.hpp"
#include "checkers/linearizability/server_order.hpp"
#include "checkers/record/record.hpp"
#include "checkers/record/verdict.hpp"

namespace leasehold::checkers {

/// One of the calls that cannot all have taken effect.
struct ContradictingCall {
  LockOperation::Kind kind{};
  ClientId client = 0;
  AttemptId attempt = 0;
  Stamp invoked;
  std::optional<Stamp> responded;  ///< or, of an `ended` event, the same
};

struct LinearizableResult {
  Verdict verdict = Verdict::unknown;
  /// Where the order of the grants failed to explain the history; none: it is the proof.
  std::optional<OrderBreak> order_break;
  /// violated: the smallest set found; empty if only a search could tell.
  std::vector<ContradictingCall> contradiction;
  std::uint64_t search_steps = 0;
};

/// Whether what the clients were told is what a lock of this kind could have told them. Each
/// attempt is an owner of its own. The recorded grants are tried as the proof first. If they fail,
/// the kept history is judged by definite holds (or earliest deadlines, without owners), and only
/// if these do not apply by search, within the budget. An attempt that was never told to hold the
/// lock is left out of the history: its hold, if there was one, constrains nobody's answers. Cost:
/// a table lookup and 40 bytes per Operation and Grant.
class Linearizable {
 public:
  explicit Linearizable(LockSpecification specification, SearchBudget budget = {})
      : specification_(specification), budget_(budget), order_(specification) {}

  void observe(Stamp at, const Operation& operation);
  void observe(Stamp at, const Grant& grant);

  /// The result is valid until reset().
  const LinearizableResult& finish();
  [[nodiscard]] const LinearizableResult& result() const { return result_; }
  void reset();

  /// The history that finish() judges when the grants are no proof, one call per ContradictingCall.
  [[nodiscard]] LockHistory history() const;

 private:
  /// A phase of an Operation, or the beginning or the end of a grant.
  struct Event {
    enum class What : std::uint8_t { acquire, renew, release, granted, ended };
    Stamp at;
    AttemptId attempt = 0;
    ClientId client = 0;
    What what{};
    Operation::Phase phase{};
    Grant::End end{};
  };
  /// What an attempt's events add up to while the history is put together.
  struct Attempt;
  // Leaves room beside an event: see settle().
  static Position position(std::size_t event) { return static_cast<Position>(4 * event + 2); }
  [[nodiscard]] const Event& event_at(Position position) const { return events_[position / 4]; }

  void judge_history();
  void settle(LockHistory& calls, const std::vector<Attempt>& attempts) const;
  [[nodiscard]] ContradictingCall explain(const LockCall& call) const;

  LockSpecification specification_;
  SearchBudget budget_;
  ServerOrder order_;
  std::vector<Event> events_;
  LinearizableResult result_;
};

}  // namespace leasehold::checkers
