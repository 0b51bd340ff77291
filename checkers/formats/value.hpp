#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace leasehold::checkers {

/// A value in a history, as EDN has them; JSON's are a part of these. A plain tree, cheap for what
/// histories are made of: an integer, a short word, a small map.
struct Value {
  enum class Kind : std::uint8_t {
    nil,
    boolean,    ///< `integer` is 0 or 1
    integer,    ///< of 64 bits
    number,     ///< any other, as it is spelled: 1.5, 1e9, 2/3, 123456789012345678901N
    string,     ///< "x"
    keyword,    ///< :x, without its colon
    symbol,     ///< x
    character,  ///< \x, without its backslash
    list,       ///< (…)
    vector,     ///< […]
    set,        ///< #{…}, the members in order, each once
    map         ///< {…}, key, value, key, value …, in order of the keys, each once
  };

  Kind kind = Kind::nil;
  std::int64_t integer = 0;
  std::string text;
  std::vector<Value> items;

  static Value of(bool value) { return {Kind::boolean, value ? 1 : 0, {}, {}}; }
  static Value of(std::int64_t value) { return {Kind::integer, value, {}, {}}; }
  static Value string(std::string_view text) { return {Kind::string, 0, std::string(text), {}}; }
  static Value keyword(std::string_view text) { return {Kind::keyword, 0, std::string(text), {}}; }
  static Value vector(std::vector<Value> items) { return {Kind::vector, 0, {}, std::move(items)}; }
  /// Puts the entries in order. REQUIRES: key, value, key, value …, no key twice.
  static Value map(std::vector<Value> entries);

  [[nodiscard]] bool is_nil() const { return kind == Kind::nil; }
  [[nodiscard]] bool is_integer() const { return kind == Kind::integer; }
  /// Of a map: what stands under the keyword, or nothing.
  [[nodiscard]] const Value* find(std::string_view keyword) const;

  /// By kind, then by content: the order of sets and of the keys of maps.
  friend std::strong_ordering operator<=>(const Value& a, const Value& b);
  friend bool operator==(const Value& a, const Value& b) { return (a <=> b) == 0; }
};

/// The same on every machine.
std::uint64_t hash(const Value& value);

/// As EDN writes it, on one line.
std::string edn(const Value& value);
void append_edn(std::string& out, const Value& value);

/// Puts what was read as a set or a map into its order. False if a member or a key is there twice.
bool put_in_order(Value& value);

}  // namespace leasehold::checkers
