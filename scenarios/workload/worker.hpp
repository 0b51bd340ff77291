#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "models/algorithm.hpp"
#include "models/resource/resource.hpp"
#include "models/window.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/workload/rounds.hpp"
#include "sim/process/process.hpp"

namespace leasehold::scenarios {

/// Each client's lock, for who looks at the run.
using LockWindow = models::Window<models::LockClient>;

/// What every client of a run is given. Outlives the run's processes.
struct WorkloadContext {
  WorkloadContext(const Scenario& what, models::Deployment& locks, sim::ProcessId protected_one,
                  Rounds& taken_from, std::span<LockWindow> by_client)
      : scenario(&what),
        deployment(&locks),
        rounds(&taken_from),
        windows(by_client),
        resource(protected_one),
        think(what.think.resolve(what.yardsticks())),
        work(what.work.resolve(what.yardsticks())),
        step(what.cpu.step.resolve(what.yardsticks())) {}

  const Scenario* scenario;
  models::Deployment* deployment;
  Rounds* rounds;
  std::span<LockWindow> windows;
  sim::ProcessId resource;
  sim::Distribution think;
  sim::Distribution work;
  sim::Distribution step;
};

/// One incarnation of one client: the application around the lock. It takes its think and work
/// times first thing in each round, so that they are the same for every algorithm at one seed.
class Worker {
 public:
  Worker(sim::Process& self, checkers::ClientId client, const WorkloadContext& context);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  virtual ~Worker() = default;

  /// Works for ever, or until the plan has no more rounds for it.
  virtual sim::Task<void> run() = 0;

 protected:
  using Cause = models::resource::ResourceClient::Cause;

  /// As drawn or as planned; none after the last of a plan.
  std::optional<PlannedRound> next_round() {
    return context_.rounds->next(client_, [this] { return draw_round(); });
  }
  /// One logical acquisition, recorded as one operation. False: given up.
  sim::Task<bool> acquire(checkers::AttemptId attempt);
  sim::Task<void> release(checkers::AttemptId attempt);
  void enter(checkers::AttemptId attempt);
  void leave(checkers::AttemptId attempt);

  Cause cause() const;
  /// A step of the program, at which a pause may fall.
  sim::Process::Compute step();
  /// Looks at the lock before relying on it; false if the client no longer believes in it. What
  /// follows is not atomic with it, however short the way.
  sim::Task<bool> still_mine();
  /// One effect, if the client still believes in its lock. False: given up, or refused by fencing.
  sim::Task<bool> read();
  sim::Task<bool> write();

  checkers::AttemptId next_attempt();
  checkers::AttemptId attempt() const { return attempt_; }

  sim::Process& self_;
  checkers::ClientId client_;
  const WorkloadContext& context_;
  std::unique_ptr<models::LockClient> lock_;
  LockWindow::Opening shown_;
  models::resource::ResourceClient resource_;
  sim::Rng think_time_;
  sim::Rng work_time_;
  std::uint64_t version_ = 0;   ///< of the resource, as last seen
  std::uint64_t job_ = 0;       ///< what the effects are done for
  std::uint64_t last_job_ = 0;  ///< what the resource's last accepted write was done for

 private:
  /// From the scenario's think and work times.
  virtual PlannedRound draw_round();
  void record(checkers::Operation::Kind kind, checkers::Operation::Phase phase,
              checkers::AttemptId attempt);

  checkers::AttemptId attempt_ = 0;
  std::uint32_t attempts_ = 0;
  sim::Rng step_time_;
};

/// The worker of the scenario's workload.
std::unique_ptr<Worker> make_worker(sim::Process& self, checkers::ClientId client,
                                    const WorkloadContext& context);

}  // namespace leasehold::scenarios
