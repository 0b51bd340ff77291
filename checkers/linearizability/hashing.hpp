#pragma once

#include <cstdint>

namespace leasehold::checkers {

/// Spreads every bit over all others: the last step of each hash here.
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

/// The hash of one thing after another.
constexpr std::uint64_t mix(std::uint64_t hash, std::uint64_t next) {
  return mix(hash * 0x9E3779B97F4A7C15U + next);
}

}  // namespace leasehold::checkers
