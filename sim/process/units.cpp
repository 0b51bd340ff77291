#include "sim/process/units.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "support/diagnostic.hpp"

namespace leasehold::sim {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t ns;
};

constexpr std::array<Unit, 6> kUnits{{{"h", 3'600'000'000'000},
                                      {"min", 60'000'000'000},
                                      {"s", 1'000'000'000},
                                      {"ms", 1'000'000},
                                      {"us", 1'000},
                                      {"ns", 1}}};

constexpr std::string_view kUnitNames = "ns, us, ms, s, min or h";

/// A decimal number, split into its digits.
struct Decimal {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
  std::string_view rest;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view take_digits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto count = static_cast<std::size_t>(end - text.begin());
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

std::optional<Decimal> split_decimal(std::string_view text) {
  Decimal decimal;
  if (text.starts_with('-')) {
    decimal.negative = true;
    text.remove_prefix(1);
  }
  decimal.whole = take_digits(text);
  if (decimal.whole.empty()) return std::nullopt;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    decimal.fraction = take_digits(text);
    if (decimal.fraction.empty()) return std::nullopt;
  }
  decimal.rest = text;
  return decimal;
}

/// What became of a decimal times a scale: exact, too large, or not a whole number.
enum class Scaling { exact, too_large, too_fine };

Scaling scale(const Decimal& decimal, std::int64_t unit, std::int64_t largest, std::int64_t& out) {
  std::int64_t value = 0;
  for (const char digit : decimal.whole) {
    value = value * 10 + (digit - '0');
    if (value > largest / unit) return Scaling::too_large;
  }
  value *= unit;
  std::int64_t place = unit;
  for (const char digit : decimal.fraction) {
    if (digit != '0' && place % 10 != 0) return Scaling::too_fine;
    place /= 10;
    value += (digit - '0') * place;
  }
  if (value > largest) return Scaling::too_large;
  out = decimal.negative ? -value : value;
  return Scaling::exact;
}

}  // namespace

support::Expected<Duration, std::string> parse_duration(std::string_view text) {
  const std::string shown = support::quoted(std::string(text));
  const std::optional<Decimal> decimal = split_decimal(text);
  if (!decimal) return shown + " is not a number with a unit";
  if (decimal->rest.empty()) {
    return shown + " has no unit: write " + std::string(kUnitNames) + " after the number";
  }
  const auto* unit = std::find_if(kUnits.begin(), kUnits.end(),
                                  [&](const Unit& u) { return u.name == decimal->rest; });
  if (unit == kUnits.end()) {
    return shown + " has no known unit: write " + std::string(kUnitNames) + " after the number";
  }
  std::int64_t ns = 0;
  switch (scale(*decimal, unit->ns, kLongestDuration.ns(), ns)) {
    case Scaling::exact:
      return Duration::nanoseconds(ns);
    case Scaling::too_large:
      return shown + " is longer than " + format_duration(kLongestDuration);
    case Scaling::too_fine:
      break;
  }
  return shown + " is not a whole number of nanoseconds";
}

std::string format_duration(Duration duration) {
  if (duration == Duration::zero()) return "0s";
  const auto* unit = std::find_if(kUnits.begin(), kUnits.end(),
                                  [&](const Unit& u) { return duration.ns() % u.ns == 0; });
  return std::to_string(duration.ns() / unit->ns) + std::string(unit->name);
}

support::Expected<std::int64_t, std::string> parse_thousandths(std::string_view number) {
  constexpr std::int64_t kLargest = 1'000'000'000;
  const std::optional<Decimal> decimal = split_decimal(number);
  if (!decimal || !decimal->rest.empty()) return std::string("not a plain decimal number");
  std::int64_t thousandths = 0;
  switch (scale(*decimal, 1'000, kLargest, thousandths)) {
    case Scaling::exact:
      return thousandths;
    case Scaling::too_large:
      return std::string("greater than 1000000");
    case Scaling::too_fine:
      break;
  }
  return std::string("more than three decimals");
}

}  // namespace leasehold::sim
