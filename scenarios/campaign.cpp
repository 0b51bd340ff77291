#include "scenarios/campaign.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "scenarios/run.hpp"

namespace leasehold::scenarios {
namespace {

/// Seeds that one thread takes at a time: enough to pay for setting up, few enough to share out.
constexpr std::uint64_t kBlock = 20;
constexpr std::uint64_t kRepeatEvery = 100;

class Campaign {
 public:
  Campaign(std::span<const ResolvedCell> cells, const CampaignOptions& options)
      : cells_(cells), options_(options) {
    blocks_per_cell_ = (options.seeds.count + kBlock - 1) / kBlock;
    result_.cells.resize(cells.size());
  }

  CampaignTallies run() {
    const std::uint64_t blocks = cells_.size() * blocks_per_cell_;
    const auto threads = std::max<std::uint64_t>(1, std::min<std::uint64_t>(options_.jobs, blocks));
    {
      std::vector<std::jthread> helpers;
      for (std::uint64_t i = 1; i < threads; ++i) helpers.emplace_back([this] { try_to_work(); });
      try_to_work();
    }
    if (failure_) std::rethrow_exception(failure_);
    result_.interrupted = runs_done_ < cells_.size() * options_.seeds.count;
    return std::move(result_);
  }

 private:
  bool stopped() const {
    return failed_.load() || (options_.stop != nullptr && options_.stop->load());
  }

  /// What one thread cannot go on with ends the others too, and is thrown when they have.
  void try_to_work() {
    try {
      work();
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      failed_ = true;
    }
  }

  void work() {
    std::vector<CellTally> mine(cells_.size());
    while (!stopped()) {
      const std::uint64_t block = next_block_++;
      if (block >= cells_.size() * blocks_per_cell_) break;
      const auto cell = static_cast<std::size_t>(block / blocks_per_cell_);
      run_block(cell, block % blocks_per_cell_, mine[cell]);
    }
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < mine.size(); ++i) result_.cells[i].merge(mine[i]);
  }

  void run_block(std::size_t cell, std::uint64_t block, CellTally& tally) {
    Runner runner(cells_[cell].cell());
    RunOutcome outcome;
    const std::uint64_t begin = options_.seeds.first + block * kBlock;
    const std::uint64_t end = begin + std::min(kBlock, options_.seeds.count - block * kBlock);
    std::uint64_t seed = begin;
    for (; seed < end && !stopped(); ++seed) {
      read_outcome(run(runner, cell, seed), outcome);
      tally.add(outcome);
      tell(cell, outcome);
      if (seed % kRepeatEvery == 0 && run(runner, cell, seed).digest != outcome.digest) {
        const std::lock_guard lock(mutex_);
        result_.unrepeatable = Unrepeatable{cell, seed};
      }
    }
    report(seed - begin);
  }

  RunResult run(Runner& runner, std::size_t cell, std::uint64_t seed) const {
    Onlookers onlookers;
    onlookers.most_events = options_.most_events;
    if (options_.faults != nullptr) {
      return runner.run(seed, *options_.faults, options_.rounds, onlookers);
    }
    const FaultPlan drawn = draw_fault_plan(cells_[cell].scenario(), seed);
    return runner.run(seed, drawn, options_.rounds, onlookers);
  }

  void tell(std::size_t cell, const RunOutcome& outcome) {
    if (!options_.on_outcome) return;
    const std::lock_guard lock(mutex_);
    options_.on_outcome(cell, outcome);
  }

  void report(std::uint64_t runs) {
    const std::lock_guard lock(mutex_);
    runs_done_ += runs;
    if (options_.on_progress) {
      options_.on_progress({runs_done_, cells_.size() * options_.seeds.count});
    }
  }

  std::span<const ResolvedCell> cells_;
  const CampaignOptions& options_;
  std::uint64_t blocks_per_cell_ = 0;
  std::atomic<std::uint64_t> next_block_ = 0;
  std::mutex mutex_;
  std::uint64_t runs_done_ = 0;
  std::atomic<bool> failed_ = false;
  std::exception_ptr failure_;
  CampaignTallies result_;
};

}  // namespace

CampaignTallies run_campaign(std::span<const ResolvedCell> cells, const CampaignOptions& options) {
  return Campaign(cells, options).run();
}

}  // namespace leasehold::scenarios
