#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/format/describe.hpp"
#include "scenarios/json/located_value.hpp"

namespace leasehold::scenarios::format {

/// The visitor that calls `visit(pointer, member, rule)` for every key of a struct and of all
/// objects inside it, outer before inner.
template <class Visit>
class Walker {
 public:
  static constexpr bool kReads = false;

  Walker(std::string pointer, Visit& visit) : pointer_(std::move(pointer)), visit_(visit) {}

  static bool usable() { return true; }

  template <class T, class Rule>
  void operator()(std::string_view key, const T& member, const Rule& rule) {
    const std::string pointer = pointer_to(pointer_, key);
    visit_(pointer, member, rule);
    if constexpr (!std::is_same_v<Rule, OwnRule>) descend(pointer, member);
  }

 private:
  template <class T>
  void descend(const std::string& pointer, const T& member) {
    if constexpr (kIsObject<T>) {
      Walker inner(pointer, visit_);
      describe(inner, member);
    }
  }
  template <class T>
  void descend(const std::string& pointer, const std::vector<T>& items) {
    for (std::size_t i = 0; i < items.size(); ++i) descend(pointer_to(pointer, i), items[i]);
  }
  template <class T>
  void descend(const std::string& pointer, const std::optional<T>& object) {
    if (object) descend(pointer, *object);
  }

  std::string pointer_;
  Visit& visit_;
};

template <class S, class Visit>
void walk(const S& s, Visit visit) {
  Walker<Visit> walker("", visit);
  describe(walker, s);
}

/// A JSON pointer with `*` for every position in a list.
inline std::string with_any_position(std::string_view pointer) {
  std::string out;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::string_view token = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(token.size());
    const bool is_position = token.find_first_not_of("0123456789") == std::string_view::npos;
    out += "/" + (is_position ? "*" : std::string(token));
  }
  return out;
}

/// The keys of a struct and of all objects inside it. A list shows its keys only if it has an
/// entry.
template <class S>
std::set<std::string> keys_of(const S& s) {
  std::set<std::string> keys;
  walk(s, [&keys](const std::string& pointer, const auto&, const auto&) {
    keys.insert(with_any_position(pointer));
  });
  return keys;
}

}  // namespace leasehold::scenarios::format
