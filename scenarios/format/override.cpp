#include "scenarios/format/override.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <vector>

#include "scenarios/format/read_value.hpp"
#include "support/nearest_word.hpp"

namespace leasehold::scenarios::format {
namespace {

using support::Diagnostic;
using support::quoted;

std::vector<std::string> split(const std::string& path) {
  std::vector<std::string> keys{""};
  for (const char c : path) {
    if (c == '.') {
      keys.emplace_back();
    } else {
      keys.back() += c;
    }
  }
  return keys;
}

std::vector<std::string> names_in(const Json& json) {
  std::vector<std::string> names;
  for (const auto& [key, item] : json.items()) {
    const bool is_listed = json.is_array() && item.is_object() && item.contains("id");
    names.push_back(is_listed ? item["id"].get<std::string>() : key);
  }
  return names;
}

/// The value that `key` names in an object or a list, or nullptr.
Json* step(Json& json, const std::string& key) {
  const std::vector<std::string> names = names_in(json);
  const auto found = std::find(names.begin(), names.end(), key);
  if (json.is_object()) return found == names.end() ? nullptr : &json[key];
  if (!json.is_array()) return nullptr;
  auto index = static_cast<std::size_t>(found - names.begin());
  if (found == names.end()) {
    const auto [end, status] = std::from_chars(key.data(), key.data() + key.size(), index);
    if (status != std::errc() || end != key.data() + key.size()) return nullptr;
  }
  return index < json.size() ? &json[index] : nullptr;
}

Diagnostic no_such_key(const Json& json, const std::string& key) {
  const std::vector<std::string> names = names_in(json);
  const std::vector<std::string_view> words(names.begin(), names.end());
  Diagnostic diagnostic;
  diagnostic.message = "nothing here is called " + quoted(key);
  diagnostic.expected = words.empty() ? "" : listed(words);
  diagnostic.nearest = support::nearest_word(key, words);
  return diagnostic;
}

/// As JSON where it is JSON, else as a string.
Json json_or_string(const std::string& text) {
  if (!parse_located(text, "")) return text;
  return Json::parse(text);
}

}  // namespace

support::Expected<Json, Diagnostic> with_value_at(Json document, const std::string& path,
                                                  const std::string& value) {
  const std::vector<std::string> keys = split(path);
  Json* json = &document;
  for (std::size_t i = 0; i + 1 < keys.size(); ++i) {
    Json* next = step(*json, keys[i]);
    // An algorithm stands among the parameters only once one of its own is set.
    if (next == nullptr && i == 1 && keys[0] == "parameters") {
      next = &(*json)[keys[i]];
      *next = Json::object();
    }
    if (next == nullptr) return no_such_key(*json, keys[i]);
    json = next;
  }
  const std::string& last = keys.back();
  if (json->is_object()) {
    if (last == "kind") {
      const bool has_id = json->contains("id");
      Json fresh = Json::object();
      if (has_id) fresh["id"] = (*json)["id"];
      *json = std::move(fresh);
    }
    (*json)[last] = json_or_string(value);
    return document;
  }
  Json* slot = step(*json, last);
  if (slot == nullptr) return no_such_key(*json, last);
  *slot = json_or_string(value);
  return document;
}

}  // namespace leasehold::scenarios::format
