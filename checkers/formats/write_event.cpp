#include "checkers/formats/write_event.hpp"

#include <cstdio>
#include <string_view>

#include "checkers/formats/event_fields.hpp"
#include "checkers/formats/tokens.hpp"

namespace leasehold::checkers {
namespace {

using Kind = Value::Kind;

Value name_value(const std::string& name) {
  return is_keyword(name) ? Value::keyword(name) : Value::string(name);
}

std::string_view type_of(const RecordedEvent& event) {
  return kEventTypes[static_cast<std::size_t>(event.type)];
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
      out += escaped;
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_special(std::string& out, std::string_view name, const std::string& text) {
  out += "{\"#";
  out += name;
  out += "\":";
  append_json_string(out, text);
  out += '}';
}

void append_array(std::string& out, const std::vector<Value>& items) {
  out += '[';
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += ',';
    append_json(out, items[i]);
  }
  out += ']';
}

/// JSON's numbers are a part of EDN's.
bool is_json_number(std::string_view text) {
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  const bool zeros = text.size() > sign + 1 && text[sign] == '0' && text[sign + 1] != '.' &&
                     text[sign + 1] != 'e' && text[sign + 1] != 'E';
  const std::size_t dot = text.find('.');
  const bool bare_dot = dot != std::string_view::npos &&
                        (dot + 1 == text.size() || text[dot + 1] < '0' || text[dot + 1] > '9');
  return text.find_first_not_of("0123456789.eE+-") == std::string_view::npos &&
         text.front() != '+' && !zeros && !bare_dot;
}

/// Whether the key of a map can be an object's key and is read as the same again.
bool is_plain_key(const Value& key) {
  const bool special = key.text.starts_with('#');
  return !special && ((key.kind == Kind::keyword && is_keyword(key.text)) ||
                      (key.kind == Kind::string && !is_keyword(key.text)));
}

void append_map(std::string& out, const std::vector<Value>& entries) {
  bool plain = true;
  for (std::size_t i = 0; i < entries.size(); i += 2) plain = plain && is_plain_key(entries[i]);
  out += plain ? "{" : "{\"#map\":[";
  for (std::size_t i = 0; i < entries.size(); i += 2) {
    if (i > 0) out += ',';
    if (plain) {
      append_json_string(out, entries[i].text);
      out += ':';
      append_json(out, entries[i + 1]);
    } else {
      append_array(out, {entries[i], entries[i + 1]});
    }
  }
  out += plain ? "}" : "]}";
}

}  // namespace

void append_json(std::string& out, const Value& value) {
  switch (value.kind) {
    case Kind::nil:
      out += "null";
      return;
    case Kind::boolean:
      out += value.integer != 0 ? "true" : "false";
      return;
    case Kind::integer:
      out += std::to_string(value.integer);
      return;
    case Kind::number:
      if (is_json_number(value.text)) {
        out += value.text;
      } else {
        append_special(out, "number", value.text);
      }
      return;
    case Kind::string:
      return append_json_string(out, value.text);
    case Kind::keyword:
      return append_special(out, "keyword", value.text);
    case Kind::symbol:
      return append_special(out, "symbol", value.text);
    case Kind::character:
      return append_special(out, "character", value.text);
    case Kind::vector:
      return append_array(out, value.items);
    case Kind::map:
      return append_map(out, value.items);
    case Kind::list:
    case Kind::set:
      out += value.kind == Kind::set ? "{\"#set\":" : "{\"#list\":";
      append_array(out, value.items);
      out += '}';
  }
}

std::string json_lines_header() {
  std::string line = "{";
  append_json_string(line, kHistoryKey);
  return line + ":" + std::to_string(kHistoryVersion) + "}\n";
}

void append_json(std::string& out, const RecordedEvent& event) {
  out += "{\"process\":";
  if (event.process.is_client()) {
    out += std::to_string(event.process.number);
  } else {
    append_json_string(out, event.process.name);
  }
  out += ",\"type\":\"";
  out += type_of(event);
  out += "\",\"f\":";
  append_json_string(out, event.f);
  const auto append_field = [&out](std::string_view name, const Value& value) {
    if (value.is_nil()) return;
    out += ",\"";
    out += name;
    out += "\":";
    append_json(out, value);
  };
  append_field("key", event.key);
  append_field("value", event.value);
  append_field("error", event.error);
  if (event.time_ns) append_field("time_ns", Value::of(*event.time_ns));
  if (event.index) append_field("index", Value::of(*event.index));
  const std::vector<Value>& extras = event.extras.items;
  for (std::size_t i = 0; i + 1 < extras.size(); i += 2) {
    out += ',';
    append_json_string(out, extras[i].text);
    out += ':';
    append_json(out, extras[i + 1]);
  }
  out += "}\n";
}

void append_edn(std::string& out, const RecordedEvent& event) {
  out += "{:process ";
  append_edn(out, event.process.is_client() ? Value::of(event.process.number)
                                            : name_value(event.process.name));
  out += ", :type :";
  out += type_of(event);
  const auto append_field = [&out](std::string_view name, const Value& value) {
    if (value.is_nil()) return;
    out += ", :";
    out += name;
    out += ' ';
    append_edn(out, value);
  };
  append_field("f", event.f.empty() ? Value{} : name_value(event.f));
  append_field("key", event.key);
  append_field("value", event.value);
  append_field("error", event.error);
  if (event.time_ns) append_field("time", Value::of(*event.time_ns));
  if (event.index) append_field("index", Value::of(*event.index));
  const std::vector<Value>& extras = event.extras.items;
  for (std::size_t i = 0; i + 1 < extras.size(); i += 2) {
    out += ", ";
    append_edn(out, extras[i]);
    out += ' ';
    append_edn(out, extras[i + 1]);
  }
  out += "}\n";
}

}  // namespace leasehold::checkers
