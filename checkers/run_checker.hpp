#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "checkers/acquisition.hpp"
#include "checkers/effect_safety.hpp"
#include "checkers/exclusion.hpp"
#include "checkers/exercise.hpp"
#include "checkers/frequency.hpp"
#include "checkers/linearizability/linearizable.hpp"
#include "checkers/progress.hpp"
#include "checkers/property.hpp"
#include "checkers/record/record.hpp"
#include "checkers/recovery.hpp"

namespace leasehold::checkers {

/// What the scenario and the algorithm say about a run before it starts.
struct RunCheckerOptions {
  /// What the algorithm promises. With `none` nobody grants anything: grant_exclusion and
  /// linearizable do not apply.
  LockSpecification specification = LockSpecification::none;
  /// Only for histories that the recorded grants do not explain.
  SearchBudget search;
  /// Whether the scenario plans faults at all: if so, a run that met none is vacuous.
  bool expects_faults = false;
  EffectRules effects;
  std::int64_t progress_within_ns = 0;
  /// The period job's rule; without one `frequency` does not apply.
  std::optional<FrequencyRule> frequency;
};

/// All checkers of one run behind one door: hand it every record in the order of the stamps, ask
/// for the verdicts once at the end. It may be reset and used for the next run; then it allocates
/// nothing unless that run is larger than any before. A record costs some ns.
class RunChecker {
 public:
  explicit RunChecker(const RunCheckerOptions& options);

  void observe(Stamp at, const Operation& operation);
  void observe(Stamp at, const Grant& grant);
  void observe(Stamp at, const Belief& belief);
  void observe(Stamp at, const Work& work);
  void observe(Stamp at, const Effect& effect);
  void observe(Stamp at, const EffectGone& gone);
  void observe(Stamp at, const ClientLife& life);
  void observe(Stamp at, const RunPhase& phase);
  void observe(Stamp at, const FaultRecord& fault);
  void observe(Stamp at, const JobRun& run);

  /// Whether the lock starves a client now: then finish() wants to be told the outlook.
  [[nodiscard]] bool starving() const { return progress_.starving(); }

  /// Judges the run. REQUIRES: once per run. The evidence below is complete from then to reset().
  const RunVerdicts& finish(Stamp end_of_run, Outlook outlook = {});
  void reset();

  [[nodiscard]] const RunVerdicts& verdicts() const { return verdicts_; }
  [[nodiscard]] const ExclusionResult& grant_exclusion() const { return grants_.result(); }
  [[nodiscard]] const ExclusionResult& belief_exclusion() const { return beliefs_.result(); }
  [[nodiscard]] const ExclusionResult& work_exclusion() const { return works_.result(); }
  [[nodiscard]] std::uint64_t exposures() const { return works_.exposures(); }
  [[nodiscard]] const EffectResult& effects() const { return effects_.result(); }
  [[nodiscard]] const LinearizableResult& linearizable() const { return linearizable_.result(); }
  [[nodiscard]] const ProgressResult& progress() const { return progress_.result(); }
  /// Null if the scenario has no period job.
  [[nodiscard]] const FrequencyResult* frequency() const {
    return frequency_ ? &frequency_->result() : nullptr;
  }
  [[nodiscard]] const AcquisitionResult& acquisition() const { return acquisition_.result(); }
  /// By FaultRecord::kind.
  [[nodiscard]] const std::vector<CensoredHistogram>& recovery() const {
    return recovery_.result();
  }
  [[nodiscard]] const ExerciseResult& exercise() const { return exercise_.result(); }

 private:
  [[nodiscard]] bool has_lock() const { return options_.specification != LockSpecification::none; }
  void arrive(Stamp at);
  void observe_acquire(Stamp at, const Operation& operation);
  void judge(Property property, Verdict verdict, bool put_to_the_test);

  RunCheckerOptions options_;
  GrantExclusion grants_;
  BeliefExclusion beliefs_;
  WorkExclusion works_;
  EffectSafety effects_;
  Linearizable linearizable_;
  Progress progress_;
  std::optional<Frequency> frequency_;
  Acquisition acquisition_;
  Recovery recovery_;
  Exercise exercise_;
  Stamp last_;
  bool finished_ = false;
  RunVerdicts verdicts_;
};

}  // namespace leasehold::checkers
