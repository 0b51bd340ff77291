#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "checkers/formats/value.hpp"
#include "checkers/linearizability/hashing.hpp"
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

  static bool observes(const Operation& operation) {
    return operation.kind == Operation::Kind::get;
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
