#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>

#include "checkers/property.hpp"
#include "scenarios/run.hpp"

/// From a run that violates a property to the smallest that still does: delta debugging over what
/// its seed drew.
namespace leasehold::scenarios {

/// How much there is to a run.
struct RunSize {
  std::uint64_t faults = 0;   ///< planned
  std::uint64_t clients = 0;  ///< that wanted the lock
  std::uint64_t rounds = 0;   ///< of all clients
  std::uint64_t records = 0;  ///< of what clients, lock, resource and faults did
  std::int64_t simulated_ns = 0;

  friend bool operator==(const RunSize&, const RunSize&) = default;
};

struct ShrinkProgress {
  std::uint64_t runs = 0;
  RunSize size;  ///< of the smallest so far
};

struct ShrinkOptions {
  std::uint64_t max_runs = 3'000;
  /// Set from outside, as by a signal: shrinking ends after the run under way.
  const std::atomic<bool>* stop = nullptr;
  /// Called after every run.
  std::function<void(const ShrinkProgress&)> on_progress;
};

/// A run that has been made smaller. Its scenario differs from the one it came from in the horizon,
/// the heal phase and the number of clients; it has no fault templates, for the plan says it all.
struct Shrunk {
  enum class End : std::uint8_t {
    minimal,  ///< no single fault, client or round can be spared
    budget,   ///< the runs allowed were used up
    stopped,
  };
  Scenario scenario;
  RunPlan plan;
  RunSize before;
  RunSize after;
  std::uint64_t runs = 0;  ///< that it took
  End end = End::minimal;
};

/// Takes away faults, clients and rounds, then makes what is left shorter, weaker and rounder, and
/// again, until nothing more can go and the run still violates `property`. Nothing if it does not
/// to begin with. The same input gives the same result.
///
/// What chance decides after the plan still comes from the seed. A job that runs too soon
/// (`frequency`) shrinks to two rounds as well. That it runs too late nobody can tell from a few
/// rounds: there the clients draw theirs to the end, and there are fewer of them and less time.
std::optional<Shrunk> shrink(const Cell& cell, std::uint64_t seed, const RunPlan& plan,
                             checkers::Property property, const ShrinkOptions& options = {});

}  // namespace leasehold::scenarios
