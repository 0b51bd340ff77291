#pragma once

#include <cstdint>
#include <optional>

#include "checkers/linearizability/definite_holds.hpp"
#include "checkers/linearizability/hashing.hpp"
#include "checkers/linearizability/lock_specification.hpp"

namespace leasehold::checkers {

/// A mutex that only its owner releases, and that counts its grants: the token of each is one more
/// than that of the one before, so that a gap tells of a grant that nobody was told of. Where it
/// begins to count is not known.
class DenseFencedMutex {
 public:
  using Operation = LockOperation;
  struct State {
    OwnerId owner = 0;  ///< 0: free
    Token token = 0;    ///< of the latest grant; 0: not known yet
    friend bool operator==(const State&, const State&) = default;
  };

  [[nodiscard]] State initial() const { return {}; }
  [[nodiscard]] std::optional<State> step(State state, const Operation& operation) const {
    const bool holds = state.owner == operation.owner;
    if (operation.kind == Operation::Kind::release) {
      if (operation.refused == holds) return std::nullopt;
      return operation.refused ? state : State{0, state.token};
    }
    if (state.owner != 0) return std::nullopt;
    const Token next = state.token == 0 ? operation.token : state.token + 1;
    if (operation.token != 0 && operation.token != next) return std::nullopt;
    return State{operation.owner, next};
  }
  static std::uint64_t hash(const State& state) { return mix(state.owner, state.token); }
  static std::uint64_t hash(const Operation& operation) { return checkers::hash(operation); }
  static Manner manner(const Operation& operation) { return manner_of(operation); }
};

/// Decides a history of such a lock by definite holds: their order is that of the tokens. The
/// verdict is unknown where definite holds do not tell, or if a gap might be filled by a lost
/// acquire whose owner went on; the grant of one that did not would have lasted for ever.
HoldsResult judge_dense_tokens(const LockHistory& history);

}  // namespace leasehold::checkers
