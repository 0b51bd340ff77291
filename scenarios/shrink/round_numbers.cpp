#include "scenarios/shrink/round_numbers.hpp"

#include <algorithm>
#include <array>

namespace leasehold::scenarios::shrinking {
namespace {

constexpr std::array<std::int64_t, 7> kFirst{1, 2, 3, 4, 5, 6, 8};
constexpr std::array<std::int64_t, 10> kDecade{10, 12, 15, 20, 25, 30, 40, 50, 60, 80};
constexpr std::size_t kDecades = 16;

constexpr auto kRound = [] {
  std::array<std::int64_t, kFirst.size() + kDecades * kDecade.size()> all{};
  auto next = std::copy(kFirst.begin(), kFirst.end(), all.begin());
  std::int64_t unit = 1;
  for (std::size_t decade = 0; decade < kDecades; ++decade, unit *= 10) {
    for (const std::int64_t mantissa : kDecade) *next++ = mantissa * unit;
  }
  return all;
}();

std::int64_t unit_of(std::int64_t value, int digits) {
  std::int64_t most = 1;
  for (int i = 0; i < digits; ++i) most *= 10;
  std::int64_t unit = 1;
  while (value / unit >= most) unit *= 10;
  return unit;
}

}  // namespace

std::size_t round_numbers_below(std::int64_t value) {
  const auto place = std::lower_bound(kRound.begin(), kRound.end(), value);
  return static_cast<std::size_t>(place - kRound.begin());
}

std::int64_t round_number(std::size_t place) { return kRound.at(place); }

std::int64_t round_up(std::int64_t value) {
  const auto place = std::lower_bound(kRound.begin(), kRound.end(), value);
  return value <= 0 || place == kRound.end() ? value : *place;
}

std::int64_t round_down(std::int64_t value) {
  const std::size_t up_to_it = round_numbers_below(value + 1);
  return value <= 0 ? value : kRound.at(up_to_it - 1);
}

bool is_round(std::int64_t value) {
  return value % unit_of(value, 1) == 0 || std::binary_search(kRound.begin(), kRound.end(), value);
}

std::int64_t with_digits_down(std::int64_t value, int digits) {
  const std::int64_t unit = unit_of(value, digits);
  return value / unit * unit;
}

std::int64_t with_digits_up(std::int64_t value, int digits) {
  const std::int64_t unit = unit_of(value, digits);
  return (value + unit - 1) / unit * unit;
}

}  // namespace leasehold::scenarios::shrinking
