#include "sim/process/random.hpp"

#include <Random123/philox.h>

namespace leasehold::sim {

Rng Rng::stream(std::uint64_t seed, std::uint64_t entity, std::uint64_t purpose) {
  // The second key word sets these blocks apart from any other use of Philox under the same seed.
  constexpr std::uint64_t kStreams = leasehold::sim::purpose("rng.stream");
  const r123::Philox4x64::ctr_type counter = {{entity, purpose, 0, 0}};
  const r123::Philox4x64::key_type key = {{seed, kStreams}};
  const r123::Philox4x64::ctr_type block = r123::Philox4x64{}(counter, key);
  // A block is a permutation of the counters: one in 2^256 is the all-zero state, which would stay
  // zero for ever.
  LH_ASSERT((block[0] | block[1] | block[2] | block[3]) != 0);
  return Rng({block[0], block[1], block[2], block[3]});
}

}  // namespace leasehold::sim
