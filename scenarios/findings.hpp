#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "scenarios/expectation.hpp"
#include "scenarios/tally.hpp"

/// What a cell's runs showed of what was expected of them.
namespace leasehold::scenarios {

/// In how many runs a property was violated, or the lock was stuck.
struct ShareFinding {
  std::optional<checkers::Property> property;  ///< none: stuck
  ExpectedShare expected;
  std::uint64_t seen = 0;
  std::uint64_t judged = 0;  ///< runs that put it to the test and could be judged
  std::uint64_t runs = 0;

  [[nodiscard]] std::string_view subject() const;  ///< the key of Expectation
  /// Fewer than half of the runs judged show nothing.
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
