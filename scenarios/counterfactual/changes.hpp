#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/incident/reproduction.hpp"

namespace leasehold::scenarios {

/// One thing that might have been otherwise about a run, and the cell in which it is.
struct Change {
  enum class Kind : std::uint8_t { fencing, parameter, lease, without_fault, algorithm };
  Kind kind{};
  ResolvedCell cell;
  /// The parameters that are otherwise, fencing among them: two where fencing needs a token first.
  std::map<std::string, std::string> parameters = {};
  std::size_t fault = 0;  ///< without_fault: its index in the plan
};

/// How many faults are left out one at a time at most: those that come first. Nobody reads more
/// rows, and a file may have thousands.
inline constexpr std::size_t kMostFaultsLeftOut = 64;

/// Every change of one thing that there is for the run: fencing where there is a token or may be
/// one; the other choices of each parameter of the algorithm; where a parameter is a length or a
/// number, the values at which the library's scenarios set it; the lease doubled and halved; each
/// fault left out; the other locks of the scenario and of the usual comparison.
std::vector<Change> changes_of(const models::AlgorithmRegistry& registry, const Reproduction& run);

}  // namespace leasehold::scenarios
