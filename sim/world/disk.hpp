#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <utility>

#include "sim/process/disk.hpp"
#include "sim/process/distribution.hpp"
#include "sim/process/random.hpp"
#include "sim/world/true_time.hpp"

namespace leasehold::sim {

/// The one disk of a host: syncs queue behind one another.
class Disk {
 public:
  Disk(std::uint64_t seed, std::uint32_t host, const Distribution& fsync);

  /// Faults. A sync takes `factor` times as long; the next syncs report an error and lose nothing.
  void set_slowdown(std::uint32_t factor) { slowdown_ = factor; }
  void fail_next_syncs(std::uint32_t count) { failures_due_ = count; }
  bool is_faulty() const { return slowdown_ > 1 || failures_due_ > 0; }

 private:
  friend class Kernel;
  friend class Process;

  File& file(std::uint32_t process, std::uint32_t name);
  /// When a sync that is asked for at `now` will be done.
  TrueTime begin_sync(TrueTime now, PendingSync& sync);
  void finish_sync(const PendingSync& sync);
  void power_loss();

  Rng latency_;
  Rng damage_;
  Distribution fsync_;
  std::uint32_t slowdown_ = 1;
  std::uint32_t failures_due_ = 0;
  TrueTime busy_until_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::unique_ptr<File>> files_;
};

}  // namespace leasehold::sim
