#include "checkers/frequency.hpp"

#include <algorithm>

#include "support/assert.hpp"

namespace leasehold::checkers {

void FrequencyCounts::merge(const FrequencyCounts& other) {
  within_tolerance += other.within_tolerance;
  early += other.early;
  late += other.late;
  missed += other.missed;
}

Frequency::Frequency(FrequencyRule rule)
    : rule_(rule), tolerance_ns_(rule.period_ns * rule.tolerance_percent / 100) {
  LH_ASSERT(rule.period_ns > 0);
}

void Frequency::observe(Stamp at, const JobRun& run) {
  if (started_) {
    const std::int64_t gap_ns = at.at_ns - last_start_ns_;
    result_.gap_ns.record(gap_ns);
    count(gap_ns);
  }
  started_ = true;
  last_start_ns_ = at.at_ns;
  if (run.client >= result_.by_client.size()) result_.by_client.resize(run.client + std::size_t{1});
  ++result_.by_client[run.client];
}

void Frequency::observe(Stamp at, const RunPhase& phase) {
  if (phase.phase == RunPhase::Phase::started) last_start_ns_ = at.at_ns;
}

void Frequency::count(std::int64_t gap_ns) {
  FrequencyCounts& counts = result_.counts;
  if (gap_ns < rule_.period_ns - tolerance_ns_) {
    ++counts.early;
  } else if (gap_ns > rule_.period_ns + tolerance_ns_) {
    ++counts.late;
  } else {
    ++counts.within_tolerance;
  }
  const std::int64_t periods = (2 * gap_ns + rule_.period_ns) / (2 * rule_.period_ns);
  counts.missed += static_cast<std::uint64_t>(std::max<std::int64_t>(0, periods - 1));
}

const FrequencyResult& Frequency::finish(Stamp end_of_run) {
  const std::int64_t tail_ns = end_of_run.at_ns - last_start_ns_;
  if (tail_ns > rule_.period_ns + tolerance_ns_) count(tail_ns);
  const std::uint64_t gaps = result_.counts.gaps();
  if (gaps > 0) {
    const bool enough = 100 * result_.counts.within_tolerance >= rule_.min_within_percent * gaps;
    result_.verdict = enough ? Verdict::holds : Verdict::violated;
  }
  return result_;
}

void Frequency::reset() {
  started_ = false;
  last_start_ns_ = 0;
  result_.verdict = Verdict::unknown;
  result_.counts = {};
  result_.gap_ns.clear();
  result_.by_client.assign(result_.by_client.size(), 0);
}

}  // namespace leasehold::checkers
