#pragma once

#include <cstdint>

#include "sim/process/mailbox.hpp"
#include "sim/world/true_time.hpp"
#include "support/uint128.hpp"

namespace leasehold::sim {

/// The rolling digest of a run: one word that depends on every event, in order. Two words at a
/// time cost one multiplication, whose halves are folded, as in wyhash (Wang Yi, 2019). It tells
/// runs apart; it is no cryptographic hash.
class Digest {
 public:
  void mix(std::uint64_t first, std::uint64_t second = 0) {
    const support::Uint128 product =
        static_cast<support::Uint128>(value_ ^ first) * (second ^ kOdd);
    value_ = static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product);
  }
  std::uint64_t value() const { return value_; }

 private:
  static constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15u;

  std::uint64_t value_ = 0x6c65617365686f6cu;
};

/// One event of a run, as a trace shows it.
struct TraceEvent {
  enum class Kind : std::uint8_t {
    datagram_sent,
    datagram_delivered,
    datagram_lost,
    segment_sent,
    segment_delivered,
    segment_stalled,
    connection_requested,
    connection_accepted,
    connection_opened,
    connection_closed,
    connection_broken,
    woken,
    observed,
    synced,
    action,
    record,
    started,
    crashed,
    paused,
    resumed,
    machine_stopped,
    machine_continued,
    clock_changed,
    link_changed,
    power_lost,
  };
  static constexpr std::uint32_t kNobody = ~0u;

  TrueTime at{};
  Kind kind{};
  std::uint32_t process = kNobody;  ///< or the host, for events of machines, clocks and links
  std::uint32_t peer = kNobody;
  std::uint64_t detail = 0;          ///< record kind, cookie, connection, incarnation, new value
  const Message* message = nullptr;  ///< valid during the call
  const void* record = nullptr;      ///< for Kind::record: the record itself
  std::uint64_t digest = 0;          ///< of the run, this event included
};

/// Sees every event of a run. Attached only when somebody wants to look.
class TraceSink {
 public:
  virtual void on_event(const TraceEvent& event) = 0;

 protected:
  ~TraceSink() = default;
};

/// Told when a fault makes itself felt: what is watched of the world behaved otherwise than without
/// it. Told again each time, until it is watched no more. Nothing in the world depends on it.
class FaultWatcher {
 public:
  enum class Touch : std::uint8_t {
    cut,      ///< a packet from host `where` to host `peer` met a cut
    lost,     ///< one was lost at random
    delayed,  ///< one took longer
    stopped,  ///< process `where` would have run, or its machine been reached
    clock,    ///< process `where` read a clock that was changed
    cpu,      ///< process `where` computes on a slowed CPU
    disk,     ///< a sync of host `where` was slowed or failed
  };
  virtual void on_touch(Touch touch, std::uint32_t where, std::uint32_t peer) = 0;

 protected:
  ~FaultWatcher() = default;
};

/// Receives the records that the models emit, stamped.
class RecordSink {
 public:
  /// `sequence` rises by one with each record of the run.
  virtual void on_record(TrueTime at, std::uint64_t sequence, std::uint16_t kind,
                         const void* record) = 0;

 protected:
  ~RecordSink() = default;
};

}  // namespace leasehold::sim
