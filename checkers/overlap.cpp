#include "checkers/overlap.hpp"

#include <algorithm>

namespace leasehold::checkers {

void OverlapFold::end_all_of(Stamp at, ClientId client) {
  for (std::size_t i = open_.size(); i-- > 0;) {
    if (open_[i].client == client) close(i, at);
  }
}

void OverlapFold::look_for_first() {
  const Interval& beginning = open_.back();
  const auto other = std::ranges::find_if(
      open_, [&](const Interval& earlier) { return harms(earlier, beginning); });
  if (other == open_.end() || &*other == &beginning) return;
  result_.first = Overlap{*other, beginning, beginning.begun, false};
  first_is_open_ = true;
}

void OverlapFold::end_first(AttemptId closing, Stamp at, bool run_out) {
  Overlap& first = *result_.first;
  if (first.earlier.attempt != closing && first.later.attempt != closing) return;
  first.ended = at;
  first.run_out = run_out;
  first_is_open_ = false;
}

const ExclusionResult& OverlapFold::finish(Stamp end_of_run) {
  while (!open_.empty()) close(open_.size() - 1, end_of_run, true);
  result_.pairs = result_.overlap_ns.count();
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
