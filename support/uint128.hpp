#pragma once

#include <cstdint>

namespace leasehold::support {

__extension__ using Uint128 = unsigned __int128;

/// The upper half of a 128-bit product: `word` scaled from [0, 2^64) to [0, n).
constexpr std::uint64_t multiply_high(std::uint64_t word, std::uint64_t n) {
  return static_cast<std::uint64_t>((static_cast<Uint128>(word) * n) >> 64);
}

}  // namespace leasehold::support
