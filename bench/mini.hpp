#pragma once

#include <cstdint>
#include <vector>

/// The mini run: five clients and one lock server for sixty simulated seconds over lossy datagrams,
/// with drifting clocks and one pause, on sim's public API. It exists to be measured: its
/// parameters are those of the hand-written state machine it is compared with
/// (docs/performance.md).
namespace leasehold::bench {

struct MiniResult {
  std::uint64_t events = 0;
  std::uint64_t cycles = 0;      ///< critical sections completed
  std::uint64_t operations = 0;  ///< calls answered or given up
  std::uint64_t overlaps = 0;    ///< critical sections that began before an earlier one had ended
  std::uint64_t digest = 0;
};

MiniResult run_mini(std::uint64_t seed);

}  // namespace leasehold::bench
