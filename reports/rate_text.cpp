#include "reports/rate_text.hpp"

#include <algorithm>

#include "reports/number.hpp"

namespace leasehold::reports {
namespace {

/// The decimals at which an interval of that width is 5 to 50 units of the last one wide: more
/// would only seem exact, and at fewer the point between its ends could round to 0 or 100.
int decimals_for(double width) {
  const Decimal rounded(width);
  return std::max(0, rounded.leading_digit() >= 5 ? -rounded.magnitude() : 1 - rounded.magnitude());
}

Rounding opposite(Rounding rounding) {
  if (rounding == Rounding::nearest) return rounding;
  return rounding == Rounding::up ? Rounding::down : Rounding::up;
}

/// A share and what it lacks to 1, in per cent. Close to 100 it is the rest that has the digits.
std::string percent(double share, double rest, int decimals, Rounding rounding) {
  if (share <= 0.5) return Decimal(100 * share).fixed(decimals, rounding);
  const std::int64_t hundred = Decimal(100).scaled(decimals, Rounding::nearest);
  return fixed_point(hundred - Decimal(100 * rest).scaled(decimals, opposite(rounding)), decimals);
}

/// The ends of an interval. Where something was seen, and something was not, neither is told as 0
/// or 100.
std::string low_end(const Interval& exact, int decimals) {
  const Decimal low(100 * exact.low);
  if (low.scaled(decimals, Rounding::down) == 0) return low.significant(1, Rounding::down);
  return percent(exact.low, 1 - exact.low, decimals, Rounding::down);
}

std::string high_end(const Interval& exact, int decimals) {
  const Decimal rest(100 * (1 - exact.high));
  if (rest.scaled(decimals, Rounding::down) == 0) decimals = -rest.magnitude();
  return percent(exact.high, 1 - exact.high, decimals, Rounding::up);
}

std::string at_most(double high) {
  return "≤ " + Decimal(100 * high).significant(2, Rounding::up) + " %";
}

/// Down to the first digit in which it differs from 100.
std::string at_least(double low) {
  const int decimals = std::max(0, -Decimal(100 * (1 - low)).magnitude());
  return "≥ " + percent(low, 1 - low, decimals, Rounding::down) + " %";
}

}  // namespace

std::string RateText::line() const {
  return interval.empty() ? point : point + " (" + interval + ")";
}

RateText rate_text(Proportion proportion) {
  if (proportion.of == 0) return {"–", ""};
  const Interval exact = clopper_pearson(proportion);
  if (proportion.count == 0) return {at_most(exact.high), ""};
  if (proportion.count == proportion.of) return {at_least(exact.low), ""};
  const int decimals = decimals_for(100 * (exact.high - exact.low));
  const double rest = Proportion{proportion.of - proportion.count, proportion.of}.share();
  return {percent(proportion.share(), rest, decimals, Rounding::nearest) + " %",
          low_end(exact, decimals) + "–" + high_end(exact, decimals)};
}

}  // namespace leasehold::reports
