#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "scenarios/fault_plan.hpp"
#include "sim/world/kernel.hpp"

namespace leasehold::scenarios {

/// Told once of each fault that changed what a process or a message did.
class EffectListener {
 public:
  virtual void on_in_effect(std::size_t fault) = 0;

 protected:
  ~EffectListener() = default;
};

/// Finds out when faults are first felt: a partition by the first packet that it stops, a pause
/// when the process would have run, a slow CPU when it computes, a step when the clock is next read
/// or a timer waits for it. Cheap where nothing is watched, and blind to what it need not see.
class EffectWatch final : private sim::FaultWatcher {
 public:
  using Links = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

  EffectWatch(sim::Kernel& kernel, EffectListener& listener);
  EffectWatch(const EffectWatch&) = delete;
  EffectWatch& operator=(const EffectWatch&) = delete;
  ~EffectWatch();

  /// Whether the fault will be felt as soon as it is applied. `links`: those that it will change.
  bool acts_at_once(const PlannedFault& planned, const std::vector<sim::ProcessId>& targets,
                    const Links& links) const;
  /// Watches a fault that was applied. `links`: those that it changed.
  void begin(std::size_t fault, const PlannedFault& planned,
             const std::vector<sim::ProcessId>& targets, const Links& links);
  void end(std::size_t fault);

 private:
  struct Watched {
    std::size_t fault = 0;
    FaultKind kind{};
    std::vector<sim::ProcessId> targets;
    Links links;
  };

  void on_touch(Touch touch, std::uint32_t where, std::uint32_t peer) override;
  static bool is_felt(const Watched& watched, Touch touch, std::uint32_t where, std::uint32_t peer);
  void forget(std::size_t place);
  void watch_clocks_of(const std::vector<sim::ProcessId>& hosts);

  sim::Kernel& kernel_;
  EffectListener& listener_;
  std::vector<Watched> watched_;
};

}  // namespace leasehold::scenarios
