#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "scenarios/resolve.hpp"
#include "scenarios/run.hpp"
#include "scenarios/tally.hpp"

namespace leasehold::scenarios {

/// Which seeds every cell of a campaign runs.
struct SeedSpan {
  std::uint64_t first = 0;
  std::uint64_t count = 0;

  friend bool operator==(const SeedSpan&, const SeedSpan&) = default;
};

struct CampaignProgress {
  std::uint64_t runs_done = 0;
  std::uint64_t runs_planned = 0;
};

struct CampaignOptions {
  SeedSpan seeds{0, 1'000};
  unsigned jobs = 1;
  /// What every run has in common instead of what its seed would draw; null: drawn.
  const FaultPlan* faults = nullptr;
  const WorkloadPlan* rounds = nullptr;
  /// Called with the cell and what came of one of its runs, in any order, from one of the
  /// campaign's threads, never from two at once.
  std::function<void(std::size_t, const RunOutcome&)> on_outcome;
  /// Called now and then from one of the campaign's threads, never from two at once.
  std::function<void(const CampaignProgress&)> on_progress;
  /// Set from outside, as by a signal: the campaign ends after the runs under way.
  const std::atomic<bool>* stop = nullptr;
  std::uint64_t most_events = kMostEvents;  ///< of each run
};

/// Two executions of one run that differ: a bug in leasehold, whatever else it found.
struct Unrepeatable {
  std::size_t cell = 0;
  std::uint64_t seed = 0;
};

struct CampaignTallies {
  std::vector<CellTally> cells;  ///< in the order of the campaign's cells
  bool interrupted = false;
  std::optional<Unrepeatable> unrepeatable;
};

/// Runs every cell over the same seeds. The tallies depend on the cells and the seeds alone: not on
/// the number of threads nor on who ran what. Every hundredth run is executed twice and compared.
CampaignTallies run_campaign(std::span<const ResolvedCell> cells, const CampaignOptions& options);

}  // namespace leasehold::scenarios
