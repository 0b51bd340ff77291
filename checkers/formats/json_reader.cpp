#include "checkers/formats/json_reader.hpp"

#include <algorithm>
#include <utility>

#include "checkers/formats/tokens.hpp"

namespace leasehold::checkers {
namespace {

using Kind = Value::Kind;

bool is_json_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Whether the content is what a special form of that name holds; then `form` is the value.
bool read_named(std::string_view name, const Value& content, Value& form) {
  const bool text = content.kind == Kind::string;
  form.text = content.text;
  if (name == "#keyword" && text) {
    form.kind = Kind::keyword;
    return is_keyword(form.text);
  }
  if (name == "#symbol" && text) {
    form.kind = Kind::symbol;
    return is_symbol(form.text);
  }
  if (name == "#character" && text) {
    form.kind = Kind::character;
    return is_character(form.text);
  }
  if (name == "#number" && text) {
    if (read_number(content.text, form)) return form.kind == Kind::number;
    form.kind = Kind::number;
    return form.text == "##Inf" || form.text == "##-Inf" || form.text == "##NaN";
  }
  return false;
}

}  // namespace

bool JsonReader::skip_blank() {
  const char* at = pointer();
  while (at != limit() && is_json_blank(*at)) {
    if (*at++ != '\n') continue;
    move_to(at);
    new_line();
  }
  move_to(at);
  return at != limit() || is_last_window();
}

bool JsonReader::expect(char c, const char* what) {
  if (!skip_blank()) return false;
  if (at_end()) return ran_out(what);
  if (here() != c) return wrong(std::string("no ") + c + " in " + what, std::string(1, c));
  skip(1);
  return skip_blank();
}

bool JsonReader::at_close(char close, bool first, bool& closed, const char* what) {
  if (!skip_blank()) return false;
  if (at_end()) return ran_out(what);
  closed = here() == close;
  if (closed) {
    skip(1);
    return true;
  }
  return first || expect(',', what);
}

JsonReader::Found JsonReader::read_record(RecordedEvent& event) {
  if (!skip_blank()) return Found::stopped;
  commit();
  if (at_end()) {
    if (wrapping_ != Wrapping::array) return Found::end;
    ran_out("an array of events");
    return Found::stopped;
  }
  const char c = here();
  if (wrapping_ == Wrapping::unknown && c == '[') {
    skip(1);
    wrapping_ = Wrapping::array;
    return Found::nothing;
  }
  if (wrapping_ == Wrapping::array && (c == ']' || c == ',')) {
    skip(1);
    if (c == ']') wrapping_ = Wrapping::closed;
    return Found::nothing;
  }
  if (wrapping_ == Wrapping::closed) {
    wrong("something follows the end of the history", "the end of the file");
    return Found::stopped;
  }
  const Found found = read_object(event);
  if (found != Found::stopped && wrapping_ == Wrapping::unknown) wrapping_ = Wrapping::none;
  return found;
}

JsonReader::Found JsonReader::read_object(RecordedEvent& event) {
  event.place = place();
  if (here() != '{') {
    wrong("not an event", R"(an object such as {"process":0,"type":"invoke","f":"read"})");
    return Found::stopped;
  }
  skip(1);
  EventBuilder builder(event);
  bool version = false;
  for (bool first = true, closed = false;; first = false) {
    if (!at_close('}', first, closed, "an event")) return Found::stopped;
    if (closed) break;
    if (!read_field(builder, version)) return Found::stopped;
  }
  if (version) return Found::nothing;
  EventBuilder::Problem problem = builder.finish();
  if (!problem) return Found::event;
  wrong_at(event.place, std::move(problem.message), std::move(problem.expected),
           std::move(problem.nearest));
  return Found::stopped;
}

bool JsonReader::read_field(EventBuilder& builder, bool& version) {
  Value name;
  if (!read_key(name) || !expect(':', "an event")) return false;
  if (at_end()) return ran_out("an event");
  const Place where = place();
  const bool is_version = name.text == kHistoryKey;
  const EventField field = is_version ? EventField::other : event_field(name.text);
  Value& value = builder.slot(field);
  if (!read_value(value)) return false;
  if (is_version && value != Value::of(kHistoryVersion)) {
    return wrong_at(where, "version " + edn(value) + " of the history format",
                    "version " + std::to_string(kHistoryVersion));
  }
  version = version || is_version;
  if (is_version) return true;
  EventBuilder::Problem problem = builder.take(field, name);
  return !problem || wrong_at(where, std::move(problem.message), std::move(problem.expected),
                              std::move(problem.nearest));
}

bool JsonReader::read_form(Value& value) {
  if (!skip_blank()) return false;
  if (at_end()) return ran_out("a value");
  switch (here()) {
    case '"':
      value.kind = Kind::string;
      return read_string(value.text);
    case '[':
      value.kind = Kind::vector;
      return read_array(value);
    case '{':
      value.kind = Kind::map;
      return read_map(value);
    default:
      return read_word(value);
  }
}

bool JsonReader::read_word(Value& value) {
  const Place begin = place();
  const char* const from = pointer();
  const char* const end = std::find_if(from, limit(), [](char c) {
    return is_json_blank(c) || c == ',' || c == ']' || c == '}' || c == ':' || c == '"' ||
           c == '[' || c == '{';
  });
  if (end == limit() && !is_last_window()) return false;
  const std::string_view word(from, static_cast<std::size_t>(end - from));
  move_to(end);
  if (word == "null") {
    value.kind = Kind::nil;
  } else if (word == "true" || word == "false") {
    value.kind = Kind::boolean;
    value.integer = word == "true" ? 1 : 0;
  } else if (!read_number(word, value)) {
    return wrong_at(begin, support::quoted(std::string(word)) + " is no value", "a JSON value");
  }
  return true;
}

bool JsonReader::read_array(Value& value) {
  skip(1);
  for (bool first = true, closed = false;; first = false) {
    if (!at_close(']', first, closed, "an array")) return false;
    if (closed) return true;
    value.items.emplace_back();
    if (!read_value(value.items.back())) return false;
  }
}

bool JsonReader::read_key(Value& key) {
  if (at_end()) return ran_out("an object");
  if (here() != '"') return wrong("a key that is no string", "a string");
  if (!read_string(key.text)) return false;
  const bool special = key.text.starts_with('#');
  key.kind = is_keyword(key.text) && !special ? Kind::keyword : Kind::string;
  return true;
}

bool JsonReader::read_map(Value& value) {
  const Place begin = place();
  skip(1);
  for (bool first = true, closed = false;; first = false) {
    if (!at_close('}', first, closed, "an object")) return false;
    if (closed) break;
    value.items.emplace_back();
    if (!read_key(value.items.back()) || !expect(':', "an object")) return false;
    value.items.emplace_back();
    if (!read_value(value.items.back())) return false;
  }
  for (std::size_t i = 0; i < value.items.size(); i += 2) {
    if (!value.items[i].text.starts_with('#')) continue;
    const std::string name = value.items[i].text;
    if (value.items.size() == 2 && read_special(value)) return true;
    return wrong_at(
        begin, "a malformed special form " + support::quoted(name),
        "an object of one of #keyword, #symbol, #character, #number, #list, #set, #map");
  }
  return put_in_order(value) || wrong_at(begin, "an object with a key twice");
}

/// An object of one entry that stands for what JSON lacks.
bool JsonReader::read_special(Value& value) {
  const std::string name = std::move(value.items[0].text);
  Value content = std::move(value.items[1]);
  value.items.clear();
  if (content.kind != Kind::vector) return read_named(name, content, value);
  if (name == "#map") {
    for (Value& entry : content.items) {
      if (entry.kind != Kind::vector || entry.items.size() != 2) return false;
      value.items.push_back(std::move(entry.items[0]));
      value.items.push_back(std::move(entry.items[1]));
    }
  } else if (name == "#set" || name == "#list") {
    value.kind = name == "#set" ? Kind::set : Kind::list;
    value.items = std::move(content.items);
  } else {
    return false;
  }
  return put_in_order(value);
}

}  // namespace leasehold::checkers
