#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "checkers/acquisition.hpp"
#include "checkers/effect_safety.hpp"
#include "checkers/exercise.hpp"
#include "checkers/frequency.hpp"
#include "checkers/histogram.hpp"
#include "checkers/property.hpp"

namespace leasehold::scenarios {

/// What runs cost the system under test.
struct RunCost {
  std::uint64_t messages = 0;  ///< datagrams and data segments, those with the resource not counted
  std::uint64_t fsyncs = 0;
  std::uint64_t connections = 0;

  void merge(const RunCost& other);
};

/// A quantity that every run has one value of, over the runs.
struct PerRun {
  std::uint64_t runs = 0;  ///< that have a value
  std::int64_t least_ns = 0;
  std::int64_t greatest_ns = 0;

  static PerRun of(std::int64_t value_ns) { return {1, value_ns, value_ns}; }
  void merge(const PerRun& other);
  friend bool operator==(const PerRun&, const PerRun&) = default;
};

/// Everything of a run that simply adds up over the runs of a cell. Integers only.
struct Totals {
  std::uint64_t simulated_ns = 0;
  RunCost cost;

  checkers::Histogram belief_overlap_ns;  ///< of every pair of clients that believed at once
  checkers::Histogram work_overlap_ns;    ///< of every pair of clients that worked at once
  checkers::EffectCounts effects;
  std::uint64_t exposures = 0;  ///< works that were left with an effect unanswered

  checkers::AttemptCounts attempts;
  checkers::CensoredHistogram acquire_latency_ns;
  checkers::Histogram acquisition_gap_ns;
  PerRun longest_wait_ns;  ///< of one attempt, served or not
  PerRun longest_gap_ns;   ///< between two acquisitions
  checkers::Fairness fairness;
  std::uint64_t stuck_runs = 0;
  std::uint64_t slow_runs = 0;
  std::uint64_t undetermined_runs = 0;  ///< starved, but whether for ever is not known

  checkers::FrequencyCounts frequency;
  checkers::Histogram job_gap_ns;             ///< between the starts of accepted runs of the job
  std::vector<std::uint64_t> jobs_by_client;  ///< accepted runs of each
  std::uint64_t jobs_of_busiest = 0;          ///< accepted, of who had most of them in its run

  std::vector<checkers::FaultCounts> faults;             ///< by FaultKind
  std::vector<checkers::CensoredHistogram> recovery_ns;  ///< by FaultKind: to the next acquisition
  std::uint64_t runs_with_two_clients = 0;               ///< two clients acquired
  std::uint64_t runs_with_waiter = 0;                    ///< one waited while another held
  std::uint64_t runs_that_met_a_fault = 0;               ///< while the lock was held or wanted

  void merge(const Totals& other);
  /// Accepted runs of the job, by whomever.
  [[nodiscard]] std::uint64_t jobs() const;
};

/// All that a tally takes from one run. Reuse it: then it allocates nothing after a few runs.
struct RunOutcome {
  std::uint64_t seed = 0;
  std::uint64_t digest = 0;  ///< of the trace
  std::uint64_t events = 0;
  checkers::RunVerdicts verdicts;
  /// How bad a violation is, to tell a cell's worst run: the longest overlap or starvation in ns,
  /// or how many effects or gaps were wrong.
  std::array<std::uint64_t, checkers::kPropertyCount> severity{};
  Totals totals;
};

struct RunResult;

/// Copies what the run's checker found. REQUIRES: the result is the latest one of its Runner.
void read_outcome(const RunResult& result, RunOutcome& into);

}  // namespace leasehold::scenarios
