#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

#include "support/assert.hpp"
#include "support/uint128.hpp"

namespace leasehold::sim {

/// The number of a stream's purpose: FNV-1a (64 bits) of its name, such as "net.delay".
consteval std::uint64_t purpose(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

/// A stream of random 64-bit words: xoshiro256++ (Blackman and Vigna, 2018), about 1 ns a word.
///
/// A stream is fixed by (seed, entity, purpose) alone: neither the order in which streams are made
/// nor what is drawn from one changes another. A copy repeats the words of its original.
class Rng {
 public:
  /// The stream of one purpose of one entity (a host, a process, a link) under a run's seed.
  /// Its state is one block of Philox4x64-10 (Salmon et al., 2011), about 10 ns: distinct triples
  /// give distinct states within a seed, and unrelated ones between seeds.
  static Rng stream(std::uint64_t seed, std::uint64_t entity, std::uint64_t purpose);

  /// A uniform word.
  std::uint64_t next() {
    const std::uint64_t word = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return word;
  }

  /// A uniform integer of [0, n), from exactly one word. REQUIRES n > 0.
  /// Multiply and shift without rejection: each value's probability is off by less than 2^-64,
  /// so by less than 2^-32 of itself for n up to 2^32.
  std::uint64_t below(std::uint64_t n) {
    LH_ASSERT(n > 0);
    return support::multiply_high(next(), n);
  }

  /// True with probability numerator / denominator, from exactly one word, whatever the
  /// probability. REQUIRES numerator <= denominator, denominator > 0.
  bool chance(std::uint64_t numerator, std::uint64_t denominator) {
    LH_ASSERT(numerator <= denominator);
    return below(denominator) < numerator;
  }

  friend bool operator==(const Rng&, const Rng&) = default;

 private:
  explicit Rng(const std::array<std::uint64_t, 4>& state) : state_(state) {}

  std::array<std::uint64_t, 4> state_;
};

}  // namespace leasehold::sim
