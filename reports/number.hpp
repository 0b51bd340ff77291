#pragma once

#include <cstdint>
#include <string>

/// Numbers as people read them. Everything is first rounded to six significant decimal digits and
/// from there on handled in integers, so that compilers whose last bits differ print the same.
namespace leasehold::reports {

enum class Rounding : std::uint8_t { nearest, down, up };  ///< nearest: a half goes up

/// A finite number >= 0 with six significant decimal digits.
class Decimal {
 public:
  explicit Decimal(double value);

  /// The nearest double: what JSON prints with at most six digits.
  [[nodiscard]] double value() const { return value_; }
  /// In units of 10^-decimals, as a whole number.
  [[nodiscard]] std::int64_t scaled(int decimals, Rounding rounding) const;
  /// With so many digits after the point.
  [[nodiscard]] std::string fixed(int decimals, Rounding rounding = Rounding::nearest) const;
  /// With so many significant digits, but never fewer than the integral part has.
  [[nodiscard]] std::string significant(int digits, Rounding rounding = Rounding::nearest) const;
  /// The power of ten of the leading digit; 0 for zero.
  [[nodiscard]] int magnitude() const { return magnitude_; }
  [[nodiscard]] std::int64_t leading_digit() const { return digits_ / 100'000; }

 private:
  double value_;
  std::int64_t digits_;  ///< six of them, or 0
  int magnitude_;
};

/// `scaled` / 10^decimals, all digits shown. REQUIRES: scaled >= 0.
std::string fixed_point(std::int64_t scaled, int decimals);

/// Rounded to six significant digits; of either sign.
double six_digits(double value);

/// `12,345`
std::string count_text(std::uint64_t count);

/// Three significant digits in the unit that suits: `130 µs`, `1.5 s`, `131 min`.
std::string duration_text(std::int64_t duration_ns);

}  // namespace leasehold::reports
