#include "checkers/formats/scanner.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "checkers/formats/tokens.hpp"
#include "support/assert.hpp"

namespace leasehold::checkers {

Scanner::Scanner(ByteSource& source)
    : source_(source), window_(new char[kWindow]), capacity_(kWindow) {
  grow();
}

bool Scanner::next(RecordedEvent& event) {
  while (!error_) {
    commit();
    const Found found = read_record(event);
    if (found == Found::event) return true;
    if (found == Found::end) return false;
    if (found == Found::nothing || error_) continue;
    // Back to the beginning of the record.
    at_ = record_.at;
    counted_ = record_.at;
    line_ = record_.line;
    column_ = record_.column;
    if (!grow()) wrong("the record is longer than 64 MiB", "a line or a map per event");
  }
  return false;
}

void Scanner::commit() {
  place();
  record_ = {at_, line_, column_};
}

Place Scanner::place() {
  const char* data = window_.get();
  column_ += static_cast<std::uint32_t>(std::count_if(data + counted_, data + at_, [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
  counted_ = at_;
  return {line_, column_};
}

bool Scanner::grow() {
  LH_ASSERT(at_ == record_.at);
  if (at_ > 0) {
    std::memmove(window_.get(), window_.get() + at_, size_ - at_);
    size_ -= at_;
    at_ = counted_ = record_.at = 0;
  }
  if (size_ == capacity_) {
    if (size_ >= kLongestRecord) return false;
    std::unique_ptr<char[]> wider(new char[2 * capacity_]);
    std::memcpy(wider.get(), window_.get(), size_);
    window_ = std::move(wider);
    capacity_ *= 2;
  }
  const std::size_t count = source_.read(window_.get() + size_, capacity_ - size_);
  size_ += count;
  final_ = count == 0;
  return true;
}

bool Scanner::ran_out(std::string_view what) {
  if (limited_) return wrong("the line ends within " + std::string(what));
  return final_ && wrong("the file ends within " + std::string(what));
}

bool Scanner::wrong(std::string message, std::string expected) {
  return wrong_at(place(), std::move(message), std::move(expected));
}

bool Scanner::wrong_at(Place place, std::string message, std::string expected,
                       std::string nearest) {
  if (error_) return false;
  support::Diagnostic diagnostic;
  diagnostic.line = static_cast<int>(place.line);
  diagnostic.column = static_cast<int>(place.column);
  diagnostic.message = std::move(message);
  diagnostic.expected = std::move(expected);
  diagnostic.nearest = std::move(nearest);
  error_ = std::move(diagnostic);
  return false;
}

bool Scanner::read_value(Value& value) {
  if (depth_ == kDeepest) return wrong("nested more than 100 levels deep");
  value.integer = 0;
  value.text.clear();
  value.items.clear();
  ++depth_;
  const bool read = read_form(value);
  --depth_;
  return read;
}

bool Scanner::read_string(std::string& text) {
  skip(1);
  const char* at = pointer();
  const char* const end = limit();
  const char* copied = at;
  for (; at != end && *at != '"'; ++at) {
    if (*at == '\n') {
      move_to(at + 1);
      new_line();
    } else if (*at == '\\') {
      text.append(copied, at);
      if (!read_escape(at, text)) return false;
      copied = at + 1;
    }
  }
  text.append(copied, at);
  move_to(at);
  if (at == end) return ran_out("a string");
  skip(1);
  return true;
}

// In the three below, `at` comes in at the first character and goes out at the last.

bool Scanner::read_escape(const char*& at, std::string& text) {
  move_to(at);
  if (++at == limit()) return ran_out("a string");
  if (*at == 'u') return read_code_point(at, text);
  constexpr std::string_view kEscapes = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  const std::size_t found = kEscapes.find(*at);
  if (found == std::string_view::npos) {
    return wrong("an unknown escape", R"(one of \" \\ \/ \b \f \n \r \t \uXXXX)");
  }
  text += kMeanings[found];
  return true;
}

bool Scanner::read_code_point(const char*& at, std::string& text) {
  constexpr const char* kHalf = "half a surrogate pair";
  std::uint32_t high = 0;
  if (!read_code_unit(at, high)) return false;
  if (high < 0xD800 || high >= 0xDC00) return append_utf8(text, high) || wrong(kHalf);
  if (limit() - at < 3) return ran_out("a string");
  if (at[1] != '\\' || at[2] != 'u') return wrong(kHalf);
  at += 2;
  std::uint32_t low = 0;
  if (!read_code_unit(at, low)) return false;
  if (low < 0xDC00 || low >= 0xE000) return wrong(kHalf);
  return append_utf8(text, 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
}

bool Scanner::read_code_unit(const char*& at, std::uint32_t& unit) {
  if (limit() - at < 5) return ran_out("a string");
  unit = 0;
  for (int i = 0; i < 4; ++i) {
    const int digit = hex_digit(*++at);
    if (digit < 0) return wrong("a \\u without four hexadecimal digits");
    unit = 16 * unit + static_cast<std::uint32_t>(digit);
  }
  return true;
}

}  // namespace leasehold::checkers
