#pragma once

#include <cstdint>
#include <functional>

#include "scenarios/shrink/trials.hpp"

namespace leasehold::scenarios::shrinking {

/// One number of a candidate, never negative.
struct Knob {
  std::function<std::int64_t(const Candidate&)> get;
  std::function<void(Candidate&, std::int64_t)> set;
  std::int64_t least = 0;
  std::int64_t unit = 1;  ///< in which round numbers are counted
};

/// Finds out whether the least value still violates. False: it is there, or the value stays as it
/// is.
bool drop(Trials& trials, const Knob& knob);

/// Finds the least value, or else the least round number below the present one, that still
/// violates: by bisection. False: it stays as it is.
bool lower(Trials& trials, const Knob& knob);

/// Finds a rounder value near by, be it greater or smaller, that still violates. False: it is
/// round, or stays as it is.
bool make_round(Trials& trials, const Knob& knob);

}  // namespace leasehold::scenarios::shrinking
