#include "scenarios/shrink/knob.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "scenarios/shrink/round_numbers.hpp"

namespace leasehold::scenarios::shrinking {
namespace {

bool accept(Trials& trials, const Knob& knob, std::int64_t value) {
  Candidate candidate = trials.best();
  knob.set(candidate, value);
  return trials.accept(std::move(candidate));
}

void append_nearer_first(std::vector<std::int64_t>& values, std::int64_t value, std::int64_t down,
                         std::int64_t up) {
  const bool up_is_nearer = up - value < value - down;
  values.push_back(up_is_nearer ? up : down);
  values.push_back(up_is_nearer ? down : up);
}

/// The roundest first: a round number of units, then one with two digits, with three, with four.
std::vector<std::int64_t> rounder_than(std::int64_t value, std::int64_t unit) {
  std::vector<std::int64_t> values;
  append_nearer_first(values, value, round_down(value / unit) * unit,
                      round_up((value + unit - 1) / unit) * unit);
  constexpr int kMostDigits = 4;
  for (int digits = 2; digits <= kMostDigits; ++digits) {
    const std::int64_t down = with_digits_down(value, digits);
    if (down == value) break;
    append_nearer_first(values, value, down, with_digits_up(value, digits));
  }
  return values;
}

/// Between the least, which does not do, and `places` round numbers above zero, the last of which
/// does.
void bisect(Trials& trials, const Knob& knob, std::size_t places) {
  std::size_t fails = round_numbers_below(knob.least / knob.unit + 1);
  std::size_t does = places - 1;
  while (fails < does) {
    const std::size_t middle = fails + (does - fails) / 2;
    if (accept(trials, knob, round_number(middle) * knob.unit)) {
      does = middle;
    } else {
      fails = middle + 1;
    }
  }
}

}  // namespace

bool drop(Trials& trials, const Knob& knob) {
  return knob.get(trials.best()) > knob.least && accept(trials, knob, knob.least);
}

bool lower(Trials& trials, const Knob& knob) {
  const std::int64_t value = knob.get(trials.best());
  if (value <= knob.least) return false;
  if (drop(trials, knob)) return true;
  const std::int64_t units = (value + knob.unit - 1) / knob.unit;
  const std::size_t places = round_numbers_below(units);
  const bool any = places > 0 && round_number(places - 1) * knob.unit > knob.least;
  if (!any || !accept(trials, knob, round_number(places - 1) * knob.unit)) return false;
  bisect(trials, knob, places);
  return true;
}

bool make_round(Trials& trials, const Knob& knob) {
  const std::int64_t value = knob.get(trials.best());
  if (value % knob.unit == 0 && is_round(value / knob.unit)) return false;
  const std::vector<std::int64_t> values = rounder_than(value, knob.unit);
  return std::any_of(values.begin(), values.end(), [&](std::int64_t rounder) {
    return rounder >= knob.least && accept(trials, knob, rounder);
  });
}

}  // namespace leasehold::scenarios::shrinking
