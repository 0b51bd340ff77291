#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "scenarios/explanation/rerunner.hpp"

namespace leasehold::scenarios {

/// What locks rest on, and faults break.
enum class Assumption : std::uint8_t {
  bounded_pause,  ///< a process stands still only briefly
  bounded_drift,  ///< clocks run at nearly one rate
  no_clock_step,  ///< nobody sets a clock
  kept_state,     ///< a server that comes back knows what it had promised
  honest_disk,    ///< what was synced is synced, and in time
  bounded_delay,  ///< messages arrive soon or never
  living_holder,  ///< who holds the lock lives to give it back
  enough_memory,  ///< nothing is evicted
  one_primary,    ///< who takes over has what the old one had, and the old one is gone
};

Assumption assumption_of(const PlannedFault& fault, const Focus& focus);

/// One of the faults that the violation needs: without any one of them it does not come about.
struct NeededFault {
  std::size_t fault = 0;  ///< its index in the plan of the run
  Assumption assumption{};
  std::int64_t began_ns = 0;
  std::optional<std::int64_t> ended_ns;
  /// How far it went, and how far would have been enough, in the unit of its kind: ns of its length
  /// or step, ppm of its rate. None: it has no size.
  std::optional<std::int64_t> size;
  std::optional<std::int64_t> least_size;
};

/// A smallest set of faults that bring about the same violation: none of it can be left out.
std::vector<NeededFault> needed_faults(Rerunner& rerunner, const Focus& focus,
                                       const BegunFaults& faults);

}  // namespace leasehold::scenarios
