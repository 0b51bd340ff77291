#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/algorithm.hpp"
#include "scenarios/explanation/assumptions.hpp"
#include "scenarios/explanation/last_chances.hpp"
#include "scenarios/explanation/rhythm.hpp"

namespace leasehold::scenarios {

/// How one violation came about.
struct Explanation {
  Focus focus;
  Chronicle chronicle;
  // The checkers' evidence, where it is of that kind.
  std::optional<checkers::EffectViolation> effect;
  std::optional<checkers::ProgressResult> progress;
  std::optional<checkers::FrequencyCounts> frequency;
  std::vector<LastChance> chances;
  /// The one of them that lasts longest: from then on every continuation that was tried violates.
  std::optional<LastChance> critical;
  /// Another run was found in which the two events of the focus come the other way round, and the
  /// property holds.
  bool order_confirmed = false;
  /// Of a standstill: what the first event of the focus kept from happening, as it does in a run in
  /// which, from the last chance on, nothing more goes wrong.
  struct Elsewhere {
    enum class What : std::uint8_t { told, given_back } what{};
    std::int64_t at_ns = 0;
  };
  std::optional<Elsewhere> elsewhere;
  /// Of a job that ran late: whose request came just before the lock was free.
  std::optional<TooEarly> too_early;
  std::vector<NeededFault> needed;
  std::size_t faults_before = 0;  ///< that began before the violation
  std::size_t faults_tried = 0;   ///< of these: as NeededFaults::tried
  std::uint64_t reruns = 0;
};

/// REQUIRES: the run violates the property.
Explanation explain(const models::AlgorithmRegistry& registry, const Reproduction& run,
                    checkers::Property property);

}  // namespace leasehold::scenarios
