#include "reports/digest_text.hpp"

#include <string_view>

namespace leasehold::reports {

std::string digest_text(std::uint64_t digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t i = text.size(); i-- > 0; digest >>= 4U) text[i] = kDigits[digest & 0xfU];
  return text;
}

}  // namespace leasehold::reports
