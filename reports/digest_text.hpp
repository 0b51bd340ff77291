#pragma once

#include <cstdint>
#include <string>

namespace leasehold::reports {

/// Sixteen hexadecimal digits.
std::string digest_text(std::uint64_t digest);
/// Four, of the end of one.
std::string digest_text(std::uint16_t digest_end);

}  // namespace leasehold::reports
