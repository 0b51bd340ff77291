#pragma once

#include <cstdint>
#include <vector>

#include "checkers/record/record.hpp"
#include "models/algorithm.hpp"
#include "scenarios/cast.hpp"
#include "scenarios/effect_watch.hpp"
#include "scenarios/fault_plan.hpp"
#include "sim/world/kernel.hpp"

namespace leasehold::scenarios {

/// Carries out a fault plan in one world: waits for the times and events of its faults, binds their
/// roles to processes and hosts when they start, and undoes everything when the world heals.
class Injector final : private sim::Action, private EffectListener {
 public:
  Injector(sim::Kernel& kernel, Cast& cast, models::Deployment& deployment, const FaultPlan& plan);

  void start();
  /// Ends every fault and starts every process that is to be restarted; from then on none begins.
  /// Clocks keep their offsets.
  void heal();

  /// Whom the fault was bound to; nobody before that.
  const std::vector<sim::ProcessId>& targets(std::size_t fault) const {
    return progress_[fault].targets;
  }

  void on_milestone(const checkers::Milestone& milestone);
  void on_grant(const checkers::Grant& grant);
  void on_work(const checkers::Work& work);

 private:
  enum class Step : std::uint64_t { arm, expire, begin, end, restart, look_for_remains, promote };
  enum class State : std::uint8_t { planned, armed, active, over };

  struct Progress {
    State state = State::planned;
    std::uint32_t events_seen = 0;
    checkers::ClientId trigger_client = 0;  ///< whose event set it off
    std::vector<sim::ProcessId> targets;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> links;  ///< from host, to host
  };

  void act(std::uint64_t cookie) override;
  void on_in_effect(std::size_t fault) override;
  void at(sim::TrueTime when, std::size_t fault, Step step);
  void after(sim::Duration delay, std::size_t fault, Step step);

  void arm(std::size_t fault);
  void begin(std::size_t fault);
  void end(std::size_t fault);
  void on_event(Trigger event, checkers::ClientId client);
  static bool concerns(const Target& target, checkers::ClientId client);
  std::vector<sim::ProcessId> bind(const PlannedFault& planned, const Progress& progress) const;
  void apply(std::size_t fault);
  void undo(std::size_t fault);
  /// False: the process minds no full memory.
  bool press_memory(sim::ProcessId process, bool on);
  std::optional<sim::ProcessId> standby_of(sim::ProcessId process) const;
  void begin_failover(std::size_t fault);
  void promote(std::size_t fault);
  void end_failover(std::size_t fault);
  void record(std::size_t fault, checkers::FaultRecord::Phase phase);

  void find_links(std::size_t fault);
  void find_links_between_sides(std::size_t fault);
  bool is_among(Peers peers, sim::ProcessId process) const;
  void change_links(std::size_t fault, int sign);
  void change_clocks(std::size_t fault, std::int64_t sign);
  void crash(sim::ProcessId process, bool power);
  void bring_back(std::size_t fault);
  void look_for_remains();

  sim::Kernel& kernel_;
  Cast& cast_;
  models::Deployment& deployment_;
  const FaultPlan& plan_;
  EffectWatch watch_;
  std::vector<Progress> progress_;
  std::vector<sim::ProcessId> remains_;  ///< crashed clients of which something may be on its way
  bool healed_ = false;
};

}  // namespace leasehold::scenarios
