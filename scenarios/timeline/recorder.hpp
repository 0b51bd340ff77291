#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checkers/effect_safety.hpp"
#include "scenarios/cast.hpp"
#include "scenarios/run.hpp"
#include "scenarios/timeline/message_matcher.hpp"
#include "scenarios/timeline/timeline.hpp"

namespace leasehold::scenarios {

/// More than anybody can look through, and less than fills a machine's memory: a run that has more
/// is followed no further.
inline constexpr std::size_t kMostTimelineEvents = 500'000;

/// Looks at a run as it happens and puts down what a timeline needs.
class TimelineRecorder final : public sim::TraceSink {
 public:
  TimelineRecorder(const ResolvedCell& cell, const FaultPlan& faults);
  /// What the run is to be given. REQUIRES: the recorder outlives the run.
  Onlookers onlookers();
  void on_event(const sim::TraceEvent& event) override;
  /// REQUIRES: once, with the result of the run that it looked at.
  Timeline finish(const RunResult& result);

 private:
  using Kind = TimelineEvent::Kind;
  using Bar = TimelineBar::Kind;

  void add_lanes();
  /// Every event that is shown is put down first; what follows from it comes after.
  EventIndex put(const sim::TraceEvent& event, Kind kind, const std::string& text);
  std::uint32_t text(const std::string& text);
  std::string words(const sim::Message& message) const;

  void message_event(const sim::TraceEvent& event);
  void connection_event(const sim::TraceEvent& event);
  void process_event(const sim::TraceEvent& event);
  void record(const sim::TraceEvent& event);
  void see(const sim::TraceEvent& event, const checkers::Operation& operation);
  void see(const sim::TraceEvent& event, const checkers::Grant& grant);
  void see(const sim::TraceEvent& event, const checkers::Belief& belief);
  void see(const sim::TraceEvent& event, const checkers::Work& work);
  void see(const sim::TraceEvent& event, const checkers::Effect& effect);
  void see(const sim::TraceEvent& event, const checkers::ClientLife& life);
  void see(const sim::TraceEvent& event, const checkers::RunPhase& phase);
  void see(const sim::TraceEvent& event, const checkers::FaultRecord& fault);
  void see(const sim::TraceEvent& event, const checkers::Milestone& milestone);

  void open(Bar kind, LaneIndex lane, checkers::AttemptId attempt, EventIndex at);
  void close(Bar kind, LaneIndex lane, checkers::AttemptId attempt, EventIndex at,
             std::string_view why);
  void close_all_of(LaneIndex client, EventIndex at, std::string_view why);
  void stop(LaneIndex lane, EventIndex at);
  void go_on(LaneIndex lane, EventIndex at);
  void look_at_clock(LaneIndex host, std::int64_t now_ns);
  void reach(LaneIndex client, EventIndex at, std::string_view what, std::string_view step);
  void put_place(LaneIndex lane, EventIndex at, const std::string& place);
  TimelineEffect::Outcome judge(const sim::TraceEvent& event, const checkers::Effect& effect);

  // What nobody tells of (recorder_standings.cpp).
  /// Looks at those who may have changed something since the last event.
  void look_back();
  void look_at(LaneIndex process);
  void look_at_server(std::uint32_t slot);
  void put_roles(LaneIndex lane, EventIndex at, const std::optional<models::Standing>& before,
                 const std::optional<models::Standing>& now);
  void put_deadline(LaneIndex lane, const models::Deadline& deadline);
  /// The last event if that was at the moment looked back at, else the next one.
  EventIndex by_then() const;

  const ResolvedCell& cell_;
  Cast cast_;
  WorldView world_;
  Timeline timeline_;
  std::string_view recipe_;  ///< of which models/recipe_steps.hpp knows the steps
  MessageMatcher messages_;
  checkers::EffectSafety effects_;
  std::map<std::string, std::uint32_t, std::less<>> text_numbers_;
  std::map<std::pair<Bar, std::pair<LaneIndex, checkers::AttemptId>>, std::size_t> open_;
  std::map<checkers::AttemptId, checkers::Token> tokens_;
  std::vector<std::uint32_t> stops_;    ///< by lane
  std::vector<bool> asking_;            ///< by client: whether it waits for the lock
  std::vector<sim::HostClock> clocks_;  ///< by host, as they were last looked at
  std::vector<LaneIndex> clocks_to_look_at_;
  std::vector<std::optional<models::Standing>> standings_;  ///< by slot, as last looked at
  sim::TraceEvent before_;       ///< the last event: its time and its process
  LaneIndex running_ = kNoLane;  ///< who ran last
  std::uint64_t stamps_ = 0;
};

/// What a clock of that kind reads at the start of a run, but for its error.
constexpr std::int64_t zero_of(sim::ClockKind clock) {
  return clock == sim::ClockKind::wall ? kWallClockOrigin.ns() : 0;
}

}  // namespace leasehold::scenarios
