#pragma once

#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "sim/process/mailbox.hpp"
#include "sim/process/time.hpp"

namespace leasehold::models {

/// What it takes, as a deployment's servers stand, for the lock to come free by itself: the
/// observer asks when a run has ended with the lock starving its clients. Readings are of hosts'
/// own clocks; the world knows when they come.
struct WayOut {
  /// A clock of the process's host reads so much.
  struct ClockReads {
    sim::ProcessId process = 0;
    sim::ClockKind clock{};
    sim::Duration reading;
  };
  /// The kernel of the process's host gives the connection up.
  struct ConnectionEnds {
    sim::ProcessId process = 0;
    sim::ConnectionId connection = 0;
  };
  using Event = std::variant<ClockReads, ConnectionEnds>;

  bool known = false;
  /// How many of the events free the lock, such as a quorum's. None: it is free. More than there
  /// are: nothing will free it.
  std::size_t needed = 0;
  std::vector<Event> events;
  /// Nothing can be told if one of the events never comes.
  bool all_must_come = false;

  static WayOut unknown() { return {}; }
  static WayOut free() { return {true, 0, {}, false}; }
  static WayOut none() { return {true, 1, {}, false}; }
  static WayOut by(Event event) { return {true, 1, {event}, false}; }
  static WayOut by(std::size_t needed, std::vector<Event> events) {
    return {true, needed, std::move(events), false};
  }
};

}  // namespace leasehold::models
