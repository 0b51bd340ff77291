#pragma once

#include <cstddef>
#include <cstdint>

/// Numbers as people say them: 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100 …
namespace leasehold::scenarios::shrinking {

/// How many round numbers there are below `value` and above zero.
std::size_t round_numbers_below(std::int64_t value);
/// The round numbers from 1 on, by their place. REQUIRES: there are so many.
std::int64_t round_number(std::size_t place);

/// The nearest from `value` on, or up to it; `value` itself if there is none.
std::int64_t round_up(std::int64_t value);
std::int64_t round_down(std::int64_t value);
/// Whether it is one of them, or has one digit before its zeros.
bool is_round(std::int64_t value);

/// The nearest multiple of a power of ten with at most so many digits before its zeros.
std::int64_t with_digits_down(std::int64_t value, int digits);
std::int64_t with_digits_up(std::int64_t value, int digits);

}  // namespace leasehold::scenarios::shrinking
