#include "sim/process/units.hpp"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <string>

namespace leasehold::scenarios {
namespace {

using sim::Duration;

std::string refusal(std::string_view text) {
  const auto duration = sim::parse_duration(text);
  return duration ? "none: " + sim::format_duration(*duration) : duration.error();
}

TEST_CASE("durations are read exactly in every unit") {
  CHECK(*sim::parse_duration("20ns") == Duration::nanoseconds(20));
  CHECK(*sim::parse_duration("500us") == Duration::microseconds(500));
  CHECK(*sim::parse_duration("250ms") == Duration::milliseconds(250));
  CHECK(*sim::parse_duration("10s") == Duration::seconds(10));
  CHECK(*sim::parse_duration("2min") == Duration::seconds(120));
  CHECK(*sim::parse_duration("1h") == Duration::seconds(3'600));
  CHECK(*sim::parse_duration("0.26ms") == Duration::microseconds(260));
  CHECK(*sim::parse_duration("1.50s") == Duration::milliseconds(1'500));
  CHECK(*sim::parse_duration("-5ms") == Duration::milliseconds(-5));
  CHECK(*sim::parse_duration("0.1h") == Duration::seconds(360));
  CHECK(*sim::parse_duration("1000h") == sim::kLongestDuration);
}

TEST_CASE("a duration without a known unit is refused with the units there are") {
  CHECK(refusal("250") == "\"250\" has no unit: write ns, us, ms, s, min or h after the number");
  CHECK(refusal("10m") ==
        "\"10m\" has no known unit: write ns, us, ms, s, min or h after the number");
  CHECK(refusal("10 s").find("no known unit") != std::string::npos);
}

TEST_CASE("what is no duration is refused") {
  for (const char* text : {"", "s", "-", "-s", ".5s", "5.s", "+5s", "1e3s", "0x10s", "five s"}) {
    INFO(text);
    CHECK_FALSE(sim::parse_duration(text));
  }
  CHECK(refusal("0.5ns") == "\"0.5ns\" is not a whole number of nanoseconds");
  CHECK(refusal("1000.1h") == "\"1000.1h\" is longer than 1000h");
  CHECK(refusal("99999999999999999999999h").find("is longer than") != std::string::npos);
  CHECK(refusal("-99999999999999999999999ns").find("is longer than") != std::string::npos);
}

TEST_CASE("a duration that is written can be read back") {
  CHECK(sim::format_duration(Duration::zero()) == "0s");
  CHECK(sim::format_duration(Duration::seconds(90)) == "90s");
  CHECK(sim::format_duration(Duration::seconds(120)) == "2min");
  CHECK(sim::format_duration(Duration::milliseconds(-1'500)) == "-1500ms");
  CHECK(rc::check([] {
    const auto unit = *rc::gen::element<std::int64_t>(1, 1'000, 1'000'000, 1'000'000'000);
    const auto ns = *rc::gen::inRange<std::int64_t>(-3'600'000, 3'600'000) * unit;
    RC_ASSERT(*sim::parse_duration(sim::format_duration(Duration::nanoseconds(ns))) ==
              Duration::nanoseconds(ns));
  }));
}

TEST_CASE("decimals are read as whole thousandths") {
  CHECK(*sim::parse_thousandths("0.2") == 200);
  CHECK(*sim::parse_thousandths("3") == 3'000);
  CHECK(*sim::parse_thousandths("3.0") == 3'000);
  CHECK(*sim::parse_thousandths("0.472") == 472);
  CHECK(*sim::parse_thousandths("-1.5") == -1'500);
  CHECK(*sim::parse_thousandths("0.1000") == 100);
  CHECK_FALSE(sim::parse_thousandths("0.0001"));
  CHECK_FALSE(sim::parse_thousandths("1e3"));
  CHECK_FALSE(sim::parse_thousandths("1000001"));
}

}  // namespace
}  // namespace leasehold::scenarios
