#include "reports/number.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

namespace leasehold::reports {
namespace {

TEST_CASE("numbers are rounded to six significant digits") {
  CHECK(six_digits(0.0036820893) == 0.00368209);
  CHECK(six_digits(1.0 / 3) == 0.333333);
  CHECK(six_digits(-1234567.0) == -1234570.0);
  CHECK(six_digits(0) == 0);
}

TEST_CASE("differing last bits do not show") {
  CHECK(rc::check([] {
    const auto digits = *rc::gen::inRange<std::int64_t>(100'000, 1'000'000);
    const auto exponent = *rc::gen::inRange(-9, 4);
    const double value = static_cast<double>(digits) * std::pow(10.0, exponent);
    const double more = std::nextafter(std::nextafter(value, 1e300), 1e300);
    const double less = std::nextafter(std::nextafter(value, 0), 0);
    for (const auto rounding : {Rounding::nearest, Rounding::down, Rounding::up}) {
      for (int decimals = 0; decimals < 6; ++decimals) {
        const std::string text = Decimal(value).fixed(decimals, rounding);
        RC_ASSERT(Decimal(more).fixed(decimals, rounding) == text);
        RC_ASSERT(Decimal(less).fixed(decimals, rounding) == text);
      }
    }
  }));
}

TEST_CASE("a fixed number of decimals is rounded the way one asks for") {
  const Decimal value(2.345);
  CHECK(value.fixed(2) == "2.35");
  CHECK(value.fixed(2, Rounding::down) == "2.34");
  CHECK(value.fixed(1, Rounding::up) == "2.4");
  CHECK(value.fixed(0) == "2");
  CHECK(value.fixed(4) == "2.3450");
  CHECK(Decimal(0.05).fixed(1) == "0.1");
  CHECK(Decimal(0.0000001).fixed(2, Rounding::up) == "0.01");
  CHECK(Decimal(0).fixed(1) == "0.0");
  CHECK(Decimal(999'999.6).fixed(0) == "1000000");
}

TEST_CASE("significant digits never cut off the integral part") {
  CHECK(Decimal(0.0036821).significant(2) == "0.0037");
  CHECK(Decimal(12.34).significant(3) == "12.3");
  CHECK(Decimal(1234).significant(3) == "1234");
  CHECK(Decimal(0.9996).significant(3) == "1.00");
  CHECK(Decimal(9.996).significant(3) == "10.0");
  CHECK(Decimal(99.96).significant(3) == "100");
}

TEST_CASE("counts have thousands separators") {
  CHECK(count_text(0) == "0");
  CHECK(count_text(999) == "999");
  CHECK(count_text(1'000) == "1,000");
  CHECK(count_text(1'234'567) == "1,234,567");
}

TEST_CASE("durations have three digits in the unit that suits") {
  CHECK(duration_text(0) == "0 ns");
  CHECK(duration_text(999) == "999 ns");
  CHECK(duration_text(130'000) == "130 µs");
  CHECK(duration_text(999'499) == "999 µs");
  CHECK(duration_text(999'500) == "1 ms");
  CHECK(duration_text(1'234'567) == "1.23 ms");
  CHECK(duration_text(10'000'000'000) == "10 s");
  CHECK(duration_text(1'500'000'000) == "1.5 s");
  CHECK(duration_text(90'000'000'000) == "90 s");
  CHECK(duration_text(7'875'000'000'000) == "131 min");
  CHECK(duration_text(std::numeric_limits<std::int64_t>::max()) == "2562050 h");
}

}  // namespace
}  // namespace leasehold::reports
