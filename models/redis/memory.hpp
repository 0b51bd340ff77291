#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "models/parameters.hpp"
#include "sim/process/process.hpp"

namespace leasehold::models::redis {

/// How others fill the memory of a server, beside the few keys of a lock: nothing to speak of, but
/// under pressure it is full and goes on being written to. All times are by the monotonic clock of
/// the server's host.
class Memory {
 public:
  /// `capacity`: keys that fit in; `writes_per_s`: of new keys without a time to live.
  Memory(std::uint64_t capacity, std::uint64_t writes_per_s)
      : capacity_(capacity), writes_per_s_(writes_per_s) {}

  void press(sim::MonoTime now);
  void relieve(sim::MonoTime now);

  bool is_full() const { return pressed_ > 0; }
  bool was_full() const { return !times_.empty(); }
  std::uint64_t capacity() const { return capacity_; }
  /// The keys that others wrote into the full memory meanwhile.
  std::uint64_t written(sim::MonoTime from, sim::MonoTime to) const;

 private:
  struct Time {
    sim::MonoTime from;
    sim::MonoTime to;
  };

  std::uint64_t capacity_;
  std::uint64_t writes_per_s_;
  std::uint32_t pressed_ = 0;  ///< by so many at once
  std::vector<Time> times_;    ///< in which it was full
};

/// The memories of a deployment's servers, by slot.
class Memories {
 public:
  Memories(const Parameters& parameters, std::size_t servers);
  void bind(std::span<sim::Process* const> servers) {
    servers_.assign(servers.begin(), servers.end());
  }
  const Memory& operator[](std::size_t slot) const { return memories_[slot]; }
  void set_pressure(std::size_t slot, bool on);

 private:
  std::deque<Memory> memories_;
  std::vector<sim::Process*> servers_;
};

}  // namespace leasehold::models::redis
