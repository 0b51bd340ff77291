#pragma once

#include <cstdint>
#include <vector>

#include "checkers/overlap.hpp"
#include "checkers/record/record.hpp"
#include "support/assert.hpp"

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
  void settle_one(Stamp at, AttemptId attempt);
  void end(Stamp at, std::size_t place);

  OverlapFold overlaps_{OverlapFold::Party::client};
  std::uint64_t exposures_ = 0;
};

inline void GrantExclusion::observe(Stamp at, const Grant& grant) {
  if (grant.phase == Grant::Phase::begun) overlaps_.begin(at, grant.client, grant.attempt);
  if (grant.phase == Grant::Phase::ended) overlaps_.end(at, grant.attempt);
}

inline void BeliefExclusion::observe(Stamp at, const Belief& belief) {
  if (belief.phase == Belief::Phase::begun) {
    overlaps_.begin(at, belief.client, belief.attempt);
  } else {
    overlaps_.end(at, belief.attempt);
  }
}

inline void WorkExclusion::observe(Stamp at, const Work& work) {
  if (work.phase == Work::Phase::entered) {
    const bool begun = overlaps_.begin(at, work.client, work.attempt);
    LH_ASSERT(begun);
    return;
  }
  LH_ASSERT(work.effects_outstanding <= work.effects_sent);
  if (work.effects_outstanding > 0) ++exposures_;
  const std::size_t place = overlaps_.find(work.attempt);
  LH_ASSERT(place < open().size());
  overlaps_.unsettled(place) += static_cast<std::int32_t>(work.effects_sent);
  if (overlaps_.unsettled(place) <= 0) end(at, place);
}

inline void WorkExclusion::settle_one(Stamp at, AttemptId attempt) {
  const std::size_t place = overlaps_.find(attempt);
  if (place < open().size() && --overlaps_.unsettled(place) == 0) end(at, place);
}

}  // namespace leasehold::checkers
