#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/world/trace.hpp"

namespace leasehold::sim {

/// What is kept of an event to compare runs by: 40 bytes.
struct TracedEvent {
  TrueTime at;
  TraceEvent::Kind kind{};
  std::uint32_t process = TraceEvent::kNobody;
  std::uint32_t peer = TraceEvent::kNobody;
  std::uint64_t detail = 0;
  std::uint64_t digest = 0;  ///< of the run, this event included

  friend bool operator==(const TracedEvent&, const TracedEvent&) = default;
};

/// Keeps the events of a run.
class TraceRecorder final : public TraceSink {
 public:
  void on_event(const TraceEvent& event) override;
  const std::vector<TracedEvent>& events() const { return events_; }

 private:
  std::vector<TracedEvent> events_;
};

/// Where two runs part.
struct TraceDifference {
  std::size_t index = 0;                ///< of the first event that differs
  std::optional<TracedEvent> expected;  ///< of the first run; empty if it ended before
  std::optional<TracedEvent> got;       ///< of the second run; empty if it ended before
};

/// The first event in which two runs differ, or nothing if they are the same.
std::optional<TraceDifference> first_difference(const std::vector<TracedEvent>& expected,
                                                const std::vector<TracedEvent>& got);

/// An event in one line: "12.000345678 s datagram_sent process 3 peer 0 detail 0".
std::string describe(const TracedEvent& event);

/// "diverged at event 17: expected …, got …"
std::string describe(const TraceDifference& difference);

}  // namespace leasehold::sim
