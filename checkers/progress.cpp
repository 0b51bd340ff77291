#include "checkers/progress.hpp"

#include <algorithm>

namespace leasehold::checkers {

void Progress::observe(Stamp at, const ClientLife& life) {
  if (life.phase == ClientLife::Phase::started) return;
  advance(at);
  wait(life.client, false);
}

void Progress::observe(Stamp at, const RunPhase& phase) {
  if (phase.phase != RunPhase::Phase::healed) return;
  advance(at);
  healed_ = true;
  healed_at_ns_ = at.at_ns;
  wanted_ = waiting_ > 0;
}

void Progress::starve_until(std::int64_t at_ns) {
  if (starved_ns_ == 0) starving_since_ns_ = now_ns_;
  starved_ns_ += at_ns - now_ns_;
  if (starved_ns_ > within_ns_ && result_.verdict != Verdict::violated) {
    result_.verdict = Verdict::violated;
    result_.since_ns = starving_since_ns_;
  }
  result_.longest_ns = std::max(result_.longest_ns, starved_ns_);
}

const ProgressResult& Progress::finish(Stamp end_of_run, Outlook outlook) {
  using Starvation = ProgressResult::Starvation;
  advance(end_of_run);
  result_.outlook = outlook;
  const bool unserved = starving() && starved_ns_ > within_ns_;
  if (starving() && outlook.kind == Outlook::Kind::stuck) {
    if (result_.verdict != Verdict::violated) result_.since_ns = starving_since_ns_;
    result_.verdict = Verdict::violated;
    result_.starvation = Starvation::stuck;
  } else if (result_.verdict == Verdict::violated) {
    const bool told = !unserved || outlook.kind == Outlook::Kind::slow;
    result_.starvation = told ? Starvation::slow : Starvation::undetermined;
  } else {
    const bool long_enough = healed_ && end_of_run.at_ns - healed_at_ns_ >= within_ns_;
    result_.verdict = wanted_ && long_enough ? Verdict::holds : Verdict::unknown;
  }
  return result_;
}

void Progress::reset() { *this = Progress(within_ns_); }

}  // namespace leasehold::checkers
