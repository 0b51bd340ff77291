#include "checkers/overlap.hpp"

#include "support/assert.hpp"

namespace leasehold::checkers {

bool OverlapFold::may_overlap(const Interval& a, const Interval& b) const {
  return party_ == Party::client && a.client == b.client;
}

void OverlapFold::begin(Stamp at, ClientId client, AttemptId attempt) {
  const Interval beginning{client, attempt, at};
  for (const Interval& other : open_) {
    if (other.attempt == attempt) return;
  }
  for (const Interval& other : open_) {
    if (may_overlap(other, beginning)) continue;
    ++result_.pairs;
    if (!result_.first) {
      result_.first = Overlap{other, beginning, at, false};
      first_is_open_ = true;
    }
  }
  open_.push_back(beginning);
}

void OverlapFold::end(Stamp at, AttemptId attempt) {
  for (std::size_t i = 0; i < open_.size(); ++i) {
    if (open_[i].attempt == attempt) return close(i, at, false);
  }
}

void OverlapFold::end_all_of(Stamp at, ClientId client) {
  for (std::size_t i = open_.size(); i-- > 0;) {
    if (open_[i].client == client) close(i, at, false);
  }
}

void OverlapFold::close(std::size_t index, Stamp at, bool run_out) {
  const Interval closing = open_[index];
  open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(index));
  for (std::size_t i = 0; i < open_.size(); ++i) {
    if (may_overlap(open_[i], closing)) continue;
    // Each pair is counted once, here, when the first of the two ends.
    const Interval& later = i < index ? closing : open_[i];
    LH_ASSERT(later.begun <= at);
    result_.overlap_ns.record(at.at_ns - later.begun.at_ns);
  }
  if (!first_is_open_) return;
  Overlap& first = *result_.first;
  if (first.earlier.attempt == closing.attempt || first.later.attempt == closing.attempt) {
    first.ended = at;
    first.run_out = run_out;
    first_is_open_ = false;
  }
}

const ExclusionResult& OverlapFold::finish(Stamp end_of_run) {
  while (!open_.empty()) close(open_.size() - 1, end_of_run, true);
  LH_ASSERT(result_.overlap_ns.count() == result_.pairs);
  result_.verdict = result_.pairs > 0 ? Verdict::violated : Verdict::holds;
  return result_;
}

void OverlapFold::reset() {
  open_.clear();
  first_is_open_ = false;
  result_.verdict = Verdict::unknown;
  result_.pairs = 0;
  result_.first.reset();
  result_.overlap_ns.clear();
}

}  // namespace leasehold::checkers
