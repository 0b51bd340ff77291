#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "scenarios/explanation/rerunner.hpp"

namespace leasehold::scenarios {

/// Who could still have averted a violation, each in one way: from a moment on nothing goes wrong
/// any more (no fault begins, and those in effect end), or one of the two clients stops there.
enum class Lever : std::uint8_t { world, earlier, later };

/// Until when a lever averts the violation. Found by running again with the lever pulled at each
/// candidate moment, from the violation backwards: the records of the two attempts, and the
/// beginnings and ends of faults.
struct LastChance {
  Lever lever{};
  /// The last time in true time; none: never, not even at the start.
  std::optional<std::int64_t> until_ns;
  /// The moment of the chronicle with which the chance is gone. Without: that of the violation.
  std::optional<std::size_t> gone_with;
};

/// Those levers that there are for the property; clients are none where nobody may stop. `faults`:
/// those that had begun by the violation.
std::vector<LastChance> last_chances(Rerunner& rerunner, const Chronicle& chronicle,
                                     const Focus& focus, const BegunFaults& faults);

}  // namespace leasehold::scenarios
