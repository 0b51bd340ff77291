#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "scenarios/explanation/rerunner.hpp"

/// Of a job that should run once per period: the gap between two of its runs that is to blame.
namespace leasehold::scenarios {

struct Gap {
  std::int64_t from_ns = 0;  ///< the start of the earlier run, or of the observation
  std::int64_t until_ns = 0;
  std::optional<std::size_t> ended_by;  ///< the moment of the next run; none: nobody ran it again

  std::int64_t length_ns() const { return until_ns - from_ns; }
};

/// How long a gap may be.
struct GapBounds {
  std::int64_t least_ns = 0;
  std::int64_t most_ns = 0;

  bool contain(const Gap& gap) const {
    return gap.length_ns() >= least_ns && gap.length_ns() <= most_ns;
  }
};
/// REQUIRES: the workload is a period job.
GapBounds gap_bounds(const Scenario& scenario);

/// The gap after a run of the job; none if there was no such run. Without an attempt: the one that
/// the observation begins with.
std::optional<Gap> gap_after(const std::optional<Party>& run, const Chronicle& chronicle);

/// Who asked for the lock in vain shortly before it came free, and did not ask again in time.
struct TooEarly {
  checkers::ClientId client = 0;
  std::int64_t asked_ns = 0;
  std::size_t free = 0;  ///< the moment with which it came free
};
/// The last of them with whose request held back until the lock was free the gap is as it should
/// be: it was so in a run. None if there is no such request. `faults`: as they were.
std::optional<TooEarly> asked_too_early(Rerunner& rerunner, const Chronicle& chronicle,
                                        const Focus& focus, const BegunFaults& faults,
                                        std::uint32_t clients);

}  // namespace leasehold::scenarios
