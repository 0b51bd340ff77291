#include "scenarios/shrink/shrink.hpp"

#include <array>
#include <span>
#include <utility>

#include "scenarios/format/absolute_lengths.hpp"
#include "scenarios/shrink/removal.hpp"
#include "scenarios/shrink/timing.hpp"
#include "scenarios/shrink/weakening.hpp"

namespace leasehold::scenarios {
namespace {

using shrinking::Basis;
using shrinking::Candidate;
using shrinking::Trials;

using Pass = bool (*)(Trials&);

constexpr std::array<Pass, 4> kRemovals{
    shrinking::remove_faults,
    shrinking::remove_clients,
    shrinking::remove_rounds,
    shrinking::drop_lengths,
};
/// Each makes the run smaller or leaves it alone, so that they come to an end.
constexpr std::array<Pass, 9> kReductions{
    shrinking::remove_faults,    shrinking::remove_clients,     shrinking::remove_rounds,
    shrinking::renumber_clients, shrinking::wait_for_the_first, shrinking::close_gaps,
    shrinking::weaken_faults,    shrinking::shorten_rounds,     shrinking::end_sooner,
};

/// For what is judged by all that the clients do to the end.
constexpr std::array<Pass, 3> kRemovalsOfJobs{
    shrinking::remove_faults,
    shrinking::lower_clients,
    shrinking::drop_lengths,
};
constexpr std::array<Pass, 4> kReductionsOfJobs{
    shrinking::remove_faults,
    shrinking::lower_clients,
    shrinking::weaken_faults,
    shrinking::end_sooner,
};

/// One after the other, round and round, until none of them changes anything. Whether any did.
bool repeat(std::span<const Pass> passes, Trials& trials) {
  bool any = false;
  std::size_t idle = 0;
  for (std::size_t i = 0; idle < passes.size() && !trials.over(); ++i) {
    const bool changed = passes[i % passes.size()](trials);
    any = any || changed;
    idle = changed ? 0 : idle + 1;
  }
  return any;
}

/// Later starts and rounder numbers may be greater. They come last, and again only if they let
/// something else go.
void reduce(std::span<const Pass> reductions, std::span<const Pass> removals, Trials& trials) {
  do {
    repeat(reductions, trials);
    shrinking::start_later(trials);
    shrinking::make_all_round(trials);
  } while (repeat(removals, trials));
}

/// The run as it was, without what no longer matters to it.
Candidate all_of(const Cell& cell, const RunPlan& plan) {
  Candidate all{*cell.scenario, plan};
  format::measure_by_horizon_no_more(all.scenario);
  all.scenario.faults.clear();
  return all;
}

/// Runs it all for once. Clients that are to go on draw what they do, if that shows the same.
bool start(const Candidate& all, Basis basis, Trials& trials) {
  if (basis == Basis::to_the_end) {
    if (trials.accept({all.scenario, {all.plan.faults, std::nullopt}})) return true;
  }
  return trials.accept(all);
}

std::optional<Shrunk> shrink_by(Basis basis, const Candidate& all, Trials& trials) {
  if (!start(all, basis, trials)) return std::nullopt;
  Shrunk shrunk;
  shrunk.before = trials.seen().size;
  if (basis == Basis::rounds) {
    reduce(kReductions, kRemovals, trials);
  } else {
    reduce(kReductionsOfJobs, kRemovalsOfJobs, trials);
  }
  shrunk.end = trials.over().value_or(Shrunk::End::minimal);
  shrunk.scenario = trials.best().scenario;
  shrunk.plan = trials.best().plan;
  shrunk.after = trials.seen().size;
  shrunk.runs = trials.runs();
  return shrunk;
}

}  // namespace

std::optional<Shrunk> shrink(const Cell& cell, std::uint64_t seed, const RunPlan& plan,
                             checkers::Property property, const ShrinkOptions& options) {
  const Candidate all = all_of(cell, plan);
  Trials trials(cell, seed, property, Basis::rounds, options);
  if (auto shrunk = shrink_by(Basis::rounds, all, trials)) return shrunk;
  if (property != checkers::Property::frequency) return std::nullopt;
  Trials to_the_end(cell, seed, property, Basis::to_the_end, options);
  return shrink_by(Basis::to_the_end, all, to_the_end);
}

}  // namespace leasehold::scenarios
