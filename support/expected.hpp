#pragma once

#include <type_traits>
#include <utility>
#include <variant>

#include "support/assert.hpp"
#include "support/diagnostic.hpp"

namespace leasehold::support {

/// Either a value or the reason why there is none. The two types differ, so a function returns
/// either by a plain `return`. REQUIRES of `value` and `error`: that it is the one held.
template <class T, class E = Diagnostics>
class [[nodiscard]] Expected {
  static_assert(!std::is_same_v<T, E>);

 public:
  Expected(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  Expected(E error) : held_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return held_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  const T& value() const& {
    LH_ASSERT(has_value());
    return *std::get_if<0>(&held_);
  }
  T& value() & {
    LH_ASSERT(has_value());
    return *std::get_if<0>(&held_);
  }
  T&& value() && { return std::move(value()); }

  const E& error() const& {
    LH_ASSERT(!has_value());
    return *std::get_if<1>(&held_);
  }
  E&& error() && {
    LH_ASSERT(!has_value());
    return std::move(*std::get_if<1>(&held_));
  }

  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

 private:
  std::variant<T, E> held_;
};

}  // namespace leasehold::support
