#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "checkers/linearizability/hashing.hpp"
#include "checkers/linearizability/history.hpp"

namespace leasehold::checkers {

/// A mutex whose grants may end by themselves, at or after their deadlines: a lease after the
/// grant, wherever that fell between the acquire's invocation and its response, or at a time that
/// the answer named. Time is a part of the operations: each takes effect as early as it can, which
/// never rules out what follows, since an earlier grant has the earlier deadline.
class LeasedMutex {
 public:
  using Nanoseconds = std::int64_t;
  static constexpr Nanoseconds kForever = std::numeric_limits<Nanoseconds>::max();

  struct Operation {
    LockOperation::Kind kind{};
    bool refused = false;
    bool from_grant = false;  ///< what `until_ns` counts from; else it is a time
    std::uint32_t grant = 0;  ///< never 0; which acquire of which owner it is about
    Nanoseconds invoked_ns = 0;
    Nanoseconds responded_ns = kForever;
    /// Of a grant or a renewal: how long it lasts. kForever: it ends by a release only.
    Nanoseconds until_ns = kForever;

    friend bool operator==(const Operation&, const Operation&) = default;
  };
  struct State {
    std::uint32_t grant = 0;  ///< 0: free
    Nanoseconds may_end_ns = kForever;
    Nanoseconds now_ns = std::numeric_limits<Nanoseconds>::min();
    friend bool operator==(const State&, const State&) = default;
  };

  [[nodiscard]] State initial() const { return {}; }

  [[nodiscard]] std::optional<State> step(State state, const Operation& operation) const {
    const bool holds = state.grant == operation.grant;
    state.now_ns = std::max(state.now_ns, operation.invoked_ns);
    switch (operation.kind) {
      case LockOperation::Kind::acquire:
        state = freed(state);
        state.grant = operation.grant;
        state.may_end_ns = deadline(state.now_ns, operation);
        break;
      case LockOperation::Kind::renew:
        if (!holds) return std::nullopt;
        state.may_end_ns = std::max(state.may_end_ns, deadline(state.now_ns, operation));
        break;
      case LockOperation::Kind::ended:
        if (holds) state.grant = 0;
        break;
      case LockOperation::Kind::release:
        // Of a grant that has ended it finds nothing to release, which is no failure.
        if (holds && operation.refused) state = freed(state);
        if (holds) state.grant = 0;
    }
    if (state.grant == 0) state.may_end_ns = kForever;
    return state.now_ns <= operation.responded_ns ? std::optional(state) : std::nullopt;
  }

  static std::uint64_t hash(const State& state) {
    return mix(mix(state.grant, static_cast<std::uint64_t>(state.may_end_ns)),
               static_cast<std::uint64_t>(state.now_ns));
  }
  static std::uint64_t hash(const Operation& operation) {
    return mix(operation.grant, static_cast<std::uint64_t>(operation.invoked_ns));
  }

  /// When a grant or a renewal at that time may end by itself.
  static Nanoseconds deadline(Nanoseconds granted_ns, const Operation& operation) {
    if (!operation.from_grant) return operation.until_ns;
    return granted_ns > kForever - operation.until_ns ? kForever : granted_ns + operation.until_ns;
  }

 private:
  /// Once the grant that is in the way has ended by itself.
  static State freed(State state) {
    if (state.grant != 0) state.now_ns = std::max(state.now_ns, state.may_end_ns);
    return state;
  }
};

}  // namespace leasehold::checkers
