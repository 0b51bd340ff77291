#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "scenarios/resampling.hpp"
#include "scenarios/tally.hpp"

/// How sure a campaign is of its numbers: exact intervals for shares of runs, exact tests for
/// differences paired by seed, a bootstrap over runs for rates per acquisition.
namespace leasehold::reports {

inline constexpr double kConfidence = 0.95;

struct Interval {
  double low = 0;
  double high = 1;
};

/// So many of so many.
struct Proportion {
  std::uint64_t count = 0;
  std::uint64_t of = 0;

  /// REQUIRES: of > 0.
  [[nodiscard]] double share() const;
};

/// Two-sided interval of Clopper and Pearson (1934): it holds the true share with at least the
/// given confidence, whatever that share is. REQUIRES: count <= of, of > 0.
Interval clopper_pearson(Proportion proportion, double confidence = kConfidence);

/// The share of judged runs that violated the property.
Proportion violated_share(const scenarios::PropertyTally& tally);

/// Two-sided p-value of the sign test: as many or more uneven splits of fair coins. On the runs
/// that came out differently it is McNemar's exact test. 1 if there was nothing to split.
double sign_test(std::uint64_t plus, std::uint64_t minus);

/// One property on the same seeds under two conditions, over the runs judged under both.
struct PairedDifference {
  std::uint64_t pairs = 0;
  std::uint64_t only_first = 0;   ///< violated under the first condition alone
  std::uint64_t only_second = 0;  ///< … the second
  double difference = 0;          ///< of the shares violated: second minus first
  /// Conservative: the difference of exact intervals for the two counts, each with half the error.
  Interval interval;
  double p = 1;  ///< McNemar, exact
};

/// Empty if no run was judged under both.
std::optional<PairedDifference> compare_paired(const scenarios::CellTally& first,
                                               const scenarios::CellTally& second,
                                               checkers::Property property);

/// Which two sums of a tally make a rate.
struct Ratio {
  std::uint64_t scenarios::RateSums::* numerator;
  std::uint64_t scenarios::RateSums::* denominator;
};

/// Percentile interval over the replicates. Empty if more than 1 % of them cannot tell, because
/// their denominator is zero.
std::optional<Interval> bootstrap_interval(const scenarios::Resampling& resampling, Ratio ratio);

/// Of the works at once per acquisition. Where none was seen a bootstrap is sure of none; then
/// Clopper and Pearson's bound, as if each acquisition were a trial of its own. Empty of nothing.
std::optional<Interval> overlap_interval(const scenarios::CellTally& tally);

}  // namespace leasehold::reports
