#pragma once

#include "sim/process/time.hpp"

namespace leasehold::sim {

struct TrueClock {};

/// Simulated true time: what the kernel, the scenarios and the checkers go by. No model may
/// include this header.
using TrueTime = Instant<TrueClock>;

}  // namespace leasehold::sim
