#include "reports/text.hpp"

#include <algorithm>
#include <array>

#include "support/assert.hpp"

namespace leasehold::reports {
namespace {

constexpr char32_t kInvalid = 0xFFFD;
constexpr std::string_view kReplacement = "\uFFFD";
constexpr std::string_view kEllipsis = "…";

struct CodePoint {
  char32_t value = kInvalid;
  std::size_t bytes = 1;
};

std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

bool is_overlong_or_surrogate(char32_t value, std::size_t bytes) {
  constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  return value < kLeast[bytes] || (value >= 0xD800 && value < 0xE000) || value > 0x10FFFF;
}

/// The first code point of a text that is not empty; an invalid byte counts alone.
CodePoint first_code_point(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = sequence_length(lead);
  if (length == 1) return {lead, 1};
  if (length == 0 || text.size() < length) return {};
  char32_t value = lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0U) != 0x80) return {};
    value = (value << 6U) | (next & 0x3FU);
  }
  return is_overlong_or_surrogate(value, length) ? CodePoint{} : CodePoint{value, length};
}

struct Span {
  char32_t first;
  char32_t last;
};

template <std::size_t N>
bool is_in(char32_t value, const std::array<Span, N>& spans) {
  return std::any_of(spans.begin(), spans.end(), [value](const Span& span) {
    return span.first <= value && value <= span.last;
  });
}

constexpr std::array<Span, 4> kZeroWidth = {
    {{0x300, 0x36F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}}};
constexpr std::array<Span, 9> kDoubleWidth = {{{0x1100, 0x115F},
                                               {0x2E80, 0xA4CF},
                                               {0xAC00, 0xD7A3},
                                               {0xF900, 0xFAFF},
                                               {0xFE30, 0xFE4F},
                                               {0xFF00, 0xFF60},
                                               {0xFFE0, 0xFFE6},
                                               {0x1F300, 0x1FAFF},
                                               {0x20000, 0x3FFFD}}};
/// C0, DEL and C1, and the characters that turn the direction of writing.
constexpr std::array<Span, 4> kControls = {
    {{0, 0x1F}, {0x7F, 0x9F}, {0x202A, 0x202E}, {0x2066, 0x2069}}};

std::size_t width_of(char32_t value) {
  if (is_in(value, kZeroWidth)) return 0;
  return is_in(value, kDoubleWidth) ? 2 : 1;
}

/// The longest beginning that is at most so wide.
std::string_view beginning(std::string_view text, std::size_t width) {
  std::size_t end = 0;
  while (end < text.size()) {
    const CodePoint next = first_code_point(text.substr(end));
    const std::size_t taken = width_of(next.value);
    if (taken > width) break;
    width -= taken;
    end += next.bytes;
  }
  return text.substr(0, end);
}

/// What must stay on one line, and whether a space stood before it.
struct Piece {
  std::string_view text;
  bool after_space = false;
};

/// Whether a unit that belongs to the number before it stands there: `70 %`, `1.5 s`.
bool begins_with_unit(std::string_view text) {
  constexpr std::array<std::string_view, 8> kUnits = {"%", "ns",  "µs", "ms",
                                                      "s", "min", "h",  "ppm"};
  const std::string_view word = text.substr(0, text.find_first_of(" ,;:.)\n"));
  return std::find(kUnits.begin(), kUnits.end(), word) != kUnits.end();
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::vector<Piece> pieces_of(std::string_view line, Break where) {
  std::vector<Piece> pieces;
  std::size_t begin = 0;
  bool after_space = false;
  const auto cut = [&](std::size_t end) {
    if (end > begin) {
      pieces.push_back({line.substr(begin, end - begin), after_space});
      after_space = false;
    }
    begin = end;
  };
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == ' ') {
      if (i > begin && is_digit(line[i - 1]) && begins_with_unit(line.substr(i + 1))) continue;
      cut(i);
      begin = i + 1;
      after_space = true;
    } else if (where == Break::at_hyphens_too && line[i] == '-' && i > begin) {
      cut(i + 1);
    }
  }
  cut(line.size());
  return pieces;
}

void wrap_line(std::string_view line, std::size_t width, Break where,
               std::vector<std::string>& lines) {
  std::string current;
  for (const Piece& piece : pieces_of(line, where)) {
    const bool space = piece.after_space && !current.empty();
    const std::size_t needed = display_width(current) + (space ? 1 : 0) + display_width(piece.text);
    if (!current.empty() && needed > width) {
      lines.push_back(std::move(current));
      current.clear();
    } else if (space) {
      current += ' ';
    }
    current += current.empty() ? abbreviate(piece.text, width) : std::string(piece.text);
  }
  lines.push_back(std::move(current));
}

template <class Each>
void for_each_line(std::string_view text, Each&& each) {
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    each(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  each(text);
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const CodePoint next = first_code_point(text);
    width += width_of(next.value);
    text.remove_prefix(next.bytes);
  }
  return width;
}

std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const CodePoint next = first_code_point(text);
    const bool harmless = next.value == '\n' || !is_in(next.value, kControls);
    const bool keep = harmless && next.value != kInvalid;
    result += keep ? text.substr(0, next.bytes) : kReplacement;
    text.remove_prefix(next.bytes);
  }
  return result;
}

std::string abbreviate(std::string_view text, std::size_t width) {
  LH_ASSERT(width > 0);
  if (display_width(text) <= width) return std::string(text);
  return std::string(beginning(text, width - 1)).append(kEllipsis);
}

std::string padded(std::string_view text, std::size_t width) {
  std::string result(text);
  const std::size_t own = display_width(text);
  if (own < width) result.append(width - own, ' ');
  return result;
}

std::string joined(const std::vector<std::string>& items, std::string_view separator) {
  std::string text;
  for (const std::string& item : items) {
    if (!text.empty()) text += separator;
    text += item;
  }
  return text;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width, Break where) {
  LH_ASSERT(width > 0);
  std::vector<std::string> lines;
  for_each_line(text, [&](std::string_view line) { wrap_line(line, width, where, lines); });
  return lines;
}

std::size_t unbreakable_width(std::string_view text, Break where) {
  std::size_t width = 0;
  for_each_line(text, [&](std::string_view line) {
    for (const Piece& piece : pieces_of(line, where)) {
      width = std::max(width, display_width(piece.text));
    }
  });
  return width;
}

std::string paragraph(std::string_view text, std::size_t indent, std::size_t width) {
  LH_ASSERT(indent < width);
  std::string result;
  for (const std::string& line : wrap(text, width - indent)) {
    if (!result.empty()) result.append(indent, ' ');
    result += line + '\n';
  }
  return result;
}

}  // namespace leasehold::reports
