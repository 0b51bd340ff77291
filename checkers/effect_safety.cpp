#include "checkers/effect_safety.hpp"

namespace leasehold::checkers {

void EffectCounts::merge(const EffectCounts& other) {
  accepted += other.accepted;
  stale += other.stale;
  lost += other.lost;
  duplicate += other.duplicate;
  fenced += other.fenced;
  would_be_fenced += other.would_be_fenced;
  accepted_attempts += other.accepted_attempts;
}

void EffectSafety::observe(Stamp, const Grant& grant) {
  if (grant.phase == Grant::Phase::renewed) return;
  Attempt& attempt = attempts_[grant.attempt];
  const bool begins = grant.phase == Grant::Phase::begun;
  if (begins && !attempt.granted) attempt.order = ++grants_;
  attempt.granted = begins;
}

void EffectSafety::observe(Stamp at, const Effect& effect) {
  EffectCounts& counts = result_.counts;
  if (effect.outcome == Effect::Outcome::fenced) {
    ++counts.fenced;
    return;
  }
  Attempt& attempt = ordered(effect.attempt);
  const Accepted accepted{at, effect.attempt, effect.client};
  ++counts.accepted;
  if (!attempt.accepted) ++counts.accepted_attempts;
  attempt.accepted = true;
  if (effect.would_be_fenced) ++counts.would_be_fenced;

  if (effect.kind == Effect::Kind::notice) return check_notice(at, effect);
  if (rules_.stale && attempt.order < latest_order_) {
    ++counts.stale;
    note(EffectViolation::Rule::stale, at, effect, latest_);
  }
  if (attempt.order >= latest_order_) {
    latest_order_ = attempt.order;
    latest_ = accepted;
  }
  if (effect.kind == Effect::Kind::read) return;

  Written& last = rules_.rows && effect.job != 0 ? jobs_[effect.job].row : whole_;
  if (rules_.lost && effect.based_on < last.version) {
    ++counts.lost;
    note(EffectViolation::Rule::lost, at, effect, last.by);
  }
  last = {effect.version, accepted};
  if (rules_.duplicate && effect.job != 0) check_job(at, effect);
}

void EffectSafety::check_job(Stamp at, const Effect& effect) {
  Job& job = jobs_[effect.job];
  const bool again = job.by.attempt != 0 && job.by.attempt != effect.attempt;
  const Attempt* before = again ? attempts_.find(job.by.attempt) : nullptr;
  if (before != nullptr && !before->crashed_at_work) {
    if (!job.duplicate) ++result_.counts.duplicate;
    job.duplicate = true;
    note(EffectViolation::Rule::duplicate, at, effect, job.by);
  }
  job.by = {at, effect.attempt, effect.client};
}

void EffectSafety::check_notice(Stamp at, const Effect& effect) {
  if (!rules_.rows || effect.job == 0) return;
  const Accepted& writer = jobs_[effect.job].row.by;
  if (writer.attempt == effect.attempt) return;
  ++result_.counts.stale;
  note(EffectViolation::Rule::stale, at, effect, writer);
}

void EffectSafety::note(EffectViolation::Rule rule, Stamp at, const Effect& effect,
                        const Accepted& earlier) {
  if (result_.first) return;
  result_.first = EffectViolation{rule, at, effect, earlier.at, earlier.attempt, earlier.client};
}

void EffectSafety::crashed_at_work(AttemptId attempt) { ordered(attempt).crashed_at_work = true; }

const EffectResult& EffectSafety::finish() {
  const EffectCounts& counts = result_.counts;
  const bool harmed = counts.stale + counts.lost + counts.duplicate > 0;
  result_.verdict = harmed ? Verdict::violated : Verdict::holds;
  return result_;
}

void EffectSafety::reset() {
  attempts_.clear();
  jobs_.clear();
  grants_ = 0;
  latest_order_ = 0;
  latest_ = {};
  whole_ = {};
  result_ = {};
}

}  // namespace leasehold::checkers
