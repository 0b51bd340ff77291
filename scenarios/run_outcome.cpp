#include "scenarios/run_outcome.hpp"

#include <algorithm>
#include <numeric>
#include <type_traits>

#include "scenarios/run.hpp"

namespace leasehold::scenarios {
namespace {

using checkers::Property;

template <class Item>
void merge_by_index(std::vector<Item>& into, const std::vector<Item>& from) {
  if (into.size() < from.size()) into.resize(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    if constexpr (std::is_integral_v<Item>) {
      into[i] += from[i];
    } else {
      into[i].merge(from[i]);
    }
  }
}

std::uint64_t longest_ns(const checkers::Histogram& histogram) {
  return static_cast<std::uint64_t>(histogram.max_ns().value_or(0));
}

std::uint64_t wrong_effects(const checkers::EffectCounts& counts) {
  return counts.stale + counts.lost + counts.duplicate;
}

std::uint64_t wrong_gaps(const checkers::FrequencyCounts& counts) {
  return counts.early + counts.late + counts.missed;
}

void read_progress(const checkers::ProgressResult& progress, Totals& totals) {
  using Starvation = checkers::ProgressResult::Starvation;
  totals.stuck_runs = progress.starvation == Starvation::stuck ? 1 : 0;
  totals.slow_runs = progress.starvation == Starvation::slow ? 1 : 0;
  totals.undetermined_runs = progress.starvation == Starvation::undetermined ? 1 : 0;
}

void read_exercise(const checkers::ExerciseResult& exercise, Totals& totals) {
  totals.faults = exercise.faults;
  totals.runs_with_two_clients = exercise.clients_acquired >= 2 ? 1 : 0;
  totals.runs_with_waiter = exercise.waited_while_held ? 1 : 0;
  totals.runs_that_met_a_fault = exercise.fault_met ? 1 : 0;
}

void read_acquisition(const checkers::AcquisitionResult& acquisition, Totals& totals) {
  totals.attempts = acquisition.attempts;
  totals.acquire_latency_ns = acquisition.latency_ns;
  totals.acquisition_gap_ns = acquisition.gap_ns;
  totals.fairness = acquisition.fairness;
  totals.longest_wait_ns = PerRun::of(acquisition.fairness.longest_wait_ns);
  const std::optional<std::int64_t> longest_gap = acquisition.gap_ns.max_ns();
  totals.longest_gap_ns = longest_gap ? PerRun::of(*longest_gap) : PerRun{};
}

void read_frequency(const checkers::FrequencyResult& frequency, RunOutcome& into) {
  into.severity[static_cast<std::size_t>(Property::frequency)] = wrong_gaps(frequency.counts);
  into.totals.frequency = frequency.counts;
  into.totals.job_gap_ns = frequency.gap_ns;
  into.totals.jobs_by_client = frequency.by_client;
  into.totals.jobs_of_busiest =
      frequency.by_client.empty() ? 0 : *std::ranges::max_element(frequency.by_client);
}

}  // namespace

void RunCost::merge(const RunCost& other) {
  messages += other.messages;
  fsyncs += other.fsyncs;
  connections += other.connections;
}

void PerRun::merge(const PerRun& other) {
  if (other.runs == 0) return;
  least_ns = runs == 0 ? other.least_ns : std::min(least_ns, other.least_ns);
  greatest_ns = runs == 0 ? other.greatest_ns : std::max(greatest_ns, other.greatest_ns);
  runs += other.runs;
}

void Totals::merge(const Totals& other) {
  simulated_ns += other.simulated_ns;
  cost.merge(other.cost);
  belief_overlap_ns.merge(other.belief_overlap_ns);
  work_overlap_ns.merge(other.work_overlap_ns);
  effects.merge(other.effects);
  exposures += other.exposures;
  attempts.merge(other.attempts);
  acquire_latency_ns.merge(other.acquire_latency_ns);
  acquisition_gap_ns.merge(other.acquisition_gap_ns);
  longest_wait_ns.merge(other.longest_wait_ns);
  longest_gap_ns.merge(other.longest_gap_ns);
  fairness.merge(other.fairness);
  stuck_runs += other.stuck_runs;
  slow_runs += other.slow_runs;
  undetermined_runs += other.undetermined_runs;
  frequency.merge(other.frequency);
  job_gap_ns.merge(other.job_gap_ns);
  merge_by_index(jobs_by_client, other.jobs_by_client);
  jobs_of_busiest += other.jobs_of_busiest;
  merge_by_index(faults, other.faults);
  merge_by_index(recovery_ns, other.recovery_ns);
  runs_with_two_clients += other.runs_with_two_clients;
  runs_with_waiter += other.runs_with_waiter;
  runs_that_met_a_fault += other.runs_that_met_a_fault;
}

std::uint64_t Totals::jobs() const {
  return std::accumulate(jobs_by_client.begin(), jobs_by_client.end(), std::uint64_t{0});
}

void read_outcome(const RunResult& result, RunOutcome& into) {
  const checkers::RunChecker& checker = *result.checker;
  into.seed = result.seed;
  into.digest = result.digest;
  into.events = result.events;
  into.verdicts = checker.verdicts();
  into.severity = {longest_ns(checker.grant_exclusion().overlap_ns),
                   longest_ns(checker.belief_exclusion().overlap_ns),
                   longest_ns(checker.work_exclusion().overlap_ns),
                   wrong_effects(checker.effects().counts),
                   0,
                   static_cast<std::uint64_t>(checker.progress().longest_ns),
                   0};
  into.totals.simulated_ns = static_cast<std::uint64_t>(result.simulated_ns);
  into.totals.cost = result.cost;
  into.totals.belief_overlap_ns = checker.belief_exclusion().overlap_ns;
  into.totals.work_overlap_ns = checker.work_exclusion().overlap_ns;
  into.totals.effects = checker.effects().counts;
  into.totals.exposures = checker.exposures();
  read_acquisition(checker.acquisition(), into.totals);
  read_progress(checker.progress(), into.totals);
  into.totals.recovery_ns = checker.recovery();
  read_exercise(checker.exercise(), into.totals);
  if (checker.frequency() != nullptr) read_frequency(*checker.frequency(), into);
}

}  // namespace leasehold::scenarios
