#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "scenarios/resampling.hpp"
#include "scenarios/run_outcome.hpp"
#include "scenarios/seed_ranges.hpp"
#include "scenarios/shortlist.hpp"

namespace leasehold::scenarios {

/// What the runs of a cell say about one property.
struct PropertyTally {
  struct Worst {
    std::uint64_t severity = 0;  ///< as RunOutcome::severity
    std::uint64_t seed = 0;

    friend bool operator==(const Worst&, const Worst&) = default;
  };

  SeedRanges violated_seeds;
  SeedRanges unknown_seeds;
  SeedRanges vacuous_seeds;
  SeedRanges not_applicable_seeds;
  std::uint64_t held_runs = 0;  ///< not counting the vacuous ones
  std::optional<Worst> worst;   ///< the severest violation, of equal ones the lowest seed

  /// The runs that were put to the test and judged: what a rate is taken over.
  [[nodiscard]] std::uint64_t judged_runs() const { return violated_seeds.count() + held_runs; }

  void add(std::uint64_t seed, checkers::Judgement judgement, std::uint64_t severity);
  void merge(const PropertyTally& other);

  friend bool operator==(const PropertyTally&, const PropertyTally&) = default;
};

/// The result of any set of runs of one cell (one scenario, algorithm, set of parameters), without
/// the runs. Adding and merging are commutative and associative, so the result of a campaign does
/// not depend on how its seeds were divided among threads and shards. Integers only.
class CellTally {
 public:
  /// REQUIRES: the outcome's seed is new.
  void add(const RunOutcome& outcome);
  /// REQUIRES: the two have no seed in common.
  void merge(const CellTally& other);

  [[nodiscard]] const SeedRanges& seeds() const { return seeds_; }
  [[nodiscard]] std::uint64_t runs() const { return seeds_.count(); }
  /// Of all traces, whatever their order.
  [[nodiscard]] std::uint64_t digest() const { return digest_; }
  [[nodiscard]] const PropertyTally& property(checkers::Property property) const {
    return properties_[static_cast<std::size_t>(property)];
  }
  /// The runs to keep, if any are kept.
  [[nodiscard]] const Shortlist& shortlist() const { return shortlist_; }
  /// The seeds on which the property was put to the test and judged.
  [[nodiscard]] SeedRanges judged_seeds(checkers::Property property) const;
  [[nodiscard]] const Totals& totals() const { return totals_; }
  [[nodiscard]] const Resampling& resampling() const { return resampling_; }
  /// The same sums as in the resampling's replicates, of the runs themselves.
  [[nodiscard]] const RateSums& rate_sums() const { return rate_sums_; }

 private:
  SeedRanges seeds_;
  std::uint64_t digest_ = 0;
  std::array<PropertyTally, checkers::kPropertyCount> properties_;
  Shortlist shortlist_;
  Totals totals_;
  RateSums rate_sums_;
  Resampling resampling_;
};

}  // namespace leasehold::scenarios
