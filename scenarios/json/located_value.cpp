#include "scenarios/json/located_value.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "support/assert.hpp"

namespace leasehold::scenarios {
namespace {

using support::Diagnostic;
using support::Diagnostics;

/// Follows a valid text token by token, in step with the parser's events, and so knows where each
/// begins: nlohmann's SAX events carry no places.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) offset_ = 3;
  }

  /// Goes to the next token and returns where it begins.
  Place next_token() {
    while (offset_ < text_.size() && is_between_tokens(text_[offset_])) advance(1);
    return place_;
  }

  /// Steps over the token at the cursor and returns it as written.
  std::string_view take_token() {
    LH_ASSERT(offset_ < text_.size());
    const std::string_view token = text_.substr(offset_, token_length());
    advance(token.size());
    return token;
  }

  /// Where the byte at `offset` stands. REQUIRES that the cursor is not beyond it.
  Place place_at(std::size_t offset) {
    while (offset_ < std::min(offset, text_.size())) advance(1);
    return place_;
  }

 private:
  static bool is_between_tokens(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == ':';
  }

  std::size_t token_length() const {
    const char first = text_[offset_];
    if (first == '"') return string_length();
    if (std::string_view("{}[]").find(first) != std::string_view::npos) return 1;
    const std::size_t end = text_.find_first_of(" \t\n\r,:]}", offset_);
    return std::min(end, text_.size()) - offset_;
  }

  std::size_t string_length() const {
    std::size_t end = offset_ + 1;
    while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
    return std::min(end + 1, text_.size()) - offset_;
  }

  void advance(std::size_t bytes) {
    for (const std::size_t end = offset_ + bytes; offset_ < end; ++offset_) {
      const auto byte = static_cast<unsigned char>(text_[offset_]);
      if (byte == '\n') {
        place_ = {place_.line + 1, 1};
      } else if ((byte & 0xC0U) != 0x80U) {
        ++place_.column;
      }
    }
  }

  std::string_view text_;
  std::size_t offset_ = 0;
  Place place_{1, 1};
};

/// The reason inside nlohmann's message, without its prefix, its copy of the input and its own
/// line and column.
Diagnostic syntax_error(std::string_view what) {
  Diagnostic diagnostic;
  constexpr std::string_view kPrefix = "syntax error while parsing ";
  const std::size_t begin = what.find(kPrefix);
  if (begin == std::string_view::npos) {
    diagnostic.message = "not valid JSON: a number is out of range";
    return diagnostic;
  }
  what.remove_prefix(begin + kPrefix.size());
  constexpr std::string_view kExpected = "; expected ";
  if (const std::size_t at = what.rfind(kExpected); at != std::string_view::npos) {
    diagnostic.expected = what.substr(at + kExpected.size());
    what = what.substr(0, at);
  }
  what = what.substr(0, what.find("; last read"));
  diagnostic.message = "not valid JSON: in " + std::string(what);
  return diagnostic;
}

/// Builds the tree from nlohmann's events (its SAX interface fixes the names and signatures).
class TreeBuilder {
 public:
  TreeBuilder(std::string_view text, const JsonLimits& limits) : cursor_(text), limits_(limits) {}

  bool null() { return add(LocatedValue::Kind::null) != nullptr; }

  bool boolean(bool value) {
    LocatedValue* added = add(LocatedValue::Kind::boolean);
    if (added != nullptr) added->boolean = value;
    return added != nullptr;
  }

  bool number_integer(nlohmann::json::number_integer_t) { return number(); }
  bool number_unsigned(nlohmann::json::number_unsigned_t) { return number(); }
  bool number_float(nlohmann::json::number_float_t, const std::string&) { return number(); }

  bool string(std::string& value) {
    if (too_long(value)) return false;
    LocatedValue* added = add(LocatedValue::Kind::string);
    if (added != nullptr) added->text = std::move(value);
    return added != nullptr;
  }

  bool binary(nlohmann::json::binary_t&) { return false; }

  bool start_object(std::size_t) { return open(LocatedValue::Kind::object); }
  bool start_array(std::size_t) { return open(LocatedValue::Kind::array); }

  bool key(std::string& value) {
    if (too_long(value)) return false;
    LocatedMember member;
    member.key_place = cursor_.next_token();
    member.key = std::move(value);
    cursor_.take_token();
    open_.back()->members.push_back(std::move(member));
    return true;
  }

  bool end_object() {
    if (const LocatedMember* twice = repeated_key(*open_.back())) {
      return refuse(twice->key_place,
                    "key " + support::quoted(twice->key) + " stands twice in the same object");
    }
    return close();
  }

