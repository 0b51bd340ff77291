#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "checkers/formats/value.hpp"
#include "checkers/linearizability/hashing.hpp"
#include "checkers/linearizability/specification.hpp"
#include "checkers/specifications/key_values.hpp"

namespace leasehold::checkers {

/// A map whose keys are got, put and appended to, one key in each operation. So each key is judged
/// alone. What was never put is the empty string.
class KeyValueMap {
 public:
  struct Operation {
    enum class Kind : std::uint8_t {
      get,    ///< found `value`
      put,    ///< of `value`
      append  ///< of the text of `value`
    };
    Kind kind{};
    Value key;
    Value value;

    friend bool operator==(const Operation&, const Operation&) = default;
  };
  using State = KeyValues;

  [[nodiscard]] State initial() const { return {}; }

  [[nodiscard]] std::optional<State> step(const State& state, const Operation& operation) const {
    const Value& present = state.get(operation.key, missing_);
    if (operation.kind == Operation::Kind::get) {
      return present == operation.value ? std::optional(state) : std::nullopt;
    }
    State after = state;
    const bool appends = operation.kind == Operation::Kind::append;
    after.put(operation.key,
              appends ? Value::string(present.text + operation.value.text) : operation.value);
    return after;
  }

  static Manner manner(const Operation& operation) {
    if (operation.kind == Operation::Kind::get) return Manner::observes;
    return operation.kind == Operation::Kind::put ? Manner::overwrites : Manner::total;
  }
  /// Appends make what is there longer; only a put begins anew.
  static bool near(const State& state, const Operation& goal) {
    if (goal.kind != Operation::Kind::get) return true;
    static const Value missing = Value::string("");
    return goal.value.text.starts_with(state.get(goal.key, missing).text);
  }
  static bool leads_to(const Operation& operation, const Operation& goal) {
    return operation.kind == Operation::Kind::put && operation.key == goal.key &&
           goal.value.text.starts_with(operation.value.text);
  }
  static const Value& part(const Operation& operation) { return operation.key; }
  static std::uint64_t hash(const State& state) { return state.hash(); }
  static std::size_t bytes(const State& state) { return state.bytes(); }
  static std::uint64_t hash(const Operation& operation) {
    return mix(mix(checkers::hash(operation.key), checkers::hash(operation.value)),
               static_cast<std::uint64_t>(operation.kind));
  }

 private:
  Value missing_ = Value::string("");
};

}  // namespace leasehold::checkers
