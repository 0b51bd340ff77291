#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "checkers/formats/value.hpp"
#include "checkers/linearizability/hashing.hpp"
#include "checkers/linearizability/specification.hpp"

namespace leasehold::checkers {

/// A register that is read, written and, as a CAS register, compared and set.
class Register {
 public:
  struct Operation {
    enum class Kind : std::uint8_t {
      read,        ///< found `value`
      write,       ///< of `value`
      cas,         ///< found `expected` and put `value` in its place
      failed_cas,  ///< did not find `expected`
    };
    Kind kind{};
    Value value;
    Value expected;

    friend bool operator==(const Operation&, const Operation&) = default;
  };
  using State = Value;  ///< nil: absent

  explicit Register(Value initial = {}) : initial_(std::move(initial)) {}

  [[nodiscard]] State initial() const { return initial_; }

  [[nodiscard]] std::optional<State> step(const State& state, const Operation& operation) const {
    switch (operation.kind) {
      case Operation::Kind::read:
        return state == operation.value ? std::optional(state) : std::nullopt;
      case Operation::Kind::write:
        return operation.value;
      case Operation::Kind::cas:
        return state == operation.expected ? std::optional(operation.value) : std::nullopt;
      case Operation::Kind::failed_cas:
        break;
    }
    return state == operation.expected ? std::nullopt : std::optional(state);
  }

  static Manner manner(const Operation& operation) {
    if (operation.kind == Operation::Kind::write) return Manner::overwrites;
    return operation.kind == Operation::Kind::cas ? Manner::conditional : Manner::observes;
  }
  static bool near(const State& state, const Operation& goal) {
    return needs_nothing(goal) || state == sought(goal);
  }
  static bool leads_to(const Operation& operation, const Operation& goal) {
    return manner(operation) != Manner::observes && operation.value == sought(goal);
  }
  static std::uint64_t hash(const State& state) { return checkers::hash(state); }
  static std::uint64_t hash(const Operation& operation) {
    return mix(mix(checkers::hash(operation.value), checkers::hash(operation.expected)),
               static_cast<std::uint64_t>(operation.kind));
  }

 private:
  static bool needs_nothing(const Operation& goal) {
    return goal.kind == Operation::Kind::write || goal.kind == Operation::Kind::failed_cas;
  }
  static const Value& sought(const Operation& goal) {
    return goal.kind == Operation::Kind::read ? goal.value : goal.expected;
  }

  Value initial_;
};

}  // namespace leasehold::checkers
