#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "checkers/record/record.hpp"

namespace leasehold::checkers {

/// A place in the order of all invocations and responses of a history. No two events share one:
/// where a recorded format has equal times, invocations come first. Histories can be very long, so
/// that each has no more room than it needs.
using Position = std::uint32_t;

/// The response of a call whose outcome is not known: it may take effect at any later time or
/// never.
inline constexpr Position kNever = std::numeric_limits<Position>::max();

/// A call of an operation, with the interval in which it must take effect if it ever does.
template <class Operation>
struct Call {
  Operation operation;
  Position invoked = 0;
  Position responded = kNever;

  [[nodiscard]] bool indeterminate() const { return responded == kNever; }
};

/// In any order.
template <class Operation>
using History = std::vector<Call<Operation>>;

/// Whoever may release: a client, a session, an attempt. Numbered from 1, the fewer the better.
using OwnerId = std::uint32_t;

/// What was asked of a lock, or happened to it.
struct LockOperation {
  /// `ended`: the service itself ended the owner's hold, by its lease or its session. It is a fact
  /// and takes effect at once: no other event lies within its interval.
  enum class Kind : std::uint8_t { acquire, renew, release, ended };
  Kind kind{};
  /// A definite no. Histories leave refused calls out, but for specifications that learn from
  /// them: a refused release says that its owner did not hold the lock.
  bool refused = false;
  OwnerId owner = 0;  ///< 0 where there are none
  Token token = 0;    ///< of a successful acquire, 0 if there is none or it is not known

  friend bool operator==(const LockOperation&, const LockOperation&) = default;
};

using LockCall = Call<LockOperation>;
using LockHistory = History<LockOperation>;

/// The indices of the calls in the order of the positions that they count at.
template <class Operation, class CountsAt>
std::vector<std::uint32_t> in_order(const History<Operation>& history, const CountsAt& counts_at) {
  // Keys that hold all there is to compare are sorted several times as fast as indices.
  std::vector<std::uint64_t> keys;
  keys.reserve(history.size());
  for (const auto& call : history) {
    keys.push_back(static_cast<std::uint64_t>(counts_at(call)) << 32U | keys.size());
  }
  std::sort(keys.begin(), keys.end());
  std::vector<std::uint32_t> order;
  order.reserve(keys.size());
  for (const std::uint64_t key : keys) order.push_back(static_cast<std::uint32_t>(key));
  return order;
}

}  // namespace leasehold::checkers
