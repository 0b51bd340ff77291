#include "reports/interval.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <vector>

#include "support/assert.hpp"

namespace leasehold::reports {

using Binomial = boost::math::binomial_distribution<double>;

double Proportion::share() const {
  LH_ASSERT(of > 0);
  return static_cast<double>(count) / static_cast<double>(of);
}

Interval clopper_pearson(Proportion proportion, double confidence) {
  LH_ASSERT(proportion.of > 0);
  LH_ASSERT(proportion.count <= proportion.of);
  const auto trials = static_cast<double>(proportion.of);
  const auto successes = static_cast<double>(proportion.count);
  const double half_error = (1 - confidence) / 2;
  // Boost finds both ends as quantiles of beta distributions; at the edges they are 0 and 1.
  return {Binomial::find_lower_bound_on_p(trials, successes, half_error),
          Binomial::find_upper_bound_on_p(trials, successes, half_error)};
}

Proportion violated_share(const scenarios::PropertyTally& tally) {
  return {tally.violated_seeds.count(), tally.judged_runs()};
}

double sign_test(std::uint64_t plus, std::uint64_t minus) {
  const std::uint64_t all = plus + minus;
  if (all == 0) return 1;
  const Binomial fair(static_cast<double>(all), 0.5);
  return std::min(1.0, 2 * boost::math::cdf(fair, static_cast<double>(std::min(plus, minus))));
}

std::optional<PairedDifference> compare_paired(const scenarios::CellTally& first,
                                               const scenarios::CellTally& second,
                                               checkers::Property property) {
  const scenarios::SeedRanges judged =
      common(first.judged_seeds(property), second.judged_seeds(property));
  if (judged.empty()) return std::nullopt;
  const scenarios::SeedRanges in_first = common(judged, first.property(property).violated_seeds);
  const scenarios::SeedRanges in_second = common(judged, second.property(property).violated_seeds);

  PairedDifference result;
  result.pairs = judged.count();
  result.only_first = without(in_first, in_second).count();
  result.only_second = without(in_second, in_first).count();
  const Proportion first_only{result.only_first, result.pairs};
  const Proportion second_only{result.only_second, result.pairs};
  result.difference = second_only.share() - first_only.share();
  constexpr double kEach = (1 + kConfidence) / 2;
  const Interval low_and_high_first = clopper_pearson(first_only, kEach);
  const Interval low_and_high_second = clopper_pearson(second_only, kEach);
  result.interval = {low_and_high_second.low - low_and_high_first.high,
                     low_and_high_second.high - low_and_high_first.low};
  result.p = sign_test(result.only_first, result.only_second);
  return result;
}

std::optional<Interval> bootstrap_interval(const scenarios::Resampling& resampling, Ratio ratio) {
  const auto replicates = resampling.replicates();
  std::vector<double> rates;
  for (const scenarios::RateSums& sums : replicates) {
    if (sums.*ratio.denominator == 0) continue;
    rates.push_back(static_cast<double>(sums.*ratio.numerator) /
                    static_cast<double>(sums.*ratio.denominator));
  }
  if (rates.empty() || (replicates.size() - rates.size()) * 100 > replicates.size()) {
    return std::nullopt;
  }
  std::sort(rates.begin(), rates.end());
  const auto cut =
      static_cast<std::size_t>((1 - kConfidence) / 2 * static_cast<double>(rates.size()));
  return Interval{rates[cut], rates[rates.size() - 1 - cut]};
}

std::optional<Interval> overlap_interval(const scenarios::CellTally& tally) {
  using scenarios::RateSums;
  const RateSums& sums = tally.rate_sums();
  if (sums.work_overlaps == 0 && sums.acquired > 0) return clopper_pearson({0, sums.acquired});
  return bootstrap_interval(tally.resampling(), {&RateSums::work_overlaps, &RateSums::acquired});
}

}  // namespace leasehold::reports
