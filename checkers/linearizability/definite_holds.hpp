#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "checkers/linearizability/history.hpp"
#include "checkers/linearizability/lock_specification.hpp"
#include "checkers/record/verdict.hpp"

namespace leasehold::checkers {

struct HoldsResult {
  /// `unknown`: the history is not of the kind that definite holds decide.
  Verdict verdict = Verdict::unknown;
  /// violated: indices of the calls that contradict one another. Two holds that overlap or whose
  /// tokens are out of order are at most four calls; for more permits there is a hold too many.
  std::vector<std::size_t> contradiction;
};

/// Decides a history of a lock with owners exactly, in O(n log n). The *definite hold* of an owner
/// lasts from the response of its acquire to the invocation of its release, or to where the service
/// ended it: in every legal order it holds the lock then. So two that overlap are a contradiction;
/// and if none do, placing every acquire at its response and every release at its invocation is
/// legal. The verdict is unknown if an owner has two calls open at once or goes on after an
/// indeterminate acquire or release (its old call may still land), or if its hold is ended while it
/// acquires again.
class DefiniteHolds {
 public:
  /// REQUIRES: one of reentrancy > 1, fenced, permits > 1 at most.
  explicit DefiniteHolds(OwnerRules rules, std::uint32_t permits = 1);

  HoldsResult judge(const LockHistory& history);

 private:
  struct Hold {
    Position from = 0;
    Position to = kNever;
    Position latest_end = kNever;  ///< where it must have ended in every legal order
    std::size_t acquired_by = 0;   ///< a call
    std::size_t ended_by = 0;      ///< a release or an `ended` event, if `to` is not kNever
  };
  /// The owner whose calls are being read.
  struct Owner {
    std::uint64_t id = 0;
    std::vector<Hold> open;  ///< acquired and not yet released
    Position responded = 0;  ///< of its latest call
    Position ended = 0;      ///< by the service, latest
    bool vanished = false;   ///< an acquire or release was indeterminate
  };

  void read_owners(const LockHistory& history);
  bool read(std::size_t index, const LockCall& call);
  bool acquire(std::size_t index, const LockCall& call);
  bool release(std::size_t index, const LockCall& call);
  void end_holds(std::size_t index, Position at);
  void leave_open();

  void compare_neighbours(const LockHistory& history);
  void count_permits();
  void try_refusals(const LockHistory& history);
  bool unknown();
  bool contradict(std::vector<std::size_t> calls);
  static void add(const Hold& hold, std::vector<std::size_t>& calls);

  OwnerRules rules_;
  std::uint32_t permits_;
  Owner owner_;
  std::vector<Hold> holds_;
  std::vector<std::size_t> refusals_;  ///< refused acquires
  Position first_ghost_ = kNever;      ///< the earliest invocation of an indeterminate acquire
  HoldsResult result_;
};

}  // namespace leasehold::checkers
