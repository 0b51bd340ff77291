#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "checkers/formats/value.hpp"
#include "checkers/linearizability/hashing.hpp"
#include "checkers/linearizability/specification.hpp"

namespace leasehold::checkers {

/// A set of elements, empty at first.
class Set {
 public:
  struct Operation {
    enum class Kind : std::uint8_t {
      add,       ///< of `element`
      remove,    ///< of `element`
      contains,  ///< whether there is `element`
      read       ///< found the members of `element`, itself a set
    };
    Kind kind{};
    Value element;
    /// Whether the element was there before. Nothing: not told.
    std::optional<bool> found;

    friend bool operator==(const Operation&, const Operation&) = default;
  };
  using State = std::vector<Value>;  ///< the members in order

  [[nodiscard]] State initial() const { return {}; }

  [[nodiscard]] std::optional<State> step(State state, const Operation& operation) const {
    if (operation.kind == Operation::Kind::read) {
      return state == operation.element.items ? std::optional(state) : std::nullopt;
    }
    const auto place = std::lower_bound(state.begin(), state.end(), operation.element);
    const bool found = place != state.end() && *place == operation.element;
    if (operation.found && *operation.found != found) return std::nullopt;
    if (operation.kind == Operation::Kind::add && !found) state.insert(place, operation.element);
    if (operation.kind == Operation::Kind::remove && found) state.erase(place);
    return state;
  }

  static Manner manner(const Operation& operation) {
    const bool changes =
        operation.kind == Operation::Kind::add || operation.kind == Operation::Kind::remove;
    if (!changes) return Manner::observes;
    return operation.found ? Manner::conditional : Manner::total;
  }
  static std::uint64_t hash(const State& state) {
    std::uint64_t hash = 0;
    for (const Value& member : state) hash = mix(hash, checkers::hash(member));
    return hash;
  }
  static std::size_t bytes(const State& state) { return state.capacity() * sizeof(Value); }
  static std::uint64_t hash(const Operation& operation) {
    const std::uint64_t found = operation.found ? 1 + (*operation.found ? 1 : 0) : 0;
    return mix(mix(checkers::hash(operation.element), found),
               static_cast<std::uint64_t>(operation.kind));
  }
};

}  // namespace leasehold::checkers
