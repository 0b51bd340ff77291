#include "scenarios/timeline/recorder.hpp"

#include <algorithm>
#include <array>

#include "checkers/record/effect_word.hpp"
#include "models/describe.hpp"
#include "models/recipe_steps.hpp"
#include "scenarios/injector.hpp"
#include "scenarios/record_text.hpp"
#include "scenarios/timeline/findings.hpp"
#include "scenarios/words.hpp"
#include "scenarios/workload/workloads.hpp"

namespace leasehold::scenarios {

using checkers::AttemptId;
using checkers::Belief;
using checkers::ClientLife;
using checkers::Effect;
using checkers::FaultRecord;
using checkers::Grant;
using checkers::Milestone;
using checkers::Operation;
using checkers::RunPhase;
using checkers::Work;
using Trace = sim::TraceEvent;

namespace {

std::int64_t now_ns(const Trace& event) { return event.at.since_zero().ns(); }

constexpr std::array kClockKinds{sim::ClockKind::wall, sim::ClockKind::mono, sim::ClockKind::boot};

/// What concerns that lane, wherever in the world it was noticed.
Trace of(LaneIndex lane, Trace event) {
  event.process = lane;
  return event;
}

}  // namespace

Timeline record_timeline(const Reproduction& run) {
  TimelineRecorder recorder(run.cell, run.plan.faults);
  Runner runner(run.cell.cell());
  const RunResult result = runner.run(run.seed, run.plan, recorder.onlookers());
  Timeline timeline = recorder.finish(result);
  std::stable_partition(
      timeline.findings.begin(), timeline.findings.end(),
      [&](const TimelineFinding& finding) { return finding.property == run.symptom; });
  return timeline;
}

TimelineRecorder::TimelineRecorder(const ResolvedCell& cell, const FaultPlan& faults)
    : cell_(cell),
      cast_(cell.scenario().clients, static_cast<std::uint32_t>(server_count(cell.cell()))),
      effects_(effect_rules(cell.scenario().workload)),
      stops_(cast_.everyone()),
      asking_(cast_.clients()),
      standings_(cast_.servers()) {
  timeline_.algorithm = cell.algorithm().id;
  timeline_.scenario = cell.label();
  timeline_.lease_ns = setting_of(cell.cell()).lease.ns();
  recipe_ = models::recipe_of(timeline_.algorithm, cell.cell().parameters);
  for (const PlannedFault& planned : faults.faults) timeline_.faults.push_back({planned, {}});
  add_lanes();
}

void TimelineRecorder::add_lanes() {
  using Part = TimelineLane::Part;
  const auto add = [this](Part part, const std::string& name) {
    timeline_.lanes.push_back({part, name, {}, {}, {}});
  };
  for (std::uint32_t i = 0; i < cast_.clients(); ++i) {
    add(Part::client, "client:" + std::to_string(i));
  }
  add(Part::resource, "resource");
  const Cell& cell = cell_.cell();
  const auto servers = cell.algorithm->deploy(setting_of(cell), cell.parameters)->servers();
  for (const models::ServerSlot& server : servers) add(Part::server, server.name);
}

Onlookers TimelineRecorder::onlookers() {
  Onlookers onlookers;
  onlookers.trace = this;
  onlookers.most_events = kMostEventsTold;
  onlookers.world = &world_;
  return onlookers;
}

std::uint32_t TimelineRecorder::text(const std::string& text) {
  const auto [entry, is_new] =
      text_numbers_.try_emplace(text, static_cast<std::uint32_t>(timeline_.texts.size()));
  if (is_new) timeline_.texts.push_back(text);
  return entry->second;
}

EventIndex TimelineRecorder::put(const Trace& event, Kind kind, const std::string& what) {
  const auto known = [this](std::uint32_t process) {
    return process < timeline_.lanes.size() ? process : kNoLane;
  };
  timeline_.events.push_back(
      {now_ns(event), kind, known(event.process), known(event.peer), text(what)});
  return static_cast<EventIndex>(timeline_.events.size() - 1);
}

std::string TimelineRecorder::words(const sim::Message& message) const {
  const std::string own = cell_.cell().algorithm->describe(message);
  return own.empty() ? models::describe(message) : own;
}

// ------------------------------------------------------------------------------ what is traced

void TimelineRecorder::on_event(const Trace& event) {
  if (timeline_.events.size() >= kMostTimelineEvents) return;
  look_back();
  for (const LaneIndex host : std::exchange(clocks_to_look_at_, {})) {
    clocks_[host] = world_.kernel->clock(host);
  }
  switch (event.kind) {
    case Trace::Kind::record:
      record(event);
      break;
    case Trace::Kind::datagram_sent:
    case Trace::Kind::datagram_delivered:
    case Trace::Kind::datagram_lost:
    case Trace::Kind::segment_sent:
    case Trace::Kind::segment_delivered:
      message_event(event);
      break;
    case Trace::Kind::segment_stalled:
    case Trace::Kind::connection_opened:
    case Trace::Kind::connection_closed:
    case Trace::Kind::connection_broken:
      connection_event(event);
      break;
    default:
      process_event(event);
  }
  before_ = event;
  if (event.kind == Trace::Kind::woken) running_ = event.process;
}

void TimelineRecorder::message_event(const Trace& event) {
  using Fate = TimelineMessage::Fate;
  const std::string what = words(*event.message);
  switch (event.kind) {
    case Trace::Kind::datagram_sent:
    case Trace::Kind::segment_sent: {
      const EventIndex at = put(event, Kind::sent, what);
      const TimelineMessage sent{event.process, event.peer, timeline_.events[at].text, at};
      if (event.kind == Trace::Kind::datagram_sent) {
        messages_.send_datagram(sent, *event.message);
      } else {
        messages_.send(event.detail, sent);
      }
      if (!cast_.is_client(event.process) || !asking_[event.process]) return;
      const std::string_view step = models::step_of_request(recipe_, what);
      if (!step.empty()) reach(event.process, at, "waits for the lock", step);
      return;
    }
    case Trace::Kind::datagram_delivered:
      return messages_.settle_datagram(event.peer, event.process, *event.message,
                                       put(event, Kind::arrived, what), Fate::arrived);
    case Trace::Kind::datagram_lost:
      return messages_.settle_datagram(event.peer, event.process, *event.message,
                                       put(event, Kind::lost, what), Fate::lost);
    default:
      return messages_.arrive(event.detail, event.peer, put(event, Kind::arrived, what));
  }
}

void TimelineRecorder::connection_event(const Trace& event) {
  switch (event.kind) {
    case Trace::Kind::segment_stalled:
      put(event, Kind::stalled, "cannot get through");
      return messages_.stall(event.detail, event.process);
    case Trace::Kind::connection_opened:
      put(event, Kind::connection, "is connected");
      return;
    case Trace::Kind::connection_closed:
      return messages_.break_off(
          event.detail, put(event, Kind::connection, "learns of the end of its connection"));
    default:
      messages_.break_off(event.detail, put(event, Kind::connection, "loses its connection"));
  }
}

void TimelineRecorder::process_event(const Trace& event) {
  const LaneIndex lane = event.process;
  switch (event.kind) {
    case Trace::Kind::started:
      return close(Bar::down, lane, 0, put(event, Kind::process, "starts"), "restarted");
    case Trace::Kind::crashed: {
      const EventIndex at = put(event, Kind::process, "crashes");
      if (cast_.is_client(lane)) close_all_of(lane, at, "crashed");
      return open(Bar::down, lane, 0, at);
    }
    case Trace::Kind::power_lost:
      put(event, Kind::process, "loses power");
      return;
    case Trace::Kind::paused:
      return stop(lane, put(event, Kind::process, "is paused"));
    case Trace::Kind::resumed:
      return go_on(lane, put(event, Kind::process, "runs again"));
    case Trace::Kind::machine_stopped:
      look_at_clock(lane, now_ns(event));
      return stop(lane, put(event, Kind::process, "its machine stops"));
    case Trace::Kind::machine_continued:
      look_at_clock(lane, now_ns(event));
      return go_on(lane, put(event, Kind::process, "its machine continues"));
    case Trace::Kind::clock_changed:
      look_at_clock(lane, now_ns(event));
      put(event, Kind::clock, "its clock is changed");
      return;
    default:
      return;  // wake-ups, timers, links: nothing that anybody would look for
  }
}

// ---------------------------------------------------------------------------- what is recorded

void TimelineRecorder::record(const Trace& event) {
  const auto seen = [&]<class Record>(const Record*) {
    if (static_cast<std::uint16_t>(event.detail) != Record::kRecordKind) return;
    see(event, *static_cast<const Record*>(event.record));
  };
  const auto one_of = [&]<class... Records>(const Records*... none) { (seen(none), ...); };
  one_of(static_cast<const Operation*>(nullptr), static_cast<const Grant*>(nullptr),
         static_cast<const Belief*>(nullptr), static_cast<const Work*>(nullptr),
         static_cast<const Effect*>(nullptr), static_cast<const ClientLife*>(nullptr),
         static_cast<const RunPhase*>(nullptr), static_cast<const FaultRecord*>(nullptr),
         static_cast<const Milestone*>(nullptr));
}

void TimelineRecorder::see(const Trace& event, const Operation& operation) {
  const EventIndex at = put(of(operation.client, event), Kind::operation, record_text(operation));
  if (operation.token != 0) tokens_[operation.attempt] = operation.token;
  const bool invoked = operation.phase == Operation::Phase::invoked;
  if (operation.kind == Operation::Kind::acquire) {
    asking_[operation.client] = invoked;
    if (invoked) reach(operation.client, at, "waits for the lock", "");
    const bool refused = !invoked && operation.phase != Operation::Phase::ok;
    if (refused) reach(operation.client, at, "gave up", "");
  } else if (operation.kind == Operation::Kind::release && !invoked) {
    reach(operation.client, at, "does not want the lock", "");
  }
}

void TimelineRecorder::see(const Trace& event, const Grant& grant) {
  constexpr std::array<std::string_view, 4> kEnds{"ended", "released", "deadline passed",
                                                  "session ended"};
  const EventIndex at = put(of(grant.client, event), Kind::grant, record_text(grant));
  effects_.observe({now_ns(event), ++stamps_}, grant);
  if (grant.token != 0) tokens_[grant.attempt] = grant.token;
  if (grant.phase == Grant::Phase::begun) {
    open(Bar::grant, grant.client, grant.attempt, at);
  } else if (grant.phase == Grant::Phase::ended) {
    close(Bar::grant, grant.client, grant.attempt, at, kEnds[static_cast<std::size_t>(grant.end)]);
  }
}

void TimelineRecorder::see(const Trace& event, const Belief& belief) {
  constexpr std::array<std::string_view, 4> kEnds{"ended", "releases", "lost",
                                                  "own deadline passed"};
  const EventIndex at = put(of(belief.client, event), Kind::belief, record_text(belief));
  if (belief.phase == Belief::Phase::begun) {
    open(Bar::belief, belief.client, belief.attempt, at);
  } else {
    close(Bar::belief, belief.client, belief.attempt, at,
          kEnds[static_cast<std::size_t>(belief.end)]);
  }
}

void TimelineRecorder::see(const Trace& event, const Work& work) {
  const EventIndex at = put(of(work.client, event), Kind::work, record_text(work));
  effects_.observe({now_ns(event), ++stamps_}, work);
  if (work.phase == Work::Phase::entered) {
    open(Bar::work, work.client, work.attempt, at);
  } else {
    close(Bar::work, work.client, work.attempt, at, "left");
  }
}

TimelineEffect::Outcome TimelineRecorder::judge(const Trace& event, const Effect& effect) {
  using Outcome = TimelineEffect::Outcome;
  const checkers::EffectCounts before = effects_.result().counts;
  effects_.observe({now_ns(event), ++stamps_}, effect);
  const checkers::EffectCounts& after = effects_.result().counts;
  if (effect.outcome == Effect::Outcome::fenced) return Outcome::fenced;
  if (after.lost > before.lost) return Outcome::lost;
  if (after.duplicate > before.duplicate) return Outcome::duplicate;
  return after.stale > before.stale ? Outcome::stale : Outcome::accepted;
}

void TimelineRecorder::see(const Trace& event, const Effect& effect) {
  constexpr std::array<std::string_view, 5> kOutcomes{
      "accepted", "fenced off", "accepted, though STALE", "accepted: an update is LOST",
      "accepted: the job is done TWICE"};
  const TimelineEffect::Outcome outcome = judge(event, effect);
  const bool write = effect.kind == Effect::Kind::write;
  std::string what = std::string(checkers::effect_word(effect.kind)) + " of " +
                     models::attempt_name(effect.attempt);
  what += ": " + std::string(kOutcomes[static_cast<std::size_t>(outcome)]) + ", version " +
          std::to_string(effect.version);
  timeline_.effects.push_back({put(event, Kind::effect, what), effect.attempt, effect.token, write,
                               outcome, effect.version});
}

void TimelineRecorder::see(const Trace& event, const ClientLife& life) {
  if (life.phase != ClientLife::Phase::finished) return;  // the process tells the rest
  reach(life.client, put(of(life.client, event), Kind::program, "is done"), "is done", "");
}

void TimelineRecorder::see(const Trace& event, const RunPhase& phase) {
  switch (phase.phase) {
    case RunPhase::Phase::started:
      for (LaneIndex host = 0; host < timeline_.lanes.size(); ++host) {
        clocks_.push_back(world_.kernel->clock(host));
        look_at_clock(host, 0);
      }
      put(event, Kind::phase, "the run begins");
      return;
    case RunPhase::Phase::healed:
      timeline_.healed_ns = now_ns(event);
      put(event, Kind::phase, "the faults are over");
      return;
    case RunPhase::Phase::ended:
      put(event, Kind::phase, "the run is over");
      for (LaneIndex host = 0; host < timeline_.lanes.size(); ++host) {
        look_at_clock(host, now_ns(event));
      }
  }
}

void TimelineRecorder::see(const Trace& event, const FaultRecord& record) {
  TimelineFault& fault = timeline_.faults[record.fault];
  const bool planned = record.phase == FaultRecord::Phase::scheduled;
  if (planned) return;
  if (record.phase == FaultRecord::Phase::bound) {
    fault.targets = world_.injector->targets(record.fault);
    return;
  }
  const LaneIndex target = fault.targets.size() == 1 ? fault.targets.front() : kNoLane;
  const EventIndex at = put(of(target, event), Kind::fault, record_text(record));
  if (record.phase == FaultRecord::Phase::applied) fault.applied = at;
  if (record.phase == FaultRecord::Phase::in_effect && fault.in_effect == kNoEvent) {
    fault.in_effect = at;
  }
  if (record.phase == FaultRecord::Phase::ended) fault.ended = at;
}

void TimelineRecorder::see(const Trace& event, const Milestone& milestone) {
  using What = Milestone::What;
  constexpr std::array<std::string_view, 8> kPlaces{"waits for the lock",
                                                    "holds the lock",
                                                    "has checked its lock",
                                                    "is at work",
                                                    "uses the resource",
                                                    "holds the lock, renewing",
                                                    "releases",
                                                    ""};
  const auto place = kPlaces[static_cast<std::size_t>(milestone.what)];
  if (milestone.what == What::elected) return;  // its standing tells
  // It has just asked, been told or entered; else it is about to do something.
  auto at = static_cast<EventIndex>(timeline_.events.size());
  const TimelineEvent& last = timeline_.events.back();
  const bool asks = milestone.what == What::acquire_sent || milestone.what == What::release_sent;
  const bool asked = asks && last.lane == milestone.client &&
                     (last.kind == Kind::operation || last.kind == Kind::belief);
  if (asked || milestone.what == What::granted || milestone.what == What::work) --at;
  if (milestone.what == What::checked) at = put(event, Kind::program, "has checked its lock");
  reach(milestone.client, at, place, models::step_at(recipe_, milestone.what));
}

// ---------------------------------------------------------------------------- what follows from it

void TimelineRecorder::reach(LaneIndex client, EventIndex at, std::string_view what,
                             std::string_view step) {
  std::string place(what);
  if (!step.empty()) place += ", step " + std::string(step);
  put_place(client, at, place);
}

void TimelineRecorder::put_place(LaneIndex lane, EventIndex at, const std::string& place) {
  const std::uint32_t number = text(place);
  std::vector<TimelineLane::Place>& places = timeline_.lanes[lane].places;
  if (!places.empty() && places.back().from == at) places.pop_back();
  if (places.empty() || places.back().text != number) places.push_back({at, number});
}

void TimelineRecorder::open(Bar kind, LaneIndex lane, AttemptId attempt, EventIndex at) {
  if (!open_.try_emplace({kind, {lane, attempt}}, timeline_.bars.size()).second) return;
  timeline_.bars.push_back({kind, lane, attempt, 0, 0, at, kNoEvent, ""});
}

void TimelineRecorder::close(Bar kind, LaneIndex lane, AttemptId attempt, EventIndex at,
                             std::string_view why) {
  const auto found = open_.find({kind, {lane, attempt}});
  if (found == open_.end()) return;
  timeline_.bars[found->second].to = at;
  timeline_.bars[found->second].ended = why;
  open_.erase(found);
}

/// The service knows nothing of its client's end: a grant goes on.
void TimelineRecorder::close_all_of(LaneIndex client, EventIndex at, std::string_view why) {
  for (const Bar kind : {Bar::belief, Bar::work}) {
    while (true) {
      const auto found = open_.lower_bound({kind, {client, 0}});
      if (found == open_.end() || found->first.first != kind) break;
      if (found->first.second.first != client) break;
      close(kind, client, found->first.second.second, at, why);
    }
  }
  asking_[client] = false;
}

void TimelineRecorder::stop(LaneIndex lane, EventIndex at) {
  if (stops_[lane]++ == 0) open(Bar::stopped, lane, 0, at);
}

void TimelineRecorder::go_on(LaneIndex lane, EventIndex at) {
  if (--stops_[lane] == 0) close(Bar::stopped, lane, 0, at, "goes on");
}

/// Two points if the clock was changed: what it read a moment ago, and what it reads now.
void TimelineRecorder::look_at_clock(LaneIndex host, std::int64_t now) {
  const sim::HostClock before = std::exchange(clocks_[host], world_.kernel->clock(host));
  for (const sim::ClockKind kind : kClockKinds) {
    const auto ahead = [&](const sim::HostClock& clock) {
      const auto at = sim::TrueTime::at(sim::Duration::nanoseconds(now));
      return clock.read(kind, at) - zero_of(kind) - now;
    };
    auto& points = timeline_.lanes[host].clocks[static_cast<std::size_t>(kind)];
    if (points.empty() || points.back().at_ns != now || points.back().ahead_ns != ahead(before)) {
      points.push_back({now, ahead(before)});
    }
    if (ahead(clocks_[host]) != ahead(before)) points.push_back({now, ahead(clocks_[host])});
  }
  clocks_to_look_at_.push_back(host);  // a machine that stops does so after it was told
}

// --------------------------------------------------------------------------------------- the end

Timeline TimelineRecorder::finish(const RunResult& result) {
  LH_ASSERT(!timeline_.events.empty());
  const auto last = static_cast<EventIndex>(timeline_.events.size() - 1);
  for (const auto& [key, bar] : open_) {
    timeline_.bars[bar].to = last;
    timeline_.bars[bar].ended = "run over";
  }
  for (TimelineBar& bar : timeline_.bars) {
    if (const auto token = tokens_.find(bar.attempt); token != tokens_.end()) {
      bar.token = token->second;
    }
  }
  for (TimelineLane& lane : timeline_.lanes) {
    for (TimelineLane::Place& place : lane.places) place.from = std::min(place.from, last);
    for (auto& deadline : lane.deadlines) deadline.from = std::min(deadline.from, last);
  }
  timeline_.seed = result.seed;
  timeline_.digest = result.digest;
  timeline_.end_ns = result.simulated_ns;
  timeline_.messages = messages_.finish();
  timeline_.verdicts = result.checker->verdicts();
  timeline_.findings = findings_of(*result.checker);
  if (timeline_.leader_word.empty()) timeline_.leader_word = "leader";
  find_overlaps(timeline_);
  bound_faults(timeline_);
  return std::move(timeline_);
}

}  // namespace leasehold::scenarios
