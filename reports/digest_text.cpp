#include "reports/digest_text.hpp"

#include <string_view>

namespace leasehold::reports {
namespace {

std::string hexadecimal(std::uint64_t number, std::size_t digits) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(digits, '0');
  for (std::size_t i = digits; i-- > 0; number >>= 4U) text[i] = kDigits[number & 0xfU];
  return text;
}

}  // namespace

std::string digest_text(std::uint64_t digest) { return hexadecimal(digest, 16); }

std::string digest_text(std::uint16_t digest_end) { return hexadecimal(digest_end, 4); }

}  // namespace leasehold::reports
