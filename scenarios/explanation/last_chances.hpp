#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "scenarios/explanation/assumptions.hpp"

namespace leasehold::scenarios {

/// Who could still have averted a violation: the world, in which nothing more goes wrong; or one of
/// the clients, by one of the ways below.
enum class Lever : std::uint8_t {
  world,
  fault,    ///< one of several faults that are needed
  earlier,  ///< the client whose hold is the older
  later,    ///< the other one
  asker,    ///< who asked for the lock before it was free
};

/// What is otherwise from a moment on.
enum class Way : std::uint8_t {
  calm,               ///< no fault begins any more, and those in effect end; of `fault` this one
  stop,               ///< the client goes no further
  wait,               ///< it stands still until the other one is through
  service_held_back,  ///< what is on its way between it and the servers arrives only then
  effects_held_back,  ///< the same of what is on its way between it and the resource
  broken_off,         ///< its connections break, and what is on its way is lost
};

/// Until when a lever averts the violation. Found by running again with each of its ways from each
/// candidate moment on, from the violation backwards: for the world the records of the two attempts
/// and the beginnings and ends of the faults that are needed, for a client its own steps and what
/// becomes of its messages.
struct LastChance {
  Lever lever{};
  std::vector<Way> ways = {};  ///< that avert it at that time
  /// The last time in true time; none: never, not even at the start.
  std::optional<std::int64_t> until_ns = std::nullopt;
  /// The moment of the chronicle with which the chance is gone. Without: that of the violation.
  std::optional<std::size_t> gone_with = std::nullopt;
  std::optional<checkers::ClientId> client = std::nullopt;  ///< whose ways they are
  std::optional<std::size_t> needed = std::nullopt;         ///< which fault of those needed
};

/// Those levers that there are for the property; clients are none where nobody may stop. `faults`:
/// those that had begun by the violation.
std::vector<LastChance> last_chances(Rerunner& rerunner, const Chronicle& chronicle,
                                     const Focus& focus, const BegunFaults& faults,
                                     const std::vector<NeededFault>& needed);

}  // namespace leasehold::scenarios
