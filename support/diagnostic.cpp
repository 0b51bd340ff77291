#include "support/diagnostic.hpp"

#include <cstddef>

namespace leasehold::support {
namespace {

constexpr std::size_t kQuotedMax = 60;
constexpr std::size_t kPointerMax = 200;

bool continues_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

void append_escaped(std::string& out, char c) {
  constexpr char kHex[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x20U && byte != 0x7FU) {
    out += c;
    return;
  }
  out += "\\x";
  out += kHex[byte >> 4U];
  out += kHex[byte & 0xFU];
}

/// Escaped and cut after `most` code points.
std::string shortened(const std::string& text, std::size_t most) {
  std::string out;
  std::size_t shown = 0;
  for (const char c : text) {
    if (!continues_code_point(c) && ++shown > most) return out + "…";
    append_escaped(out, c);
  }
  return out;
}

}  // namespace

std::string Diagnostic::text() const {
  std::string out = file;
  if (line > 0) out += ":" + std::to_string(line) + ":" + std::to_string(column);
  if (!out.empty()) out += ": ";
  if (!pointer.empty()) out += shortened(pointer, kPointerMax) + ": ";
  out += message;
  if (!nearest.empty()) out += "; did you mean " + quoted(nearest) + "?";
  if (!expected.empty()) out += (nearest.empty() ? "; expected " : " Expected ") + expected;
  return out;
}

std::string text(const Diagnostics& diagnostics) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) out += diagnostic.text() + "\n";
  return out;
}

std::string quoted(const std::string& word) { return "\"" + shortened(word, kQuotedMax) + "\""; }

}  // namespace leasehold::support
