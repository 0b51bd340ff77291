#pragma once

#include <string_view>
#include <vector>

#include "scenarios/expectation.hpp"
#include "scenarios/tally.hpp"

/// What a cell's runs showed of what was expected of them.
namespace leasehold::scenarios {

/// In how many runs a property was violated.
struct ShareFinding {
  checkers::Property property;
  ExpectedShare expected;
  std::uint64_t violated = 0;
  std::uint64_t judged = 0;  ///< runs that put it to the test and could be judged
  /// Vacuous runs that the faults did come to, and somebody waited in: nothing that the lock goes
  /// by was touched. That it holds is what a truth may say of them.
  std::uint64_t untouched = 0;
  std::uint64_t runs = 0;

  /// Of the runs judged or untouched, if they are not fewer than half.
  [[nodiscard]] bool as_expected() const;
};

/// How long something lasted, from run to run.
struct LengthFinding {
  std::string_view quantity;  ///< the key of Expectation
  sim::Duration at_least;
  std::optional<sim::Duration> at_most;
  PerRun measured;

  [[nodiscard]] bool as_expected() const;
};

struct Findings {
  std::vector<ShareFinding> shares;
  std::vector<LengthFinding> lengths;

  [[nodiscard]] bool as_expected() const;
};

Findings findings(const Expectation& expect, const Yardsticks& yardsticks, const CellTally& tally);

}  // namespace leasehold::scenarios
