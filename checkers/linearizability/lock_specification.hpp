#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "checkers/linearizability/hashing.hpp"
#include "checkers/linearizability/history.hpp"
#include "checkers/linearizability/specification.hpp"
#include "checkers/record/specification.hpp"

/// What each kind of lock promises, as sequential specifications: states, and which operation may
/// follow in which state. An operation that may not gives nothing.
namespace leasehold::checkers {

/// A renewal or a refusal only tells something, whatever the lock.
inline Manner manner_of(const LockOperation& operation) {
  const bool observes = operation.refused || operation.kind == LockOperation::Kind::renew;
  return observes ? Manner::observes : Manner::conditional;
}
inline std::uint64_t hash(const LockOperation& operation) {
  const auto kind = static_cast<std::uint64_t>(operation.kind) * 2 + (operation.refused ? 1 : 0);
  return mix(mix(operation.owner, operation.token), kind);
}

/// `permits` unit permits without owner: whoever releases, releases. With one permit, a mutex.
class Semaphore {
 public:
  using Operation = LockOperation;
  using State = std::uint32_t;  ///< permits taken

  explicit Semaphore(std::uint32_t permits = 1) : permits_(permits) {}
  [[nodiscard]] State initial() const { return 0; }
  [[nodiscard]] std::optional<State> step(State taken, const Operation& operation) const {
    if (operation.kind == Operation::Kind::acquire && taken < permits_) return taken + 1;
    if (operation.kind != Operation::Kind::release) return std::nullopt;
    if (operation.refused) return taken == 0 ? std::optional(taken) : std::nullopt;
    if (taken > 0) return taken - 1;
    return std::nullopt;
  }
  static std::uint64_t hash(State taken) { return taken; }
  static std::uint64_t hash(const Operation& operation) { return checkers::hash(operation); }
  static Manner manner(const Operation& operation) { return manner_of(operation); }

 private:
  std::uint32_t permits_;
};

/// The rules by which locks with owners differ.
struct OwnerRules {
  /// How often one owner may hold the lock at once; it is free when it has released as often.
  std::uint32_t reentrancy = 1;
  /// Every acquire must bring a greater token than those before (those without one do not count).
  bool fenced = false;
  /// A refused acquire proves that the lock was held.
  bool strict_try = false;
  /// Whether an owner that holds nothing may be told that its release succeeded, as where deleting
  /// a key that has expired is no error.
  bool release_of_nothing_succeeds = false;
};

/// A mutex that only its owner releases: `setnx` with the plain rules; with `ended` events a lock
/// whose service ends holds by lease (which later is legal and earlier is not) or by session.
class OwnerMutex {
 public:
  using Operation = LockOperation;
  struct State {
    OwnerId owner = 0;  ///< 0: free
    std::uint32_t depth = 0;
    Token token = 0;  ///< the greatest so far
    friend bool operator==(const State&, const State&) = default;
  };

  explicit OwnerMutex(OwnerRules rules = {}) : rules_(rules) {}
  [[nodiscard]] State initial() const { return {}; }
  [[nodiscard]] std::optional<State> step(State state, const Operation& operation) const;
  static std::uint64_t hash(const State& state) {
    return mix(mix(state.owner, state.token), state.depth);
  }
  static std::uint64_t hash(const Operation& operation) { return checkers::hash(operation); }
  static Manner manner(const Operation& operation) { return manner_of(operation); }

 private:
  [[nodiscard]] std::optional<State> acquire(State state, const Operation& operation) const;

  OwnerRules rules_;
};

/// `permits` unit permits, each released by the owner that took it. REQUIRES: permits <= kMost.
class OwnedSemaphore {
 public:
  static constexpr std::size_t kMost = 8;
  using Operation = LockOperation;
  using State = std::array<OwnerId, kMost>;  ///< the owners, sorted, greatest first; 0: free

  explicit OwnedSemaphore(std::uint32_t permits) : permits_(permits) {}
  [[nodiscard]] State initial() const { return {}; }
  [[nodiscard]] std::optional<State> step(State state, const Operation& operation) const;
  static std::uint64_t hash(const State& state) {
    std::uint64_t hash = 0;
    for (const OwnerId owner : state) hash = mix(hash, owner);
    return hash;
  }
  static std::uint64_t hash(const Operation& operation) { return checkers::hash(operation); }
  static Manner manner(const Operation& operation) { return manner_of(operation); }

 private:
  std::uint32_t permits_;
};

inline OwnerRules owner_rules() { return {}; }
/// A release that comes after the expiry finds nothing to release, which many services call a
/// success.
inline OwnerRules leased_rules() { return {.release_of_nothing_succeeds = true}; }
/// Once the session has ended nobody is left to release.
inline OwnerRules session_rules() { return {}; }

/// REQUIRES: a lock with owners.
inline OwnerRules rules_of(LockSpecification specification) {
  if (specification == LockSpecification::leased_mutex) return leased_rules();
  return specification == LockSpecification::session_mutex ? session_rules() : owner_rules();
}

/// Whether the service may end a grant of such a lock for that reason.
inline bool may_be_ended_by(LockSpecification specification, Grant::End end) {
  if (end == Grant::End::deadline) return specification == LockSpecification::leased_mutex;
  return end == Grant::End::session && (specification == LockSpecification::leased_mutex ||
                                        specification == LockSpecification::session_mutex);
}

inline std::optional<OwnerMutex::State> OwnerMutex::acquire(State state,
                                                            const Operation& operation) const {
  if (operation.refused) {
    return !rules_.strict_try || state.owner != 0 ? std::optional(state) : std::nullopt;
  }
  if (state.owner != 0 && state.owner != operation.owner) return std::nullopt;
  if (state.depth == rules_.reentrancy) return std::nullopt;
  if (rules_.fenced && operation.token != 0) {
    if (operation.token <= state.token) return std::nullopt;
    state.token = operation.token;
  }
  return State{operation.owner, state.depth + 1, state.token};
}

inline std::optional<OwnerMutex::State> OwnerMutex::step(State state,
                                                         const Operation& operation) const {
  const bool holds = state.owner == operation.owner;
  switch (operation.kind) {
    case Operation::Kind::acquire:
      return acquire(state, operation);
    case Operation::Kind::renew:
      return holds ? std::optional(state) : std::nullopt;
    case Operation::Kind::ended:
      return holds ? State{0, 0, state.token} : state;
    case Operation::Kind::release:
      break;
  }
  if (operation.refused) return holds ? std::nullopt : std::optional(state);
  if (!holds) return rules_.release_of_nothing_succeeds ? std::optional(state) : std::nullopt;
  if (--state.depth == 0) state.owner = 0;
  return state;
}

inline std::optional<OwnedSemaphore::State> OwnedSemaphore::step(State state,
                                                                 const Operation& operation) const {
  const auto replace = [&state](OwnerId from, OwnerId to) {
    const auto end = state.end();
    const auto found = std::find(state.begin(), end, from);
    if (found == end) return false;
    *found = to;
    std::sort(state.begin(), end, std::greater<>());
    return true;
  };
  if (operation.kind == Operation::Kind::acquire) {
    if (state[permits_ - 1] != 0) return std::nullopt;
    return replace(0, operation.owner) ? std::optional(state) : std::nullopt;
  }
  if (operation.kind != Operation::Kind::release) return std::nullopt;
  if (operation.refused) return replace(operation.owner, 0) ? std::nullopt : std::optional(state);
  return replace(operation.owner, 0) ? std::optional(state) : std::nullopt;
}

}  // namespace leasehold::checkers
