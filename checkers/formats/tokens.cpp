#include "checkers/formats/tokens.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace leasehold::checkers {
namespace {

enum Class : unsigned char { kPlain, kBlank, kBracket };

constexpr std::array<unsigned char, 256> classes() {
  std::array<unsigned char, 256> table{};
  for (const char c : std::string_view(" ,\t\n\r\f\v"))
    table[static_cast<unsigned char>(c)] = kBlank;
  for (const char c : std::string_view("()[]{}\";"))
    table[static_cast<unsigned char>(c)] = kBracket;
  return table;
}
constexpr std::array<unsigned char, 256> kClasses = classes();

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_token(std::string_view text) {
  return !text.empty() && std::none_of(text.begin(), text.end(), is_delimiter) &&
         std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

std::size_t digits(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) -
                                  text.begin());
}

/// Removes the digits at the front; false if there are none.
bool drop_digits(std::string_view& text) {
  const std::size_t count = digits(text);
  text.remove_prefix(count);
  return count > 0;
}

bool drop(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

/// What may follow the first digits of a number that is no integer.
bool is_rest_of_number(std::string_view text) {
  if (drop(text, '/')) return drop_digits(text) && text.empty();
  if (drop(text, '.')) drop_digits(text);
  if (drop(text, 'e') || drop(text, 'E')) {
    if (!drop(text, '-')) drop(text, '+');
    if (!drop_digits(text)) return false;
  }
  return text.empty() || text == "M" || text == "N";
}

}  // namespace

bool is_blank(char c) { return kClasses[static_cast<unsigned char>(c)] == kBlank; }

bool is_delimiter(char c) { return kClasses[static_cast<unsigned char>(c)] != kPlain; }

bool is_keyword(std::string_view text) { return is_token(text); }

bool is_symbol(std::string_view text) {
  if (!is_token(text) || text == "nil" || text == "true" || text == "false") return false;
  const char first = text.front();
  if (first == ':' || first == '\\' || first == '#' || first == '^' || is_digit(first))
    return false;
  const bool sign = first == '-' || first == '+';
  return !(sign && text.size() > 1 && is_digit(text[1]));
}

bool is_character(std::string_view text) {
  if (text.empty() || is_blank(text.front()) || static_cast<unsigned char>(text.front()) < 0x20) {
    return false;
  }
  return text.size() == 1 || is_token(text.substr(1));
}

bool read_number(std::string_view text, Value& value) {
  std::string_view magnitude = text;
  const bool negative = drop(magnitude, '-');
  if (!negative) drop(magnitude, '+');
  if (magnitude.empty() || !is_digit(magnitude.front())) return false;
  const bool hexadecimal = magnitude.starts_with("0x") || magnitude.starts_with("0X");
  std::string_view integer = magnitude;
  if (hexadecimal) {
    integer.remove_prefix(2);
  } else if (integer.ends_with('N')) {
    integer.remove_suffix(1);
  }
  std::uint64_t read = 0;
  const char* const begin = integer.data();
  const char* const end = begin + integer.size();
  const auto [stopped, error] = std::from_chars(begin, end, read, hexadecimal ? 16 : 10);
  const std::uint64_t most = (std::uint64_t{1} << 63) - (negative ? 0 : 1);
  if (!integer.empty() && stopped == end && error == std::errc() && read <= most) {
    value.kind = Value::Kind::integer;
    value.integer = static_cast<std::int64_t>(negative ? 0 - read : read);
    return true;
  }
  if (!hexadecimal) {
    std::string_view rest = magnitude;
    drop_digits(rest);
    if (!is_rest_of_number(rest)) return false;
  } else if (integer.empty() || stopped != end) {
    return false;
  }
  value.kind = Value::Kind::number;
  value.text = text;
  return true;
}

bool append_utf8(std::string& text, std::uint32_t code_point) {
  const auto add = [&text](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (code_point >= 0xD800 && code_point < 0xE000) return false;
  if (code_point > 0x10FFFF) return false;
  if (code_point < 0x80) {
    add(code_point);
    return true;
  }
  if (code_point < 0x800) {
    add(0xC0 | (code_point >> 6));
  } else if (code_point < 0x10000) {
    add(0xE0 | (code_point >> 12));
    add(0x80 | ((code_point >> 6) & 0x3F));
  } else {
    add(0xF0 | (code_point >> 18));
    add(0x80 | ((code_point >> 12) & 0x3F));
    add(0x80 | ((code_point >> 6) & 0x3F));
  }
  add(0x80 | (code_point & 0x3F));
  return true;
}

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace leasehold::checkers
