#include "checkers/run_checker.hpp"

#include "support/assert.hpp"

namespace leasehold::checkers {

RunChecker::RunChecker(const RunCheckerOptions& options)
    : options_(options),
      effects_(options.effects),
      linearizable_(options.specification, options.search),
      progress_(options.progress_within_ns),
      frequency_(options.frequency ? std::optional<Frequency>(*options.frequency) : std::nullopt) {}

[[gnu::always_inline]] inline void RunChecker::arrive(Stamp at) {
  LH_ASSERT(last_ <= at);
  last_ = at;
}

void RunChecker::observe(Stamp at, const Operation& operation) {
  arrive(at);
  if (has_lock()) linearizable_.observe(at, operation);
  if (operation.kind == Operation::Kind::acquire) observe_acquire(at, operation);
}

void RunChecker::observe_acquire(Stamp at, const Operation& operation) {
  acquisition_.observe(at, operation);
  progress_.observe(at, operation);
  recovery_.observe(at, operation);
  exercise_.observe(at, operation);
}

void RunChecker::observe(Stamp at, const Grant& grant) {
  arrive(at);
  grants_.observe(at, grant);
  linearizable_.observe(at, grant);
  effects_.observe(at, grant);
}

void RunChecker::observe(Stamp at, const Belief& belief) {
  arrive(at);
  beliefs_.observe(at, belief);
  exercise_.observe(at, belief);
}

void RunChecker::observe(Stamp at, const Work& work) {
  arrive(at);
  works_.observe(at, work);
  effects_.observe(at, work);
  progress_.observe_works(at, works_.open().size());
}

void RunChecker::observe(Stamp at, const Effect& effect) {
  arrive(at);
  works_.observe(at, effect);
  effects_.observe(at, effect);
  progress_.observe_works(at, works_.open().size());
}

void RunChecker::observe(Stamp at, const EffectGone& gone) {
  arrive(at);
  works_.observe(at, gone);
  progress_.observe_works(at, works_.open().size());
}

void RunChecker::observe(Stamp at, const ClientLife& life) {
  arrive(at);
  if (life.phase == ClientLife::Phase::crashed) {
    for (const Interval& work : works_.open()) {
      if (work.client == life.client) effects_.crashed_at_work(work.attempt);
    }
  }
  beliefs_.observe(at, life);
  works_.observe(at, life);
  acquisition_.observe(at, life);
  exercise_.observe(at, life);
  progress_.observe(at, life);
  progress_.observe_works(at, works_.open().size());
}

void RunChecker::observe(Stamp at, const RunPhase& phase) {
  arrive(at);
  progress_.observe(at, phase);
  if (frequency_) frequency_->observe(at, phase);
}

void RunChecker::observe(Stamp at, const FaultRecord& fault) {
  arrive(at);
  recovery_.observe(at, fault);
  exercise_.observe(at, fault);
}

void RunChecker::observe(Stamp at, const JobRun& run) {
  arrive(at);
  if (frequency_) frequency_->observe(at, run);
}

void RunChecker::judge(Property property, Verdict verdict, bool put_to_the_test) {
  verdicts_[property] = {verdict, verdict == Verdict::holds && !put_to_the_test};
}

const RunVerdicts& RunChecker::finish(Stamp end_of_run, Outlook outlook) {
  arrive(end_of_run);
  LH_ASSERT(!finished_);
  finished_ = true;
  const ExerciseResult& exercise = exercise_.result();
  const bool met = !options_.expects_faults || exercise.fault_met;
  const bool contended = met && exercise.clients_acquired >= 2 && exercise.waited_while_held;
  const Verdict granted = grants_.finish(end_of_run).verdict;
  const EffectResult& effects = effects_.finish();

  acquisition_.finish(end_of_run);
  recovery_.finish(end_of_run);
  judge(Property::grant_exclusion, has_lock() ? granted : Verdict::not_applicable, contended);
  judge(Property::belief_exclusion, beliefs_.finish(end_of_run).verdict, contended);
  judge(Property::work_exclusion, works_.finish(end_of_run).verdict, contended);
  judge(Property::effect_safety, effects.verdict,
        contended && effects.counts.accepted_attempts >= 2);
  judge(Property::linearizable, linearizable_.finish().verdict, contended);
  judge(Property::progress, progress_.finish(end_of_run, outlook).verdict, met);
  judge(Property::frequency,
        frequency_ ? frequency_->finish(end_of_run).verdict : Verdict::not_applicable, met);
  return verdicts_;
}

void RunChecker::reset() {
  grants_.reset();
  beliefs_.reset();
  works_.reset();
  effects_.reset();
  linearizable_.reset();
  progress_.reset();
  if (frequency_) frequency_->reset();
  acquisition_.reset();
  recovery_.reset();
  exercise_.reset();
  last_ = {};
  finished_ = false;
  verdicts_ = {};
}

}  // namespace leasehold::checkers
