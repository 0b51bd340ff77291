#pragma once

#include <concepts>
#include <cstdint>
#include <optional>

namespace leasehold::checkers {

/// What an object promises, as a sequential specification: states, and which operation may follow
/// in which state. An operation that may not gives nothing. A small value type;
/// checkers/specifications has one in each file, and lock_specification.hpp those of locks.
///
/// What a specification may say besides, to make the search faster:
///   static std::uint64_t hash(const Operation&)   many different operations are then told apart
///   fast static bool observes(const Operation&)        true: it changes no state, whatever the
///   state is static std::uint64_t part(const Operation&)   operations of different parts never
///   touch the same
///                                                 piece of the state: each part is judged alone
///   static std::size_t bytes(const State&)        what the state holds on the heap, for the budget
template <class S>
concept Specification = requires(const S& specification, const typename S::State& state,
                                 const typename S::Operation& operation) {
  { specification.initial() } -> std::same_as<typename S::State>;
  { specification.step(state, operation) } -> std::same_as<std::optional<typename S::State>>;
  { S::hash(state) } -> std::same_as<std::uint64_t>;
  { state == state } -> std::same_as<bool>;
  { operation == operation } -> std::same_as<bool>;
};

/// Whether the operation is known to change no state, whatever the state is.
template <Specification S>
bool observes(const typename S::Operation& operation) {
  if constexpr (requires {
                  { S::observes(operation) } -> std::same_as<bool>;
                }) {
    return S::observes(operation);
  } else {
    return false;
  }
}

}  // namespace leasehold::checkers
