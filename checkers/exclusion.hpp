#pragma once

#include <cstdint>
#include <vector>

#include "checkers/overlap.hpp"
#include "checkers/record/record.hpp"

namespace leasehold::checkers {

/// The service's view: whom it granted the lock. Two attempts of one client count as two.
class GrantExclusion {
 public:
  void observe(Stamp at, const Grant& grant);
  const ExclusionResult& finish(Stamp end_of_run) { return overlaps_.finish(end_of_run); }
  [[nodiscard]] const ExclusionResult& result() const { return overlaps_.result(); }
  void reset() { overlaps_.reset(); }

 private:
  OverlapFold overlaps_{OverlapFold::Party::attempt};
};

/// The clients' view: who thinks that it holds the lock. A crash ends a belief.
class BeliefExclusion {
 public:
  void observe(Stamp at, const Belief& belief);
  void observe(Stamp at, const ClientLife& life);
  const ExclusionResult& finish(Stamp end_of_run) { return overlaps_.finish(end_of_run); }
  [[nodiscard]] const ExclusionResult& result() const { return overlaps_.result(); }
  void reset() { overlaps_.reset(); }

 private:
  OverlapFold overlaps_{OverlapFold::Party::client};
};

/// The protected resource's view: whose work is in progress. Work lasts from entering the
/// critical section to leaving it, and, if effects are still on their way then (an exposure), until
/// the resource has processed the last of them or it can no longer arrive. A crash ends it.
class WorkExclusion {
 public:
  void observe(Stamp at, const Work& work);
  void observe(Stamp at, const Effect& effect) { settle_one(at, effect.attempt); }
  void observe(Stamp at, const EffectGone& gone) { settle_one(at, gone.attempt); }
  void observe(Stamp at, const ClientLife& life);

  /// The works in progress, exposed ones included.
  [[nodiscard]] const std::vector<Interval>& open() const { return overlaps_.open(); }
  /// Critical sections left with effects unanswered.
  [[nodiscard]] std::uint64_t exposures() const { return exposures_; }

  const ExclusionResult& finish(Stamp end_of_run) { return overlaps_.finish(end_of_run); }
  [[nodiscard]] const ExclusionResult& result() const { return overlaps_.result(); }
  void reset();

 private:
  /// How many effects of a work in progress have been sent and settled.
  struct Effects {
    ClientId client = 0;
    AttemptId attempt = 0;
    bool left = false;
    std::uint32_t sent = 0;  ///< known once the client has left
    std::uint32_t settled = 0;
  };
  Effects* find(AttemptId attempt);
  void settle_one(Stamp at, AttemptId attempt);
  void end_if_settled(Stamp at, Effects& effects);

  OverlapFold overlaps_{OverlapFold::Party::client};
  std::vector<Effects> effects_;  ///< one per work in progress
  std::uint64_t exposures_ = 0;
};

}  // namespace leasehold::checkers
