#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "checkers/linearizability/history.hpp"
#include "checkers/linearizability/lock_specification.hpp"
#include "checkers/record/verdict.hpp"

namespace leasehold::checkers {

struct HoldsResult {
  /// `unknown`: the history is not of the kind that definite holds decide.
  Verdict verdict = Verdict::unknown;
  /// violated: indices of the calls that contradict one another. Two holds that overlap or whose
  /// tokens are out of order are at most four calls; for more permits there is a hold too many. A
  /// refused try comes first.
  /// unknown: those that would, if any, had no answer been lost.
  std::vector<std::size_t> contradiction;
  std::size_t bytes = 0;  ///< held for it
};

/// Decides a history of a lock with owners, in O(n log n), and in O(n) if each hold follows the one
/// before, which one pass tells that keeps nothing but what each owner does. The
/// *definite hold* of an owner lasts from the response of its acquire to the invocation of its
/// release, or to where the service ended it: in every legal order it holds the lock then. So two
/// that overlap are a contradiction; and if none do, placing every acquire at its response and
/// every release at its invocation is legal.
///
/// That is exact where an owner does nothing more once the answer to its acquire or release was
/// lost. Where one goes on, its old call may still land: a hold during which a lost release may do
/// so is not definite. If treating it as one contradicts nothing, the history is legal all the
/// same; otherwise the verdict is unknown, unless definite holds alone contradict one another. It
/// is unknown too if an owner has two calls open at once, or its hold is ended while it acquires
/// again.
class DefiniteHolds {
 public:
  /// REQUIRES: one of reentrancy > 1, fenced, permits > 1 at most.
  explicit DefiniteHolds(OwnerRules rules, std::uint32_t permits = 1);

  HoldsResult judge(const LockHistory& history);

 private:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  using CallIndex = std::uint32_t;
  /// From the response of an acquire to the invocation of a release.
  struct Hold {
    Position from = 0;
    Position to = kNever;
    CallIndex acquired_by = kNone;
    CallIndex ended_by = kNone;  ///< a release or an `ended` event; kNone: nothing ended it
  };
  /// Acquired and not yet released.
  struct Open {
    CallIndex acquired_by = kNone;
    std::uint32_t below = kNone;  ///< what the same owner acquired before
  };
  struct Owner {
    Position responded = 0;      ///< of its latest call
    Position ended = 0;          ///< where the service ended its hold, latest
    std::uint32_t open = kNone;  ///< what it acquired last
    std::uint32_t depth = 0;     ///< if every release takes effect at once
    bool lost_acquire = false;
    bool lost_release = false;
    bool spare_release = false;  ///< one that was lost when there was nothing to release
  };

  [[nodiscard]] const LockCall& call(CallIndex index) const { return (*history_)[index]; }
  /// Where it must have ended in every legal order.
  [[nodiscard]] Position latest_end(const Hold& hold) const;

  void clear();
  bool hold_after_hold();
  void read_calls();
  // False: the verdict is known.
  bool read(CallIndex index);
  bool acquire(Owner& owner, CallIndex index);
  bool release(Owner& owner, CallIndex index);
  void push(Owner& owner, CallIndex acquired_by);
  CallIndex pop(Owner& owner);
  void end_holds(Owner& owner, CallIndex ended_by);
  void leave_open(Owner& owner);
  void add(const Owner& owner, CallIndex acquired_by, CallIndex ended_by);
  void follow(const Owner& owner, const Hold& hold);

  void compare_holds();
  bool compare(std::vector<Hold>& holds, bool certain);
  bool compare_neighbours(const std::vector<Hold>& holds, bool certain);
  bool count_permits(const std::vector<Hold>& holds, bool certain);
  void try_refusals();
  [[nodiscard]] std::vector<std::size_t> unexplained(CallIndex refusal) const;
  bool unknown();
  bool contradict(std::vector<std::size_t> calls, bool certain);
  bool conclude(std::vector<std::size_t> calls, bool certain);
  [[nodiscard]] std::size_t bytes() const;

  OwnerRules rules_;
  std::uint32_t permits_;
  const LockHistory* history_ = nullptr;  ///< while it is judged
  bool keeps_ = false;                    ///< the holds, for them to be compared once all are known
  // Else: the latest one, and whether each so far has followed the one before.
  bool in_turn_ = true;
  Position latest_to_ = 0;
  Token latest_token_ = 0;

  std::vector<Owner> owners_;  ///< by number
  std::vector<Open> open_;     ///< of all owners
  std::uint32_t free_open_ = kNone;
  std::vector<Hold> definite_;
  std::vector<Hold> others_;         ///< that a spare release may have ended earlier
  std::vector<CallIndex> refusals_;  ///< refused acquires
  Position first_ghost_ = kNever;    ///< the earliest invocation of an indeterminate acquire
  /// What contradicts one another unless a lost call landed late.
  std::optional<std::vector<std::size_t>> doubt_;
  HoldsResult result_;
};

}  // namespace leasehold::checkers
