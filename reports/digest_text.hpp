#pragma once

#include <cstdint>
#include <string>

namespace leasehold::reports {

/// Sixteen hexadecimal digits.
std::string digest_text(std::uint64_t digest);

}  // namespace leasehold::reports
