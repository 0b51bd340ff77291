#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checkers/property.hpp"
#include "checkers/record/record.hpp"
#include "scenarios/fault_plan.hpp"
#include "scenarios/incident/reproduction.hpp"
#include "sim/process/time.hpp"

/// What happened in one run, ready to be drawn: who stood where, what lasted from which event to
/// which, what travelled. Plain data in true time; pictures, pages and traces are made from it.
namespace leasehold::scenarios {

/// A place in Timeline::events.
using EventIndex = std::uint32_t;
inline constexpr EventIndex kNoEvent = ~EventIndex{0};

/// A place in Timeline::lanes.
using LaneIndex = std::uint32_t;
inline constexpr LaneIndex kNoLane = ~LaneIndex{0};

/// A host with its process: clients first, then the resource, then the servers.
struct TimelineLane {
  enum class Part : std::uint8_t { client, resource, server };
  /// How far a clock of the host is ahead of true time. Between two points it runs evenly; a step
  /// is two points of one time.
  struct ClockPoint {
    std::int64_t at_ns = 0;
    std::int64_t ahead_ns = 0;
  };
  /// Where in its program a client is from an event on, or how a server stands.
  struct Place {
    EventIndex from = 0;
    std::uint32_t text = 0;  ///< in Timeline::texts
  };
  /// Until when, from an event on, a client trusts its lock, or a server keeps it for its holder: a
  /// reading of a clock of their own.
  struct Deadline {
    EventIndex from = 0;
    sim::ClockKind clock{};
    std::optional<std::int64_t> reading_ns;  ///< empty: it never comes
  };

  Part part{};
  std::string name;                               ///< `client:0`, `resource`, `redis:2`
  std::array<std::vector<ClockPoint>, 3> clocks;  ///< by sim::ClockKind
  std::vector<Place> places;
  std::vector<Deadline> deadlines;

  [[nodiscard]] const std::vector<ClockPoint>& wall_clock() const {
    return clocks[static_cast<std::size_t>(sim::ClockKind::wall)];
  }
};

/// Something that a trace shows, in the order in which it happened.
struct TimelineEvent {
  enum class Kind : std::uint8_t {
    sent,
    arrived,
    lost,
    stalled,
    connection,
    process,  ///< starts, crashes, pauses, machines that stop
    clock,
    operation,
    grant,
    belief,
    work,
    effect,
    fault,
    program,   ///< a client came to a point of its program
    standing,  ///< a server has another role, or keeps the lock for somebody else
    phase,     ///< of the run
  };
  std::int64_t at_ns = 0;
  Kind kind{};
  LaneIndex lane = kNoLane;
  LaneIndex peer = kNoLane;  ///< of a message or a connection
  std::uint32_t text = 0;    ///< in Timeline::texts
};

/// What lasts from one event to another.
struct TimelineBar {
  enum class Kind : std::uint8_t {
    belief,
    grant,
    work,
    stopped,
    down,
    leads,  ///< as far as that server knows
    keeps,  ///< the lock, for the attempt, in that server's memory
  };
  Kind kind{};
  LaneIndex lane = 0;               ///< of a grant: its client's
  checkers::AttemptId attempt = 0;  ///< of a belief, a grant, a work, a lock that is kept
  checkers::Token token = 0;        ///< 0: none
  std::uint64_t term = 0;           ///< of who leads; 0: there are no terms
  EventIndex from = 0;
  EventIndex to = kNoEvent;  ///< the last event if it outlasted the run
  std::string_view ended;    ///< why: `released`, `deadline passed`, `run over`
};

/// Two bars of one kind that must not be open at once, and were.
struct TimelineOverlap {
  std::size_t earlier = 0;  ///< in Timeline::bars
  std::size_t later = 0;
  EventIndex from = 0;
  EventIndex to = 0;
};

struct TimelineMessage {
  enum class Fate : std::uint8_t { arrived, lost, pending };
  LaneIndex from = 0;
  LaneIndex to = 0;
  std::uint32_t text = 0;
  EventIndex sent = 0;
  EventIndex settled = kNoEvent;  ///< when it arrived or was lost
  Fate fate = Fate::pending;
  bool stalled = false;  ///< it did not get through at once
};

/// What the resource did with a request.
struct TimelineEffect {
  enum class Outcome : std::uint8_t { accepted, fenced, stale, lost, duplicate };
  EventIndex event = 0;
  checkers::AttemptId attempt = 0;
  checkers::Token token = 0;
  bool write = false;
  Outcome outcome{};
  std::uint64_t version = 0;
};

struct TimelineFault {
  PlannedFault planned;
  std::vector<LaneIndex> targets;  ///< empty: it was never bound
  EventIndex applied = kNoEvent;
  EventIndex in_effect = kNoEvent;  ///< when it was first felt
  EventIndex ended = kNoEvent;
  /// Until when it hit somebody: a restart ends a crash; a step is over at once.
  std::int64_t until_ns = 0;
};

/// What a property was violated by.
struct TimelineFinding {
  checkers::Property property{};
  std::int64_t from_ns = 0;
  std::int64_t to_ns = 0;
  std::vector<checkers::AttemptId> attempts;
};

struct Timeline {
  std::string algorithm;
  std::string scenario;                  ///< the label
  std::vector<std::string_view> recipe;  ///< the steps that places name by number, from 1
  std::uint64_t seed = 0;
  std::uint64_t digest = 0;
  std::int64_t lease_ns = 0;
  std::int64_t healed_ns = 0;  ///< from when on there were no more faults
  std::int64_t end_ns = 0;

  std::vector<std::string> texts;  ///< each once
  std::vector<TimelineLane> lanes;
  std::vector<TimelineEvent> events;
  std::vector<TimelineBar> bars;  ///< in the order of their beginnings
  std::vector<TimelineOverlap> overlaps;
  std::vector<TimelineMessage> messages;  ///< in the order of sending
  std::vector<TimelineEffect> effects;
  std::vector<TimelineFault> faults;  ///< as planned
  std::string_view leader_word;       ///< what who leads is called: `leader`, `primary`

  checkers::RunVerdicts verdicts;
  std::vector<TimelineFinding> findings;  ///< the one that tells most first

  [[nodiscard]] std::int64_t at_ns(EventIndex event) const { return events[event].at_ns; }
  [[nodiscard]] const std::string& text(std::uint32_t index) const { return texts[index]; }
};

/// The run, looked at from its beginning to its end. The finding that it is about comes first.
Timeline record_timeline(const Reproduction& run);

/// A part of a bar in which another was open that must not be.
struct SharedStretch {
  std::size_t bar = 0;
  EventIndex from = 0;
  EventIndex to = 0;
};

/// Of the overlaps, bar by bar: each event of a bar in one stretch at most.
std::vector<SharedStretch> shared_stretches(const Timeline& timeline);

/// A stretch of true time.
struct TimeWindow {
  std::int64_t from_ns = 0;
  std::int64_t to_ns = 0;
};

/// What to look at first: the finding that tells most, from the beginning of what it is about; the
/// whole run if nothing was violated.
TimeWindow opening_window(const Timeline& timeline);

}  // namespace leasehold::scenarios
