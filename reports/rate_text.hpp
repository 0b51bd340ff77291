#pragma once

#include <string>

#include "reports/interval.hpp"

namespace leasehold::reports {

/// A share with its exact 95 % interval, never `0 %` or `100 %`: what was never seen in 1,000 runs
/// is `≤ 0.37 %`, what was seen in all of them `≥ 99.6 %`. Bounds are rounded outwards, and more
/// runs show more digits.
struct RateText {
  std::string point;     ///< `3.1 %`, `≤ 0.37 %`; `–` of nothing
  std::string interval;  ///< `2.1–4.4`; empty where the point is a bound itself

  /// `3.1 % (2.1–4.4)`
  [[nodiscard]] std::string line() const;
};

RateText rate_text(Proportion proportion);

}  // namespace leasehold::reports
