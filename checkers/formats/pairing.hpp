#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>

#include "checkers/formats/event_reader.hpp"
#include "checkers/formats/recorded_call.hpp"
#include "support/diagnostic.hpp"

namespace leasehold::checkers {

/// The position of the n-th event of a file, from 0, with room for others between two events.
constexpr Position position_of(std::uint64_t event) { return static_cast<Position>(4 * event + 2); }
constexpr std::uint64_t event_at(Position position) { return position / 4; }
/// So many events have positions.
inline constexpr std::uint64_t kMostEvents = kNever / 4;

/// Makes calls of events: an invocation and the next event of the same process. The order is that
/// of the file, whatever the times say. An `info` leaves the call open for ever, and so does the
/// end of the file; a process that goes on after an `info` is believed. Holds what is open.
class Pairing {
 public:
  /// Told of each call once it is answered, of those that never are at the end.
  using OnCall = std::function<void(RecordedCall&)>;
  /// Told of each event of something that is no client.
  using OnFact = std::function<void(const RecordedEvent&, Position)>;

  explicit Pairing(OnCall on_call, OnFact on_fact = {})
      : on_call_(std::move(on_call)), on_fact_(std::move(on_fact)) {}

  /// Takes the next event, of which nothing is left; what is wrong with it, if something is.
  std::optional<support::Diagnostic> observe(RecordedEvent& event);
  void finish();

  [[nodiscard]] std::uint64_t events() const { return events_; }

 private:
  std::optional<support::Diagnostic> invoke(RecordedEvent& event, Position at);
  std::optional<support::Diagnostic> complete(RecordedEvent& event, Position at);

  OnCall on_call_;
  OnFact on_fact_;
  std::map<std::int64_t, RecordedCall> open_;  ///< by process
  std::uint64_t events_ = 0;
};

/// Pairs all events of a history, or those up to a line with which `enough` is content, asked every
/// few thousand events. What is wrong with it, if something is.
std::optional<support::Diagnostic> pair_events(
    EventReader& events, Pairing& pairing,
    const std::function<bool(std::uint64_t line)>& enough = {});

}  // namespace leasehold::checkers
