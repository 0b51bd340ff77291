#include "bench/increments.hpp"

#include "sim/process/distribution.hpp"

namespace leasehold::bench {

const std::vector<std::uint32_t>& increments() {
  static const std::vector<std::uint32_t> table = [] {
    const sim::Distribution gap = sim::Distribution::exponential(sim::Duration::milliseconds(1));
    sim::Rng rng = sim::Rng::stream(42, 0, sim::purpose("bench.increments"));
    std::vector<std::uint32_t> gaps(std::size_t{1} << 17);
    for (std::uint32_t& g : gaps) g = 1 + static_cast<std::uint32_t>(gap.sample(rng).ns());
    return gaps;
  }();
  return table;
}

}  // namespace leasehold::bench
