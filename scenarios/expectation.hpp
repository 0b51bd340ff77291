#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "checkers/property.hpp"
#include "scenarios/distribution_spec.hpp"

/// What a scenario that tells a known truth says must come out of its runs.
namespace leasehold::scenarios {

/// In how many of the judged runs a property may and must be violated.
/// JSON: `"holds"` is none of them, `"violated"` all of them.
struct ExpectedShare {
  std::uint32_t at_least_per_mille = 0;
  std::uint32_t at_most_per_mille = 1'000;

  static ExpectedShare holds() { return {0, 0}; }
  static ExpectedShare violated() { return {1'000, 1'000}; }
  friend bool operator==(const ExpectedShare&, const ExpectedShare&) = default;
};

/// How long something lasted in every run.
struct ExpectedLength {
  Span at_least;
  std::optional<Span> at_most;  ///< none: any length

  friend bool operator==(const ExpectedLength&, const ExpectedLength&) = default;
};

/// What must come out of the runs of one variant. What is absent is not looked at.
struct Expectation {
  std::array<std::optional<ExpectedShare>, checkers::kPropertyCount> shares;  ///< by Property
  /// In which of the judged runs the lock must be stuck: nothing that is still to come frees it.
  /// JSON: as for a property, `"holds"` being none.
  std::optional<ExpectedShare> stuck;
  std::optional<ExpectedLength> longest_wait;  ///< of any attempt of the run, served or not
  std::optional<ExpectedLength> longest_gap;   ///< between two acquisitions, by whichever client

  friend bool operator==(const Expectation&, const Expectation&) = default;
};

/// That a scenario tells a known truth, and which.
struct Truth {
  std::string condition;  ///< one line: when what is expected comes about
  std::string source;     ///< where it is known from

  friend bool operator==(const Truth&, const Truth&) = default;
};

}  // namespace leasehold::scenarios
