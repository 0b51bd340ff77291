#include "checkers/formats/edn_reader.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "checkers/formats/tokens.hpp"

namespace leasehold::checkers {
namespace {

using Kind = Value::Kind;

bool is_number_start(std::string_view token) {
  const bool sign = token.front() == '-' || token.front() == '+';
  const char first = token[sign && token.size() > 1 ? 1 : 0];
  return first >= '0' && first <= '9';
}

}  // namespace

bool EdnScanner::skip_blank() {
  for (;;) {
    const char* at = pointer();
    const char* const end = limit();
    while (at != end && is_blank(*at)) {
      if (*at++ != '\n') continue;
      move_to(at);
      new_line();
    }
    move_to(at);
    if (at == end) return is_last_window();
    if (*at == ';') {
      const std::size_t line = rest().find('\n');
      if (line == std::string_view::npos && !is_last_window()) return false;
      skip(std::min(line, rest().size()));
    } else if (rest().starts_with("#_")) {
      if (!skip_discard()) return false;
    } else {
      return *at != '#' || rest().size() > 1 || is_last_window();
    }
  }
}

bool EdnScanner::skip_discard() {
  int forms = 0;  // `#_ #_ a b` discards both
  while (rest().starts_with("#_")) {
    skip(2);
    ++forms;
    const char* at = pointer();
    while (at != limit() && is_blank(*at)) {
      if (*at++ != '\n') continue;
      move_to(at);
      new_line();
    }
    move_to(at);
    if (rest().size() < 2 && !is_last_window()) return false;
    if (forms > kDeepest) return wrong("more than 100 discards in a row");
  }
  Value discarded;
  for (; forms > 0; --forms) {
    if (!read_value(discarded)) return false;
  }
  return true;
}

bool EdnScanner::read_token(std::string_view& token) {
  const char* const from = pointer();
  const char* const end = limit();
  const char* at = from;
  while (at != end && !is_delimiter(*at)) {
    if (static_cast<unsigned char>(*at) < 0x20) {
      move_to(at);
      return wrong("a control character", "a character that can be seen");
    }
    ++at;
  }
  if (at == end && !is_last_window()) return false;
  token = {from, static_cast<std::size_t>(at - from)};
  move_to(at);
  return true;
}

bool EdnScanner::read_form(Value& value) {
  if (!skip_blank()) return false;
  if (at_end()) return ran_out("a form");
  switch (here()) {
    case '"':
      value.kind = Kind::string;
      return read_string(value.text);
    case ':':
      return read_keyword(value);
    case '(':
      value.kind = Kind::list;
      return read_items(value, ')');
    case '[':
      value.kind = Kind::vector;
      return read_items(value, ']');
    case '{':
      value.kind = Kind::map;
      return read_items(value, '}');
    case '\\':
      return read_character(value);
    case '#':
      return read_dispatch(value);
    case '^': {  // metadata, and what it is about
      skip(1);
      Value metadata;
      return read_value(metadata) && read_value(value);
    }
    case ')':
    case ']':
    case '}':
      return wrong(std::string("an unexpected ") + here(), "a value");
    default:
      return read_word(value);
  }
}

bool EdnScanner::read_dispatch(Value& value) {
  if (rest().starts_with("#{")) {
    skip(1);
    value.kind = Kind::set;
    return read_items(value, '}');
  }
  if (rest().starts_with("##")) {  // ##Inf, ##-Inf, ##NaN
    std::string_view token;
    if (!read_token(token)) return false;
    if (token != "##Inf" && token != "##-Inf" && token != "##NaN") {
      return wrong("an unknown number " + support::quoted(std::string(token)), "##Inf or ##NaN");
    }
    value.kind = Kind::number;
    value.text = token;
    return true;
  }
  return skip_tag() && read_value(value);
}

bool EdnScanner::skip_tag() {
  std::string_view token;
  if (!read_token(token)) return false;
  if (token.size() < 2) return wrong("a # without a tag", "a tag, a set or a discard");
  return skip_blank();
}

bool EdnScanner::read_keyword(Value& value) {
  skip(1);
  std::string_view token;
  if (!read_token(token)) return false;
  if (token.empty()) return wrong("a colon without a keyword", "a keyword such as :read");
  value.kind = Kind::keyword;
  value.text = token;
  return true;
}

bool EdnScanner::read_character(Value& value) {
  skip(1);
  if (at_end()) return ran_out("a character");
  if (is_blank(here())) return wrong("a backslash without a character", "\\a, \\space or the like");
  const char* const from = pointer();
  skip(1);
  std::string_view token;
  if (!read_token(token)) return false;
  value.kind = Kind::character;
  value.text.assign(from, token.data() + token.size());
  if (!is_character(value.text)) return wrong("a control character");
  return true;
}

bool EdnScanner::read_word(Value& value) {
  const Place begin = is_number_start(rest()) ? place() : Place{};
  std::string_view token;
  if (!read_token(token)) return false;
  if (token == "nil") {
    value.kind = Kind::nil;
  } else if (token == "true" || token == "false") {
    value.kind = Kind::boolean;
    value.integer = token == "true" ? 1 : 0;
  } else if (is_number_start(token)) {
    return read_number(token, value) ||
           wrong_at(begin, support::quoted(std::string(token)) + " is no number", "a value");
  } else {
    value.kind = Kind::symbol;
    value.text = token;
  }
  return true;
}

bool EdnScanner::read_items(Value& value, char close) {
  const Place begin = place();
  skip(1);
  for (;;) {
    if (!skip_blank()) return false;
    if (at_end()) return ran_out("what opens in line " + std::to_string(begin.line));
    if (here() == close) break;
    value.items.emplace_back();
    if (!read_value(value.items.back())) return false;
  }
  skip(1);
  if (value.kind == Kind::map && value.items.size() % 2 != 0) {
    return wrong_at(begin, "a map with a key that has no value", "keys and values in turn");
  }
  if (put_in_order(value)) return true;
  return wrong_at(begin,
                  value.kind == Kind::map ? "a map with a key twice" : "a set with a member twice");
}

EdnReader::Found EdnReader::read_record(RecordedEvent& event) {
  if (!skip_blank()) return Found::stopped;
  commit();
  if (at_end()) {
    if (wrapping_ != Wrapping::list && wrapping_ != Wrapping::vector) return Found::end;
    ran_out(wrapping_ == Wrapping::list ? "a list of events" : "a vector of events");
    return Found::stopped;
  }
  const char c = here();
  const bool closes =
      (wrapping_ == Wrapping::list && c == ')') || (wrapping_ == Wrapping::vector && c == ']');
  const bool opens = wrapping_ == Wrapping::unknown && (c == '(' || c == '[');
  if (closes || opens) {
    skip(1);
    wrapping_ = closes ? Wrapping::closed : c == '(' ? Wrapping::list : Wrapping::vector;
    return Found::nothing;
  }
  if (wrapping_ == Wrapping::closed) {
    wrong("something follows the end of the history", "the end of the file");
    return Found::stopped;
  }
  if (!read_event(event)) return Found::stopped;
  if (wrapping_ == Wrapping::unknown) wrapping_ = Wrapping::none;
  return Found::event;
}

bool EdnReader::read_event(RecordedEvent& event) {
  Value metadata;
  for (int tags = 0; here() == '^' || (here() == '#' && !rest().starts_with("#{")); ++tags) {
    if (tags == kDeepest) return wrong("more than 100 tags in a row");
    if (here() == '#') {
      if (!skip_tag()) return false;
    } else {
      skip(1);
      if (!read_value(metadata) || !skip_blank()) return false;
    }
    if (at_end()) return ran_out("a tagged form");
  }
  event.place = place();
  if (here() != '{')
    return wrong("not an event", "a map such as {:process 0, :type :invoke, :f :read}");
  skip(1);
  EventBuilder builder(event);
  for (;;) {
    if (!skip_blank()) return false;
    if (at_end()) return ran_out("an event");
    if (here() == '}') break;
    if (!read_field(builder)) return false;
  }
  skip(1);
  EventBuilder::Problem problem = builder.finish();
  return !problem || wrong_at(event.place, std::move(problem.message), std::move(problem.expected),
                              std::move(problem.nearest));
}

bool EdnReader::read_field(EventBuilder& builder) {
  const Place begin = place();
  Value name;
  if (!read_value(name)) return false;
  const EventField field = name.kind == Kind::keyword ? event_field(name.text) : EventField::other;
  if (!skip_blank()) return false;
  if (at_end()) return ran_out("an event");
  const Place where = here() == '}' ? begin : place();
  if (here() == '}') return wrong_at(begin, edn(name) + " has no value", "a value");
  if (!read_value(builder.slot(field))) return false;
  EventBuilder::Problem problem = builder.take(field, name);
  return !problem || wrong_at(where, std::move(problem.message), std::move(problem.expected),
                              std::move(problem.nearest));
}

namespace {

class OneValue final : public EdnScanner {
 public:
  explicit OneValue(ByteSource& source) : EdnScanner(source) {}
  Value value;

 private:
  Found read_record(RecordedEvent&) override {
    if (!read_value(value) || !skip_blank()) return Found::stopped;
    if (at_end()) return Found::end;
    wrong("something follows the value", "one value");
    return Found::stopped;
  }
};

}  // namespace

support::Expected<Value> parse_edn(std::string_view text) {
  TextSource source(text);
  OneValue reader(source);
  RecordedEvent none;
  reader.next(none);
  if (reader.error()) return support::Diagnostics{*reader.error()};
  return std::move(reader.value);
}

}  // namespace leasehold::checkers
