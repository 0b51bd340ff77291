#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/process/time.hpp"
#include "support/expected.hpp"

/// Quantities as scenario files write them. Exact: no floating point anywhere.
namespace leasehold::sim {

/// No duration in a file is longer: 1,000 hours, about 42 days.
inline constexpr Duration kLongestDuration = Duration::seconds(3'600'000);

/// "20ns", "500us", "250ms", "10s", "2min", "1h", "0.26ms", "-5ms": a decimal number with its unit,
/// exact to the nanosecond and no longer than kLongestDuration. The error is the reason.
support::Expected<Duration, std::string> parse_duration(std::string_view text);

/// The one canonical text of a duration: the largest unit that divides it. parse_duration reads it
/// back.
std::string format_duration(Duration duration);

/// A decimal number with at most three decimals, in thousandths: "0.2" is 200, "3" is 3000.
/// At most 1,000,000 thousandfold; no exponent. The error is the reason.
support::Expected<std::int64_t, std::string> parse_thousandths(std::string_view number);

}  // namespace leasehold::sim
