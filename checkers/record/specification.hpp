#pragma once

#include <cstdint>

namespace leasehold::checkers {

/// What kind of lock an algorithm promises, and how its history is to be judged.
enum class LockSpecification : std::uint8_t {
  none,           ///< no lock: nothing to judge
  mutex,          ///< whoever releases, releases
  owner_mutex,    ///< held until its owner releases it, whatever happens to that owner
  leased_mutex,   ///< or until its lease or session comes to its end
  session_mutex,  ///< or until the session ends, but never by a deadline
};

}  // namespace leasehold::checkers
