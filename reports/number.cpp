#include "reports/number.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

#include "support/assert.hpp"

namespace leasehold::reports {
namespace {

constexpr int kDigits = 6;

std::int64_t power_of_ten(int exponent) {
  std::int64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

/// digits / 10^shift. The shift may be larger than any number has digits.
std::int64_t shift_right(std::int64_t digits, int shift, Rounding rounding) {
  if (shift > kDigits + 1) return rounding == Rounding::up && digits > 0 ? 1 : 0;
  const std::int64_t divisor = power_of_ten(shift);
  switch (rounding) {
    case Rounding::nearest:
      return (digits + divisor / 2) / divisor;
    case Rounding::up:
      return (digits + divisor - 1) / divisor;
    case Rounding::down:
      break;
  }
  return digits / divisor;
}

struct Unit {
  double ns;
  std::int64_t below_ns;  ///< used for what is shorter
  std::string_view name;
};

/// Each up to where three digits would have to be four.
constexpr std::array<Unit, 6> kUnits = {{{1, 1'000, "ns"},
                                         {1e3, 999'500, "µs"},
                                         {1e6, 999'500'000, "ms"},
                                         {1e9, 600'000'000'000, "s"},
                                         {60e9, 36'000'000'000'000, "min"},
                                         {3'600e9, INT64_MAX, "h"}}};

const Unit& unit_of(std::int64_t duration_ns) {
  for (const Unit& unit : kUnits) {
    if (duration_ns < unit.below_ns) return unit;
  }
  return kUnits.back();
}

void drop_trailing_zeros(std::string& number) {
  if (number.find('.') == std::string::npos) return;
  while (number.back() == '0') number.pop_back();
  if (number.back() == '.') number.pop_back();
}

}  // namespace

Decimal::Decimal(double value) : value_(six_digits(value)), digits_(0), magnitude_(0) {
  LH_ASSERT(value >= 0);
  if (value_ == 0) return;
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value_,
                                 std::chars_format::scientific, kDigits - 1);
  LH_ASSERT(end.ec == std::errc());
  // d.ddddde±xx
  for (const char c : std::string_view(text.data(), kDigits + 1)) {
    if (c != '.') digits_ = digits_ * 10 + (c - '0');
  }
  const char* exponent = text.data() + kDigits + 2;
  if (*exponent == '+') ++exponent;
  std::from_chars(exponent, end.ptr, magnitude_);
}

std::int64_t Decimal::scaled(int decimals, Rounding rounding) const {
  LH_ASSERT(decimals >= 0);
  const int shift = kDigits - 1 - magnitude_ - decimals;
  LH_ASSERT(shift > -12);  // of 18 digits
  return shift >= 0 ? shift_right(digits_, shift, rounding) : digits_ * power_of_ten(-shift);
}

std::string Decimal::fixed(int decimals, Rounding rounding) const {
  return fixed_point(scaled(decimals, rounding), decimals);
}

std::string Decimal::significant(int digits, Rounding rounding) const {
  const int decimals = std::max(0, digits - 1 - magnitude_);
  // 0.9996 is 1.00, not 1.000.
  const bool carries = decimals > 0 && scaled(decimals, rounding) == power_of_ten(digits);
  return fixed(carries ? decimals - 1 : decimals, rounding);
}

std::string fixed_point(std::int64_t scaled, int decimals) {
  std::string text = std::to_string(scaled);
  if (decimals == 0) return text;
  const auto after_point = static_cast<std::size_t>(decimals);
  if (text.size() <= after_point) text.insert(0, after_point + 1 - text.size(), '0');
  text.insert(text.size() - after_point, 1, '.');
  return text;
}

double six_digits(double value) {
  LH_ASSERT(std::isfinite(value));
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                 std::chars_format::scientific, kDigits - 1);
  double rounded = 0;
  std::from_chars(text.data(), end.ptr, rounded);
  return rounded;
}

std::string count_text(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t i = 3; i < text.size(); i += 4) text.insert(text.size() - i, 1, ',');
  return text;
}

std::string duration_text(std::int64_t duration_ns) {
  LH_ASSERT(duration_ns >= 0);
  const Unit& unit = unit_of(duration_ns);
  std::string number = Decimal(static_cast<double>(duration_ns) / unit.ns).significant(3);
  drop_trailing_zeros(number);
  return number + " " + std::string(unit.name);
}

}  // namespace leasehold::reports
