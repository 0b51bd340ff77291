#include "scenarios/tally.hpp"

#include "sim/process/random.hpp"
#include "support/assert.hpp"

namespace leasehold::scenarios {
namespace {

using checkers::Verdict;

bool is_worse(const PropertyTally::Worst& a, const PropertyTally::Worst& b) {
  return a.severity > b.severity || (a.severity == b.severity && a.seed < b.seed);
}

RateSums rate_sums_of(const Totals& totals) {
  return {totals.attempts.acquired, totals.work_overlap_ns.count(), totals.cost.messages,
          totals.cost.fsyncs, totals.simulated_ns};
}

/// A trace's part in the cell's digest. It depends on the seed, so that two runs cannot swap their
/// traces unnoticed.
std::uint64_t digest_share(const RunOutcome& outcome) {
  sim::Rng rng = sim::Rng::stream(outcome.seed, outcome.digest, sim::purpose("tally.digest"));
  return rng.next();
}

}  // namespace

void PropertyTally::add(std::uint64_t seed, checkers::Judgement judgement, std::uint64_t severity) {
  switch (judgement.verdict) {
    case Verdict::violated: {
      const Worst candidate{severity, seed};
      if (!worst || is_worse(candidate, *worst)) worst = candidate;
      return violated_seeds.add(seed);
    }
    case Verdict::unknown:
      return unknown_seeds.add(seed);
    case Verdict::not_applicable:
      return not_applicable_seeds.add(seed);
    case Verdict::holds:
      if (judgement.vacuous) return vacuous_seeds.add(seed);
      ++held_runs;
  }
}

void PropertyTally::merge(const PropertyTally& other) {
  violated_seeds.merge(other.violated_seeds);
  unknown_seeds.merge(other.unknown_seeds);
  vacuous_seeds.merge(other.vacuous_seeds);
  not_applicable_seeds.merge(other.not_applicable_seeds);
  held_runs += other.held_runs;
  if (other.worst && (!worst || is_worse(*other.worst, *worst))) worst = other.worst;
}

void CellTally::add(const RunOutcome& outcome) {
  LH_ASSERT(!seeds_.contains(outcome.seed));
  seeds_.add(outcome.seed);
  digest_ += digest_share(outcome);
  shortlist_.add({Shortlist::rank_of(outcome.verdicts), outcome.events, outcome.seed});
  for (std::size_t i = 0; i < checkers::kPropertyCount; ++i) {
    const auto property = static_cast<checkers::Property>(i);
    properties_[i].add(outcome.seed, outcome.verdicts[property], outcome.severity[i]);
  }
  totals_.merge(outcome.totals);
  const RateSums sums = rate_sums_of(outcome.totals);
  rate_sums_.add(sums);
  resampling_.add(outcome.seed, sums);
}

void CellTally::merge(const CellTally& other) {
  LH_ASSERT(common(seeds_, other.seeds_).empty());
  seeds_.merge(other.seeds_);
  digest_ += other.digest_;
  shortlist_.merge(other.shortlist_);
  for (std::size_t i = 0; i < checkers::kPropertyCount; ++i) {
    properties_[i].merge(other.properties_[i]);
  }
  totals_.merge(other.totals_);
  rate_sums_.add(other.rate_sums_);
  resampling_.merge(other.resampling_);
}

SeedRanges CellTally::judged_seeds(checkers::Property property) const {
  const PropertyTally& tally = properties_[static_cast<std::size_t>(property)];
  SeedRanges unjudged = tally.unknown_seeds;
  unjudged.merge(tally.vacuous_seeds);
  unjudged.merge(tally.not_applicable_seeds);
  return without(seeds_, unjudged);
}

}  // namespace leasehold::scenarios
