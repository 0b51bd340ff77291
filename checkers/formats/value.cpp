#include "checkers/formats/value.hpp"

#include <algorithm>
#include <utility>

#include "support/assert.hpp"

namespace leasehold::checkers {
namespace {

using Kind = Value::Kind;

bool is_scalar(Kind kind) { return kind < Kind::list; }

struct Brackets {
  const char* open;
  const char* close;
};

Brackets brackets_of(Kind kind) {
  switch (kind) {
    case Kind::list:
      return {"(", ")"};
    case Kind::vector:
      return {"[", "]"};
    case Kind::set:
      return {"#{", "}"};
    default:
      return {"{", "}"};
  }
}

void append_string(std::string& out, const std::string& text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
      case '\\':
        out += '\\';
        out += c;
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += c;
    }
  }
  out += '"';
}

void append_scalar(std::string& out, const Value& value) {
  switch (value.kind) {
    case Kind::nil:
      out += "nil";
      break;
    case Kind::boolean:
      out += value.integer != 0 ? "true" : "false";
      break;
    case Kind::integer:
      out += std::to_string(value.integer);
      break;
    case Kind::string:
      append_string(out, value.text);
      break;
    case Kind::keyword:
      out += ':';
      out += value.text;
      break;
    case Kind::character:
      out += '\\';
      out += value.text;
      break;
    default:
      out += value.text;
  }
}

bool put_map_in_order(std::vector<Value>& items) {
  LH_ASSERT(items.size() % 2 == 0);
  std::vector<std::pair<Value, Value>> entries;
  entries.reserve(items.size() / 2);
  for (std::size_t i = 0; i < items.size(); i += 2) {
    entries.emplace_back(std::move(items[i]), std::move(items[i + 1]));
  }
  const auto by_key = [](const auto& a, const auto& b) { return a.first < b.first; };
  std::sort(entries.begin(), entries.end(), by_key);
  const auto same_key = [](const auto& a, const auto& b) { return a.first == b.first; };
  const bool unique = std::adjacent_find(entries.begin(), entries.end(), same_key) == entries.end();
  items.clear();
  for (auto& [key, value] : entries) {
    items.push_back(std::move(key));
    items.push_back(std::move(value));
  }
  return unique;
}

}  // namespace

Value Value::map(std::vector<Value> entries) {
  Value value{Kind::map, 0, {}, std::move(entries)};
  const bool unique = put_in_order(value);
  LH_ASSERT(unique);
  return value;
}

const Value* Value::find(std::string_view keyword) const {
  if (kind != Kind::map) return nullptr;
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    if (items[i].kind == Kind::keyword && items[i].text == keyword) return &items[i + 1];
  }
  return nullptr;
}

std::strong_ordering operator<=>(const Value& a, const Value& b) {
  if (a.kind != b.kind) return a.kind <=> b.kind;
  if (a.integer != b.integer) return a.integer <=> b.integer;
  if (const int order = a.text.compare(b.text); order != 0) return order <=> 0;
  return std::lexicographical_compare_three_way(a.items.begin(), a.items.end(), b.items.begin(),
                                                b.items.end());
}

std::uint64_t hash(const Value& value) {
  constexpr std::uint64_t kPrime = 0x9E3779B97F4A7C15U;
  std::uint64_t mixed = (static_cast<std::uint64_t>(value.kind) + 1) * kPrime;
  mixed = (mixed ^ static_cast<std::uint64_t>(value.integer)) * kPrime;
  for (const char c : value.text) mixed = (mixed ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  for (const Value& item : value.items) mixed = (mixed ^ hash(item)) * kPrime;
  return mixed ^ (mixed >> 29);
}

void append_edn(std::string& out, const Value& value) {
  if (is_scalar(value.kind)) {
    append_scalar(out, value);
    return;
  }
  const auto [open, close] = brackets_of(value.kind);
  const bool map = value.kind == Kind::map;
  out += open;
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    if (i > 0) out += map && i % 2 == 0 ? ", " : " ";
    append_edn(out, value.items[i]);
  }
  out += close;
}

std::string edn(const Value& value) {
  std::string out;
  append_edn(out, value);
  return out;
}

bool put_in_order(Value& value) {
  std::vector<Value>& items = value.items;
  if (value.kind == Kind::map) {
    if (items.size() == 2) return true;
    return put_map_in_order(items);
  }
  if (value.kind != Kind::set) return true;
  std::sort(items.begin(), items.end());
  return std::adjacent_find(items.begin(), items.end()) == items.end();
}

}  // namespace leasehold::checkers
