#pragma once

#include <rapidcheck.h>

#include <set>
#include <vector>

#include "scenarios/tally.hpp"

/// Random outcomes of runs.
namespace leasehold::scenarios::test {

inline std::uint64_t small() { return *rc::gen::inRange<std::uint64_t>(0, 5); }

inline checkers::Histogram histogram() {
  checkers::Histogram histogram;
  for (std::uint64_t i = small(); i > 0; --i) {
    histogram.record(*rc::gen::inRange<std::int64_t>(0, 20'000'000'000));
  }
  return histogram;
}

inline checkers::CensoredHistogram censored() { return {histogram(), histogram()}; }

inline PerRun per_run() {
  const auto least = static_cast<std::int64_t>(small());
  return {1, least, least + static_cast<std::int64_t>(small())};
}

inline Totals totals() {
  Totals totals;
  totals.simulated_ns = small();
  totals.cost = {small(), small(), small()};
  totals.belief_overlap_ns = histogram();
  totals.work_overlap_ns = histogram();
  totals.effects = {small(), small(), small(), small(), small(), small(), small()};
  totals.exposures = small();
  totals.attempts = {small(), small(), small(), small(), small()};
  totals.acquire_latency_ns = censored();
  totals.acquisition_gap_ns = histogram();
  totals.fairness = {small(), small(), static_cast<std::int64_t>(small())};
  totals.longest_wait_ns = per_run();
  totals.longest_gap_ns = small() == 0 ? PerRun{} : per_run();
  totals.stuck_runs = small();
  totals.slow_runs = small();
  totals.undetermined_runs = small();
  totals.frequency = {small(), small(), small(), small()};
  totals.job_gap_ns = histogram();
  for (std::uint64_t i = small(); i > 0; --i) totals.jobs_by_client.push_back(small());
  totals.jobs_of_busiest = small();
  for (std::uint64_t i = small(); i > 0; --i) {
    totals.faults.push_back({small(), small(), small(), small()});
  }
  for (std::uint64_t i = small(); i > 0; --i) totals.recovery_ns.push_back(censored());
  totals.runs_with_two_clients = small();
  totals.runs_with_waiter = small();
  totals.runs_that_met_a_fault = small();
  return totals;
}

inline RunOutcome outcome(std::uint64_t seed) {
  RunOutcome outcome;
  outcome.seed = seed;
  outcome.digest = *rc::gen::arbitrary<std::uint64_t>();
  for (std::size_t i = 0; i < checkers::kPropertyCount; ++i) {
    const auto verdict = static_cast<checkers::Verdict>(*rc::gen::inRange(0, 4));
    const bool vacuous = verdict == checkers::Verdict::holds && small() == 0;
    outcome.verdicts[static_cast<checkers::Property>(i)] = {verdict, vacuous};
    outcome.severity[i] = small();
  }
  outcome.totals = totals();
  return outcome;
}

/// Of distinct seeds, in any order.
inline std::vector<RunOutcome> outcomes() {
  const auto seeds =
      *rc::gen::unique<std::vector<std::uint64_t>>(rc::gen::inRange<std::uint64_t>(0, 30));
  std::vector<RunOutcome> all;
  for (const std::uint64_t seed : seeds) all.push_back(outcome(seed));
  return all;
}

inline CellTally tally_of(const std::vector<RunOutcome>& outcomes) {
  CellTally tally;
  for (const RunOutcome& each : outcomes) tally.add(each);
  return tally;
}

/// Every number of a tally but the histograms, in a row.
inline std::vector<std::uint64_t> numbers(const CellTally& tally) {
  const Totals& t = tally.totals();
  std::vector<std::uint64_t> all = {tally.digest(),
                                    t.simulated_ns,
                                    t.cost.messages,
                                    t.cost.fsyncs,
                                    t.cost.round_trips,
                                    t.cost.connections,
                                    t.cost.looks,
                                    t.effects.accepted,
                                    t.effects.stale,
                                    t.effects.lost,
                                    t.effects.duplicate,
                                    t.effects.fenced,
                                    t.effects.would_be_fenced,
                                    t.effects.accepted_attempts,
                                    t.exposures,
                                    t.attempts.made,
                                    t.attempts.acquired,
                                    t.attempts.refused,
                                    t.attempts.timed_out,
                                    t.attempts.unfinished,
                                    t.fairness.jain_numerator,
                                    t.fairness.jain_denominator,
                                    static_cast<std::uint64_t>(t.fairness.longest_wait_ns),
                                    t.longest_wait_ns.runs,
                                    static_cast<std::uint64_t>(t.longest_wait_ns.least_ns),
                                    static_cast<std::uint64_t>(t.longest_wait_ns.greatest_ns),
                                    t.longest_gap_ns.runs,
                                    static_cast<std::uint64_t>(t.longest_gap_ns.least_ns),
                                    static_cast<std::uint64_t>(t.longest_gap_ns.greatest_ns),
                                    t.stuck_runs,
                                    t.slow_runs,
                                    t.undetermined_runs,
                                    t.frequency.within_tolerance,
                                    t.frequency.early,
                                    t.frequency.late,
                                    t.frequency.missed,
                                    t.jobs_of_busiest,
                                    t.runs_with_two_clients,
                                    t.runs_with_waiter,
                                    t.runs_that_met_a_fault};
  all.insert(all.end(), t.jobs_by_client.begin(), t.jobs_by_client.end());
  for (const checkers::FaultCounts& fault : t.faults) {
    all.insert(all.end(), {fault.scheduled, fault.bound, fault.in_effect, fault.met});
  }
  return all;
}

inline std::vector<checkers::Histogram> histograms(const CellTally& tally) {
  const Totals& t = tally.totals();
  std::vector<checkers::Histogram> all = {
      t.belief_overlap_ns,           t.work_overlap_ns,    t.acquire_latency_ns.served,
      t.acquire_latency_ns.unserved, t.acquisition_gap_ns, t.job_gap_ns};
  for (const checkers::CensoredHistogram& each : t.recovery_ns) {
    all.push_back(each.served);
    all.push_back(each.unserved);
  }
  return all;
}

inline bool same(const CellTally& a, const CellTally& b) {
  for (std::size_t i = 0; i < checkers::kPropertyCount; ++i) {
    const auto property = static_cast<checkers::Property>(i);
    if (!(a.property(property) == b.property(property))) return false;
  }
  return a.seeds() == b.seeds() && numbers(a) == numbers(b) && histograms(a) == histograms(b) &&
         a.rate_sums() == b.rate_sums() && a.resampling() == b.resampling();
}

}  // namespace leasehold::scenarios::test
