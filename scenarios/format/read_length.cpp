#include <algorithm>
#include <array>

#include "scenarios/format/read_value.hpp"
#include "sim/process/units.hpp"

/// Durations, lengths and distributions.
namespace leasehold::scenarios::format {
namespace {

using sim::Duration;
using support::quoted;
using Kind = LocatedValue::Kind;

constexpr std::string_view kLengthForms =
    R"(a duration such as "250ms", "10s" or "2min", or {"leases": 0.5} or {"horizon": 0.5})";

std::optional<std::int64_t> read_thousandths(const Site& site, std::int64_t most) {
  if (site.value.kind != Kind::number) {
    wrong_type(site, "a number with at most three decimals");
    return std::nullopt;
  }
  const auto thousandths = sim::parse_thousandths(site.value.text);
  std::string reason;
  if (!thousandths) {
    reason = thousandths.error();
  } else if (*thousandths < 0) {
    reason = "negative";
  } else if (*thousandths > most) {
    reason = "greater than " + std::to_string(most / 1'000);
  } else {
    return *thousandths;
  }
  site.fail(shown(site.value) + " is " + reason,
            "a number from 0 to " + std::to_string(most / 1'000) + " with at most three decimals");
  return std::nullopt;
}

struct Yardstick {
  std::string_view key;
  Span::Unit unit;
  std::int64_t most;  // thousandths
};

constexpr std::array<Yardstick, 2> kYardsticks{
    {{"leases", Span::Unit::leases, 1'000'000}, {"horizon", Span::Unit::horizon, 1'000}}};

const Yardstick* yardstick_named(std::string_view key) {
  const auto* found = std::find_if(kYardsticks.begin(), kYardsticks.end(),
                                   [&](const Yardstick& y) { return y.key == key; });
  return found == kYardsticks.end() ? nullptr : found;
}

bool read_duration(const Site& site, Duration& out, std::string_view forms) {
  if (site.value.kind == Kind::number) {
    site.fail(
        site.value.text.size() <= 30 ? site.value.text + " has no unit" : "a number without a unit",
        std::string(forms));
    return false;
  }
  if (site.value.kind != Kind::string) return wrong_type(site, std::string(forms));
  const auto duration = sim::parse_duration(site.value.text);
  if (!duration) {
    site.fail(duration.error(), std::string(forms));
    return false;
  }
  out = *duration;
  return true;
}

bool read_pair(const Site& site, Span& low, Span& high, const LengthRule& rule) {
  if (site.value.kind != Kind::array || site.value.items.size() != 2) {
    return wrong_type(site, "a pair [LOW, HIGH]");
  }
  return read(site.child(0), low, rule) && read(site.child(1), high, rule);
}

bool read_yardstick_pair(const Site& site, const Yardstick& yardstick, DistributionSpec& out) {
  if (site.value.items.size() != 2) return wrong_type(site, "a number or a pair [LOW, HIGH]");
  const auto low = read_thousandths(site.child(0), yardstick.most);
  const auto high = read_thousandths(site.child(1), yardstick.most);
  if (!low || !high) return false;
  out = DistributionSpec::uniform({yardstick.unit, *low}, {yardstick.unit, *high});
  return true;
}

bool read_lognormal(const Site& site, DistributionSpec& out) {
  constexpr std::array<std::string_view, 2> kKeys{"median", "sigma"};
  const LocatedValue* median = nullptr;
  const LocatedValue* sigma = nullptr;
  if (site.value.kind == Kind::object) {
    median = site.value.find("median");
    sigma = site.value.find("sigma");
  }
  if (median == nullptr || sigma == nullptr) {
    return wrong_type(site, R"({"median": LENGTH, "sigma": NUMBER})");
  }
  refuse_unknown_keys(site, kKeys, "of lognormal");
  Span length;
  const bool good = read(site.child(*median, "median"), length, LengthRule{});
  const auto milli =
      read_thousandths(site.child(*sigma, "sigma"), sim::Distribution::kLargestSigmaMilli);
  if (!good || !milli) return false;
  out = DistributionSpec::lognormal(length, static_cast<std::uint32_t>(*milli));
  return true;
}

/// The value under the key that names the form.
bool read_form(const Site& site, std::string_view form, DistributionSpec& out) {
  if (form == "lognormal") return read_lognormal(site, out);
  if (form == "exponential") {
    out = DistributionSpec::exponential({});
    return read(site, out.a, LengthRule{});
  }
  if (form == "uniform") {
    out = DistributionSpec::uniform({}, {});
    return read_pair(site, out.a, out.b, LengthRule{});
  }
  const Yardstick& yardstick = *yardstick_named(form);
  if (site.value.kind == Kind::array) return read_yardstick_pair(site, yardstick, out);
  const auto thousandths = read_thousandths(site, yardstick.most);
  out = DistributionSpec::constant({yardstick.unit, thousandths.value_or(0)});
  return thousandths.has_value();
}

bool read_bound(const Site& site, std::string_view key, std::optional<Span>& out) {
  const LocatedValue* bound = site.value.find(key);
  if (bound == nullptr) return true;
  Span length;
  if (!read(site.child(*bound, key), length, LengthRule{})) return false;
  out = length;
  return true;
}

bool read_distribution_object(const Site& site, DistributionSpec& out) {
  static constexpr std::array<std::string_view, 7> kKeys{
      "uniform", "exponential", "lognormal", "leases", "horizon", "min", "max"};
  constexpr std::span<const std::string_view> kForms = std::span(kKeys).first(5);
  const std::size_t before = site.problems.count();
  refuse_unknown_keys(site, kKeys, "of a distribution");
  std::string_view form;
  for (const std::string_view candidate : kForms) {
    if (site.value.find(candidate) == nullptr) continue;
    if (!form.empty()) {
      site.fail("both " + quoted(std::string(form)) + " and " + quoted(std::string(candidate)),
                "one of " + listed(kForms));
      return false;
    }
    form = candidate;
  }
  if (form.empty()) {
    if (site.problems.count() == before) {
      site.fail("names no distribution", "one of " + listed(kForms));
    }
    return false;
  }
  if (!read_form(site.child(*site.value.find(form), form), form, out) ||
      !read_bound(site, "min", out.min) || !read_bound(site, "max", out.max)) {
    return false;
  }
  if (out.kind == DistributionSpec::Kind::constant && (out.min || out.max)) {
    site.fail("a constant takes no \"min\" and no \"max\"");
  }
  return site.problems.count() == before;
}

template <class T>
bool read_optional(const Site& site, std::optional<T>& out) {
  if (site.value.kind == Kind::string && site.value.text == "never") {
    out.reset();
    return true;
  }
  T value;
  if (!read(site, value, LengthRule{})) return false;
  out = value;
  return true;
}

}  // namespace

bool read(const Site& site, Duration& out, const DurationRule& rule) {
  Duration duration;
  if (!read_duration(site, duration, R"(a duration such as "250ms", "10s" or "2min")")) {
    return false;
  }
  if (duration < rule.low || duration > rule.high) {
    const bool negative = duration < Duration::zero();
    site.fail(shown(site.value) + (negative ? " is negative" : " is out of range"),
              "a duration from " + sim::format_duration(rule.low) + " to " +
                  sim::format_duration(rule.high));
    return false;
  }
  out = duration;
  return true;
}

bool read(const Site& site, Span& out, const LengthRule&) {
  if (site.value.kind == Kind::object && site.value.members.size() == 1) {
    const LocatedMember& member = site.value.members.front();
    if (const Yardstick* yardstick = yardstick_named(member.key)) {
      const auto thousandths =
          read_thousandths(site.child(member.value, member.key), yardstick->most);
      if (thousandths) out = {yardstick->unit, *thousandths};
      return thousandths.has_value();
    }
  }
  Duration duration;
  if (!read_duration(site, duration, kLengthForms)) return false;
  if (duration < Duration::zero()) {
    site.fail(shown(site.value) + " is negative", "a length of zero or more");
    return false;
  }
  out = Span::of(duration);
  return true;
}

bool read(const Site& site, DistributionSpec& out, const LengthRule& rule) {
  DistributionSpec spec;
  const bool good = site.value.kind == Kind::object ? read_distribution_object(site, spec)
                                                    : read(site, spec.a, rule);
  if (good) out = spec;
  return good;
}

bool read(const Site& site, std::optional<Span>& out, NeverRule) {
  return read_optional(site, out);
}

bool read(const Site& site, std::optional<DistributionSpec>& out, NeverRule) {
  return read_optional(site, out);
}

}  // namespace leasehold::scenarios::format
