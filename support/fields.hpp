#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

/// The fields of a plain struct as words, padding left out: what a digest may depend on.
namespace leasehold::support {

namespace detail {

struct AnyField {
  template <class T>
    requires std::is_scalar_v<T>
  operator T() const;  // never defined: only asked for
};

/// How many fields the aggregate T has: the most initialisers it takes.
template <class T, std::size_t... I>
constexpr std::size_t field_count(std::index_sequence<I...>) {
  if constexpr (requires { T{(static_cast<void>(I), AnyField{})..., AnyField{}}; }) {
    return field_count<T>(std::make_index_sequence<sizeof...(I) + 1>{});
  } else {
    return sizeof...(I);
  }
}

template <class... Fields>
constexpr std::array<std::uint64_t, sizeof...(Fields)> to_words(const Fields&... fields) {
  static_assert((!std::is_floating_point_v<Fields> && ...), "records hold no floating point");
  return {static_cast<std::uint64_t>(fields)...};
}

}  // namespace detail

/// Each field of a struct of at most twelve integers, enumerations and booleans, in order.
template <class T>
constexpr auto field_words(const T& value) {
  static_assert(std::is_aggregate_v<T>);
  constexpr std::size_t n = detail::field_count<T>(std::index_sequence<>{});
  static_assert(n <= 12, "add a case below");
  using detail::to_words;
  if constexpr (n == 0) {
    return std::array<std::uint64_t, 0>{};
  } else if constexpr (n == 1) {
    const auto& [a] = value;
    return to_words(a);
  } else if constexpr (n == 2) {
    const auto& [a, b] = value;
    return to_words(a, b);
  } else if constexpr (n == 3) {
    const auto& [a, b, c] = value;
    return to_words(a, b, c);
  } else if constexpr (n == 4) {
    const auto& [a, b, c, d] = value;
    return to_words(a, b, c, d);
  } else if constexpr (n == 5) {
    const auto& [a, b, c, d, e] = value;
    return to_words(a, b, c, d, e);
  } else if constexpr (n == 6) {
    const auto& [a, b, c, d, e, f] = value;
    return to_words(a, b, c, d, e, f);
  } else if constexpr (n == 7) {
    const auto& [a, b, c, d, e, f, g] = value;
    return to_words(a, b, c, d, e, f, g);
  } else if constexpr (n == 8) {
    const auto& [a, b, c, d, e, f, g, h] = value;
    return to_words(a, b, c, d, e, f, g, h);
  } else if constexpr (n == 9) {
    const auto& [a, b, c, d, e, f, g, h, i] = value;
    return to_words(a, b, c, d, e, f, g, h, i);
  } else if constexpr (n == 10) {
    const auto& [a, b, c, d, e, f, g, h, i, j] = value;
    return to_words(a, b, c, d, e, f, g, h, i, j);
  } else if constexpr (n == 11) {
    const auto& [a, b, c, d, e, f, g, h, i, j, k] = value;
    return to_words(a, b, c, d, e, f, g, h, i, j, k);
  } else {
    const auto& [a, b, c, d, e, f, g, h, i, j, k, l] = value;
    return to_words(a, b, c, d, e, f, g, h, i, j, k, l);
  }
}

}  // namespace leasehold::support
