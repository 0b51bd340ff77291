#pragma once

#include <cstdint>
#include <optional>

#include "sim/process/distribution.hpp"
#include "sim/process/time.hpp"

/// Lengths and distributions as a scenario file states them. They keep the unit of the file, so
/// that a change of the lease (`--set scenario.lease=30s`) moves what was said in leases.
namespace leasehold::scenarios {

/// What a length may be measured by besides nanoseconds: the scenario's own two lengths.
struct Yardsticks {
  sim::Duration lease;
  sim::Duration horizon;
};

/// A length of time, absolute or in thousandths of the lease or of the horizon.
/// JSON: `"250ms"`, `{"leases": 0.2}`, `{"horizon": 0.5}`.
struct Span {
  enum class Unit : std::uint8_t { nanoseconds, leases, horizon };

  Unit unit = Unit::nanoseconds;
  std::int64_t value = 0;  ///< nanoseconds, or thousandths of the yardstick

  static constexpr Span of(sim::Duration duration) { return {Unit::nanoseconds, duration.ns()}; }
  static constexpr Span leases(std::int64_t thousandths) { return {Unit::leases, thousandths}; }
  static constexpr Span horizon(std::int64_t thousandths) { return {Unit::horizon, thousandths}; }

  /// The length in true nanoseconds, rounded towards zero by less than 1 ns.
  sim::Duration resolve(const Yardsticks& yardsticks) const;

  friend bool operator==(const Span&, const Span&) = default;
};

/// A distribution of lengths. JSON: a Span stands for a constant; else one of
/// `{"uniform": [LOW, HIGH]}`, `{"exponential": MEAN}`, `{"lognormal": {"median": M, "sigma": S}}`,
/// each of these with optional `"min"` and `"max"`; `{"leases": [LOW, HIGH]}` is uniform in leases.
struct DistributionSpec {
  enum class Kind : std::uint8_t { constant, uniform, exponential, lognormal };

  Kind kind = Kind::constant;
  Span a;                         ///< the constant, the low end, the mean or the median
  Span b;                         ///< uniform: the high end
  std::uint32_t sigma_milli = 0;  ///< lognormal: thousandths
  std::optional<Span> min;        ///< samples below are raised to it
  std::optional<Span> max;        ///< samples above are lowered to it

  static DistributionSpec constant(Span value);
  static DistributionSpec uniform(Span low, Span high);
  static DistributionSpec exponential(Span mean);
  static DistributionSpec lognormal(Span median, std::uint32_t sigma_milli);
  DistributionSpec at_least(Span low) const;
  DistributionSpec at_most(Span high) const;

  /// The one conversion to what the world draws from.
  /// REQUIRES: is_ordered(yardsticks), which the loader has checked.
  sim::Distribution resolve(const Yardsticks& yardsticks) const;

  /// Whether low <= high and min <= max once measured.
  bool is_ordered(const Yardsticks& yardsticks) const;

  friend bool operator==(const DistributionSpec&, const DistributionSpec&) = default;
};

/// Whole numbers from `low` to `high`, both included, equally likely. JSON: `N` or `[LOW, HIGH]`.
struct IntegerRange {
  std::int64_t low = 0;
  std::int64_t high = 0;

  friend bool operator==(const IntegerRange&, const IntegerRange&) = default;
};

}  // namespace leasehold::scenarios
