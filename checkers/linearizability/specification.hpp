#pragma once

#include <concepts>
#include <cstdint>
#include <optional>

namespace leasehold::checkers {

/// What an operation does to any state whatever. The search needs no more than `conditional`.
enum class Manner : std::uint8_t {
  conditional,  ///< it depends
  observes,     ///< it leaves every state as it is, if it is allowed
  total,        ///< every state allows it
  overwrites,   ///< every state allows it, and after it none is distinguished from another
};

/// What an object promises, as a sequential specification: states, and which operation may follow
/// in which state. An operation that may not gives nothing. A small value type;
/// checkers/specifications has one in each file, and lock_specification.hpp those of locks.
///
/// What a specification may say besides, to make the search faster:
///
///  - `static std::uint64_t hash(const Operation&)`: many different ones are then told apart fast
///  - `static Manner manner(const Operation&)`
///  - `bool allows(const State&, const Operation&)`: whether an observer may follow, without step()
///  - `static const Value& part(const Operation&)`: operations of different parts never touch the
///    same piece of the state, so that each part is judged alone
///  - `static std::size_t bytes(const State&)`: what the state holds on the heap, for the budget
///  - `static bool near(const State&, const Operation& goal)` and
///    `static bool leads_to(const Operation&, const Operation& goal)`: from a state that is not
///    near the goal, only an operation that leads to it makes one that is; a state that allows the
///    goal is near it. So a search can tell early that it is astray.
template <class S>
concept Specification = requires(const S& specification, const typename S::State& state,
                                 const typename S::Operation& operation) {
  { specification.initial() } -> std::same_as<typename S::State>;
  { specification.step(state, operation) } -> std::same_as<std::optional<typename S::State>>;
  { S::hash(state) } -> std::same_as<std::uint64_t>;
  { state == state } -> std::same_as<bool>;
  { operation == operation } -> std::same_as<bool>;
};

template <Specification S>
Manner manner_of(const typename S::Operation& operation) {
  if constexpr (requires {
                  { S::manner(operation) } -> std::same_as<Manner>;
                }) {
    return S::manner(operation);
  } else {
    return Manner::conditional;
  }
}

/// The same of every operation where the specification has no hash of its own.
template <Specification S>
std::uint64_t hash_of(const typename S::Operation& operation) {
  if constexpr (requires {
                  { S::hash(operation) } -> std::same_as<std::uint64_t>;
                }) {
    return S::hash(operation);
  } else {
    return 0;
  }
}

}  // namespace leasehold::checkers
