#pragma once

#include <cstdint>
#include <span>

#include "checkers/run_checker.hpp"
#include "models/algorithm.hpp"
#include "models/window.hpp"
#include "scenarios/run_outcome.hpp"
#include "scenarios/run_plan.hpp"
#include "scenarios/scenario.hpp"
#include "sim/world/kernel.hpp"

namespace leasehold::scenarios {

/// One cell of a campaign, resolved: everything about a run but its seed. What it points at must
/// outlive it.
struct Cell {
  const Scenario* scenario = nullptr;
  const models::Algorithm* algorithm = nullptr;
  models::Parameters parameters;
  Fencing fencing = Fencing::off;
  bool vendor_defaults = false;  ///< the library's own lease and retry, not the scenario's
};

/// All that is kept of one run. The checker's evidence is valid until the next run on it.
struct RunResult {
  std::uint64_t seed = 0;
  std::uint64_t digest = 0;
  std::uint64_t events = 0;
  std::int64_t simulated_ns = 0;
  RunCost cost;
  const checkers::RunChecker* checker = nullptr;
};

/// What the scenario fixes for every algorithm.
models::Setting setting_of(const Scenario& scenario);
/// The same, or what the cell's library sets itself.
models::Setting setting_of(const Cell& cell);

/// How many server slots the cell's deployment has.
std::size_t server_count(const Cell& cell);

class Injector;

/// The world of a run, for somebody who looks while it goes on.
struct WorldView {
  const sim::Kernel* kernel = nullptr;
  const models::Deployment* deployment = nullptr;
  const Injector* injector = nullptr;
  std::span<const models::Window<models::LockClient>> locks;  ///< by client
};

/// How many events a run may have. The default comparison has 48,000 in its longest, a day of the
/// dearest lock 48 million; a file that asks for a century must neither hang nor fill the memory.
inline constexpr std::uint64_t kMostEvents = 50'000'000;
/// The same where something is kept of every record, in up to 100 bytes an event, or of every
/// event, in up to 600.
inline constexpr std::uint64_t kMostEventsWritten = 10'000'000;
inline constexpr std::uint64_t kMostEventsTold = 1'000'000;

/// Somebody who wants to look closer at a run.
struct Onlookers {
  sim::TraceSink* trace = nullptr;
  sim::RecordSink* records = nullptr;
  WorkloadPlan* rounds = nullptr;  ///< what the clients took, written down as they take it
  WorldView* world = nullptr;      ///< filled in before the first event, valid until the last
  std::uint64_t most_events = kMostEvents;
};

/// What wall clocks read at the start of a run, but for their errors: something like a date.
inline constexpr sim::Duration kWallClockOrigin = sim::Duration::seconds(1'000'000'000);

/// Runs cells, one run at a time, keeping its buffers between runs. Not thread-safe; a campaign has
/// one per thread. Every run throws RunTooLong rather than have too many events.
class Runner {
 public:
  explicit Runner(const Cell& cell);
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  /// The run of one seed, with the faults that the scenario draws for it.
  RunResult run(std::uint64_t seed, const Onlookers& onlookers = {});
  /// The run of one seed with what is planned instead of what it would draw.
  RunResult run(std::uint64_t seed, const RunPlan& plan, const Onlookers& onlookers = {});
  /// With the given faults instead, and rounds as drawn.
  RunResult run(std::uint64_t seed, const FaultPlan& faults, const Onlookers& onlookers = {});
  /// `rounds`: null where clients draw them.
  RunResult run(std::uint64_t seed, const FaultPlan& faults, const WorkloadPlan* rounds,
                const Onlookers& onlookers);

 private:
  Cell cell_;
  checkers::RunChecker checker_;
};

/// What the clients draw in the run of the seed with those faults.
WorkloadPlan draw_rounds(const Cell& cell, std::uint64_t seed, const FaultPlan& faults);
/// All that the seed draws for the cell, so that running it by the plan is the same run.
RunPlan draw_run_plan(const Cell& cell, std::uint64_t seed);

}  // namespace leasehold::scenarios
