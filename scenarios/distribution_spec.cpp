#include "scenarios/distribution_spec.hpp"

#include "support/assert.hpp"

namespace leasehold::scenarios {
namespace {

using sim::Distribution;
using sim::Duration;

/// Without overflow for any length of a file: at most 42 days times a millionfold is never loaded.
Duration thousandths_of(Duration yardstick, std::int64_t thousandths) {
  return yardstick / 1'000 * thousandths +
         Duration::nanoseconds(yardstick.ns() % 1'000 * thousandths / 1'000);
}

Distribution unclamped(const DistributionSpec& spec, const Yardsticks& yardsticks) {
  const Duration a = spec.a.resolve(yardsticks);
  switch (spec.kind) {
    case DistributionSpec::Kind::constant:
      return Distribution::constant(a);
    case DistributionSpec::Kind::uniform:
      return Distribution::uniform(a, spec.b.resolve(yardsticks));
    case DistributionSpec::Kind::exponential:
      return Distribution::exponential(a);
    case DistributionSpec::Kind::lognormal:
      break;
  }
  return Distribution::lognormal(a, spec.sigma_milli);
}

}  // namespace

Duration Span::resolve(const Yardsticks& yardsticks) const {
  switch (unit) {
    case Unit::nanoseconds:
      return Duration::nanoseconds(value);
    case Unit::leases:
      return thousandths_of(yardsticks.lease, value);
    case Unit::horizon:
      break;
  }
  return thousandths_of(yardsticks.horizon, value);
}

DistributionSpec DistributionSpec::constant(Span value) {
  return {.kind = Kind::constant, .a = value, .b = {}, .min = {}, .max = {}};
}

DistributionSpec DistributionSpec::uniform(Span low, Span high) {
  return {.kind = Kind::uniform, .a = low, .b = high, .min = {}, .max = {}};
}

DistributionSpec DistributionSpec::exponential(Span mean) {
  return {.kind = Kind::exponential, .a = mean, .b = {}, .min = {}, .max = {}};
}

DistributionSpec DistributionSpec::lognormal(Span median, std::uint32_t sigma_milli) {
  return {.kind = Kind::lognormal,
          .a = median,
          .b = {},
          .sigma_milli = sigma_milli,
          .min = {},
          .max = {}};
}

DistributionSpec DistributionSpec::at_least(Span low) const {
  DistributionSpec spec = *this;
  spec.min = low;
  return spec;
}

DistributionSpec DistributionSpec::at_most(Span high) const {
  DistributionSpec spec = *this;
  spec.max = high;
  return spec;
}

bool DistributionSpec::is_ordered(const Yardsticks& yardsticks) const {
  if (kind == Kind::uniform && a.resolve(yardsticks) > b.resolve(yardsticks)) return false;
  return !min || !max || min->resolve(yardsticks) <= max->resolve(yardsticks);
}

Distribution DistributionSpec::resolve(const Yardsticks& yardsticks) const {
  LH_ASSERT(is_ordered(yardsticks));
  const Distribution distribution = unclamped(*this, yardsticks);
  if (!min && !max) return distribution;
  return distribution.clamped(min ? min->resolve(yardsticks) : Duration::zero(),
                              max ? max->resolve(yardsticks) : Distribution::kLongest);
}

}  // namespace leasehold::scenarios
