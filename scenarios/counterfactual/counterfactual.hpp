#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "checkers/property.hpp"
#include "scenarios/campaign.hpp"
#include "scenarios/counterfactual/changes.hpp"

/// One run again and again, each time with one thing changed: what would have prevented its
/// violation, and at what cost.
namespace leasehold::scenarios {

/// What one run came to.
struct CounterfactualOutcome {
  checkers::Verdict symptom = checkers::Verdict::unknown;
  std::vector<checkers::Property> violated;  ///< all of them
  /// Without a fault: the violation is another one, and it begins so late in true time.
  std::optional<std::int64_t> other_at_ns;
  std::uint64_t digest = 0;
  std::uint64_t acquired = 0;
  std::uint64_t messages = 0;
  std::uint64_t fsyncs = 0;
  checkers::CensoredHistogram::Value latency_p50;
  checkers::CensoredHistogram::Value latency_p99;
};

/// In how many runs the symptom was there.
struct SymptomShare {
  std::uint64_t violated = 0;
  std::uint64_t judged = 0;
};

struct Counterfactual {
  Change change;
  CounterfactualOutcome outcome;
  std::optional<SymptomShare> share = std::nullopt;  ///< none for a fault of this run alone
  /// On plans that differ by milliseconds (nearby_plan); of what prevented the symptom alone.
  std::optional<SymptomShare> nearby = std::nullopt;

  /// The symptom is gone here, and there is a run next to it in which it is not.
  [[nodiscard]] bool prevented_by_luck() const {
    return outcome.symptom == checkers::Verdict::holds && nearby && nearby->violated > 0;
  }
};

struct Counterfactuals {
  checkers::Property symptom{};
  CounterfactualOutcome as_it_was;
  std::optional<SymptomShare> share;
  std::optional<SymptomShare> nearby;
  std::vector<Counterfactual> changed;  ///< what prevented the symptom first, then as tried
};

struct CounterfactualOptions {
  checkers::Property symptom{};
  /// Seeds that every change is also run on, with the faults and rounds that each draws for the
  /// unchanged run; with the run's own where its scenario draws no faults.
  SeedSpan seeds{0, 0};
  /// On how many plans next to the run's own whatever prevents the symptom is tried; on fewer where
  /// the run is long, but on some.
  std::uint32_t nearby = 16;
  const std::atomic<bool>* stop = nullptr;  ///< set from outside: the rest is left out
};

Counterfactuals counterfactuals(const models::AlgorithmRegistry& registry, const Reproduction& run,
                                const CounterfactualOptions& options);

}  // namespace leasehold::scenarios
