#pragma once

#include "models/lock_client.hpp"

namespace leasehold::models::redis {

/// The value that an owner stores under the lock's key, in the place of a UUID: unique to the
/// attempt, or to one try of it, and readable by the observer.
constexpr std::uint64_t owner_value(AttemptId attempt, std::uint32_t try_number) {
  return std::uint64_t{try_number & 0xffffu} << 48 | attempt;
}

constexpr AttemptId attempt_of(std::uint64_t owner) {
  return owner & ((std::uint64_t{1} << 48) - 1);
}

/// The key of the one lock.
constexpr std::uint64_t kLockKey = 1;

}  // namespace leasehold::models::redis
