#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "checkers/formats/value.hpp"
#include "checkers/linearizability/hashing.hpp"
#include "checkers/linearizability/specification.hpp"
#include "checkers/specifications/key_values.hpp"

namespace leasehold::checkers {

/// Several registers, of which an operation reads and writes some at once, in its order.
class MultiRegister {
 public:
  struct Access {
    bool writes = false;
    Value key;
    Value value;  ///< that was found or is written

    friend bool operator==(const Access&, const Access&) = default;
  };
  using Operation = std::vector<Access>;
  using State = KeyValues;

  explicit MultiRegister(State initial = {}) : initial_(std::move(initial)) {}

  [[nodiscard]] State initial() const { return initial_; }

  [[nodiscard]] std::optional<State> step(State state, const Operation& operation) const {
    for (const Access& access : operation) {
      if (access.writes) {
        state.put(access.key, access.value);
      } else if (state.get(access.key, absent_) != access.value) {
        return std::nullopt;
      }
    }
    return state;
  }

  static Manner manner(const Operation& operation) {
    const bool observes = std::none_of(operation.begin(), operation.end(),
                                       [](const Access& access) { return access.writes; });
    return observes ? Manner::observes : Manner::conditional;
  }
  static std::uint64_t hash(const State& state) { return state.hash(); }
  static std::size_t bytes(const State& state) { return state.bytes(); }
  static std::uint64_t hash(const Operation& operation) {
    std::uint64_t hash = 0;
    for (const Access& access : operation) {
      hash = mix(mix(mix(hash, checkers::hash(access.key)), checkers::hash(access.value)),
                 access.writes ? 1 : 0);
    }
    return hash;
  }

 private:
  State initial_;
  Value absent_;
};

}  // namespace leasehold::checkers