  bool end_array() { return close(); }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) {
    error_ = syntax_error(error.what());
    const Place place = cursor_.place_at(position == 0 ? 0 : position - 1);
    error_->line = place.line;
    error_->column = place.column;
    return false;
  }

  std::optional<Diagnostic>& error() { return error_; }
  LocatedValue& root() { return root_; }

 private:
  bool refuse(Place place, std::string message) {
    error_ = Diagnostic{.file = {},
                        .line = place.line,
                        .column = place.column,
                        .pointer = {},
                        .message = std::move(message),
                        .expected = {},
                        .nearest = {}};
    return false;
  }

  bool too_long(const std::string& text) {
    if (text.size() <= limits_.string_bytes) return false;
    const Place place = cursor_.next_token();
    return !refuse(place, "string longer than " + std::to_string(limits_.string_bytes) + " bytes");
  }

  LocatedValue* add(LocatedValue::Kind kind) {
    const Place place = cursor_.next_token();
    if (++values_ > limits_.values) {
      refuse(place, "more than " + std::to_string(limits_.values) + " values");
      return nullptr;
    }
    LocatedValue* slot = &root_;
    if (!open_.empty()) {
      LocatedValue& parent = *open_.back();
      slot = parent.kind == LocatedValue::Kind::object ? &parent.members.back().value
                                                       : &parent.items.emplace_back();
    }
    slot->kind = kind;
    slot->place = place;
    last_token_ = cursor_.take_token();
    return slot;
  }

  bool number() {
    LocatedValue* added = add(LocatedValue::Kind::number);
    if (added != nullptr) added->text = last_token_;
    return added != nullptr;
  }

  bool open(LocatedValue::Kind kind) {
    LocatedValue* added = add(kind);
    if (added == nullptr) return false;
    if (open_.size() == limits_.depth) {
      return refuse(added->place,
                    "nested deeper than " + std::to_string(limits_.depth) + " levels");
    }
    open_.push_back(added);
    return true;
  }

  bool close() {
    cursor_.next_token();
    cursor_.take_token();
    open_.pop_back();
    return true;
  }

  static const LocatedMember* repeated_key(const LocatedValue& object) {
    std::vector<const LocatedMember*> sorted;
    for (const LocatedMember& member : object.members) sorted.push_back(&member);
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto* a, const auto* b) { return a->key < b->key; });
    const auto twice =
        std::adjacent_find(sorted.begin(), sorted.end(),
                           [](const auto* a, const auto* b) { return a->key == b->key; });
    return twice == sorted.end() ? nullptr : *(twice + 1);
  }

  Cursor cursor_;
  JsonLimits limits_;
  LocatedValue root_;
  std::vector<LocatedValue*> open_;  // a parent grows only while none of its items is open
  std::string_view last_token_;
  std::size_t values_ = 0;
  std::optional<Diagnostic> error_;
};

Diagnostic whole_file_error(std::string message) {
  Diagnostic diagnostic;
  diagnostic.message = std::move(message);
  return diagnostic;
}

/// nlohmann would take a NUL for the end of the text.
std::optional<Diagnostic> refused_unread(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    return whole_file_error("longer than " + std::to_string(limits.bytes) + " bytes");
  }
  const std::size_t nul = text.find('\0');
  if (nul == std::string_view::npos) return std::nullopt;
  Diagnostic diagnostic = whole_file_error("not valid JSON: a NUL byte");
  const Place place = Cursor(text).place_at(nul);
  diagnostic.line = place.line;
  diagnostic.column = place.column;
  return diagnostic;
}

std::string unescaped(std::string_view token) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] == '~' && i + 1 < token.size()) {
      out += token[++i] == '1' ? '/' : '~';
    } else {
      out += token[i];
    }
  }
  return out;
}

const LocatedValue* child(const LocatedValue& value, const std::string& token) {
  if (value.kind == LocatedValue::Kind::object) return value.find(token);
  std::size_t index = 0;
  const auto [end, status] = std::from_chars(token.data(), token.data() + token.size(), index);
  const bool is_index = status == std::errc() && end == token.data() + token.size();
  return is_index && index < value.items.size() ? &value.items[index] : nullptr;
}

}  // namespace

const LocatedValue* LocatedValue::find(std::string_view key) const {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const LocatedMember& member) { return member.key == key; });
  return found == members.end() ? nullptr : &found->value;
}

std::string_view LocatedValue::kind_name() const {
  switch (kind) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return "a boolean";
    case Kind::number:
      return "a number";
    case Kind::string:
      return "a string";
    case Kind::array:
      return "an array";
    case Kind::object:
      break;
  }
  return "an object";
}

support::Expected<LocatedValue> parse_located(std::string_view text, const std::string& file,
                                              const JsonLimits& limits) {
  std::optional<Diagnostic> error = refused_unread(text, limits);
  if (!error) {
    TreeBuilder builder(text, limits);
    if (nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) {
      return std::move(builder.root());
    }
    error = std::move(builder.error());
    LH_ASSERT(error.has_value());
  }
  error->file = file;
  return Diagnostics{std::move(*error)};
}

std::string pointer_to(const std::string& pointer, std::string_view key) {
  std::string out = pointer + "/";
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::string pointer_to(const std::string& pointer, std::size_t index) {
  return pointer + "/" + std::to_string(index);
}

Place place_of(const LocatedValue& root, std::string_view pointer) {
  const LocatedValue* value = &root;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::string_view token = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(token.size());
    const LocatedValue* next = child(*value, unescaped(token));
    if (next == nullptr) break;
    value = next;
  }
  return value->place;
}

}  // namespace leasehold::scenarios
