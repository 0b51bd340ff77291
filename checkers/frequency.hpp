#pragma once

#include <cstdint>
#include <vector>

#include "checkers/histogram.hpp"
#include "checkers/record/record.hpp"
#include "checkers/record/verdict.hpp"

namespace leasehold::checkers {

struct FrequencyRule {
  std::int64_t period_ns = 0;
  std::int64_t tolerance_percent = 10;    ///< of the period, either way
  std::uint64_t min_within_percent = 95;  ///< of the gaps
};

struct FrequencyCounts {
  std::uint64_t within_tolerance = 0;  ///< gaps, as are early and late
  std::uint64_t early = 0;
  std::uint64_t late = 0;
  std::uint64_t missed = 0;  ///< runs: Σ max(0, round(gap / period) - 1), a half rounded up

  void merge(const FrequencyCounts& other);
  [[nodiscard]] std::uint64_t gaps() const { return within_tolerance + early + late; }
};

struct FrequencyResult {
  Verdict verdict = Verdict::unknown;
  FrequencyCounts counts;
  Histogram gap_ns;                      ///< between the starts of accepted runs
  std::vector<std::uint64_t> by_client;  ///< accepted runs of each
};

/// Whether the period job ran about every period. A gap is the true time between the starts of two
/// successive accepted runs. The time from the last one (or from the start of observation) to the
/// end of the run is no gap; but once it is longer than a gap may be, the next run is certainly
/// late, and it is counted as late, with what was missed up to then. REQUIRES: period_ns > 0.
class Frequency {
 public:
  explicit Frequency(FrequencyRule rule);

  void observe(Stamp at, const JobRun& run);
  void observe(Stamp at, const RunPhase& phase);

  /// Unknown if there was no gap to judge. The result is valid until reset().
  const FrequencyResult& finish(Stamp end_of_run);
  [[nodiscard]] const FrequencyResult& result() const { return result_; }
  void reset();

 private:
  void count(std::int64_t gap_ns);

  FrequencyRule rule_;
  std::int64_t tolerance_ns_;
  bool started_ = false;  ///< a job has run
  std::int64_t last_start_ns_ = 0;
  FrequencyResult result_;
};

}  // namespace leasehold::checkers
