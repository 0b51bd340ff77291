#include "reports/timeline_json.hpp"

#include <utility>

#include "reports/scenario_text.hpp"
#include "reports/timeline_text.hpp"

namespace leasehold::reports {
namespace {

using Json = nlohmann::ordered_json;

/// A column of a table: what `cell` makes of each row.
template <class Rows, class Cell>
Json column(const Rows& rows, Cell cell) {
  Json values = Json::array();
  for (const auto& row : rows) values.push_back(cell(row));
  return values;
}

std::int64_t lane_number(LaneIndex lane) { return lane == kNoLane ? -1 : std::int64_t{lane}; }

Json clocks_json(const TimelineLane& lane) {
  return column(lane.clocks, [](const auto& points) {
    Json flat = Json::array();
    for (const TimelineLane::ClockPoint& point : points) {
      flat.push_back(point.at_ns);
      flat.push_back(point.ahead_ns);
    }
    return flat;
  });
}

Json places_json(const TimelineLane& lane) {
  Json flat = Json::array();
  for (const TimelineLane::Place& place : lane.places) {
    flat.push_back(place.from);
    flat.push_back(place.text);
  }
  return flat;
}

Json lanes_json(const Timeline& timeline) {
  return column(timeline.lanes, [](const TimelineLane& lane) {
    return Json{{"part", static_cast<int>(lane.part)},
                {"name", lane.name},
                {"clocks", clocks_json(lane)},
                {"places", places_json(lane)},
                {"deadlines", column(lane.deadlines, [](const TimelineLane::Deadline& deadline) {
                   const int clock = deadline.reading_ns ? static_cast<int>(deadline.clock) : -1;
                   return Json::array({deadline.from, clock, deadline.reading_ns.value_or(0)});
                 })}};
  });
}

Json events_json(const Timeline& timeline) {
  const auto& events = timeline.events;
  return {
      {"at", column(events, [](const TimelineEvent& event) { return event.at_ns; })},
      {"kind", column(events, [](const TimelineEvent& event) { return int(event.kind); })},
      {"lane", column(events, [](const TimelineEvent& event) { return lane_number(event.lane); })},
      {"peer", column(events, [](const TimelineEvent& event) { return lane_number(event.peer); })},
      {"text", column(events, [](const TimelineEvent& event) { return event.text; })}};
}

Json bars_json(const Timeline& timeline) {
  return column(timeline.bars, [&](const TimelineBar& bar) {
    return Json::array({static_cast<int>(bar.kind), bar.lane, bar_name(timeline, bar),
                        bar.token == 0 ? "" : std::to_string(bar.token), bar.from, bar.to,
                        bar.ended});
  });
}

Json messages_json(const Timeline& timeline) {
  return column(timeline.messages, [&](const TimelineMessage& message) {
    const auto last = static_cast<EventIndex>(timeline.events.size() - 1);
    const int fate = static_cast<int>(message.fate) + (message.stalled ? 4 : 0);
    return Json::array({message.from, message.to, message.text, message.sent,
                        message.settled == kNoEvent ? last : message.settled, fate});
  });
}

Json effects_json(const Timeline& timeline) {
  return column(timeline.effects, [](const TimelineEffect& effect) {
    return Json::array(
        {effect.event, static_cast<int>(effect.outcome), effect.write ? 1 : 0, effect.version});
  });
}

Json faults_json(const Timeline& timeline) {
  Json faults = Json::array();
  for (const TimelineFault& fault : timeline.faults) {
    if (fault.applied == kNoEvent) continue;
    faults.push_back({{"text", fault_text(fault.planned)},
                      {"course", fault_course(timeline, fault)},
                      {"clock", is_clock_fault(fault.planned.kind)},
                      {"targets", fault.targets},
                      {"planned", fault.planned.start_ns},
                      {"from", timeline.at_ns(fault.applied)},
                      {"felt", fault.in_effect == kNoEvent ? Json(nullptr)
                                                           : Json(timeline.at_ns(fault.in_effect))},
                      {"until", fault.until_ns}});
  }
  return faults;
}

Json finding_json(const Timeline& timeline) {
  if (timeline.findings.empty()) return nullptr;
  const TimelineFinding& finding = timeline.findings.front();
  return {{"from", finding.from_ns}, {"to", finding.to_ns}};
}

Json phrases_json() {
  Json phrases = Json::array();
  for (int kind = 0; kind <= static_cast<int>(TimelineEvent::Kind::phase); ++kind) {
    const Phrase phrase = phrase_of(static_cast<TimelineEvent::Kind>(kind));
    phrases.push_back(Json::array({phrase.before, phrase.peer}));
  }
  return phrases;
}

}  // namespace

Json timeline_json(const Timeline& timeline, TimeWindow window) {
  return {{"title", headline(timeline)},
          {"end", timeline.end_ns},
          {"healed", timeline.healed_ns},
          {"window", Json::array({window.from_ns, window.to_ns})},
          {"finding", finding_json(timeline)},
          {"focus", focus_event(timeline)},
          {"phrases", phrases_json()},
          {"texts", timeline.texts},
          {"concerns", column(timeline.texts,
                              [&](const std::string& text) {
                                return concerns_finding(timeline, text) ? 1 : 0;
                              })},
          {"lanes", lanes_json(timeline)},
          {"events", events_json(timeline)},
          {"bars", bars_json(timeline)},
          {"shared", column(shared_stretches(timeline),
                            [](const SharedStretch& shared) {
                              return Json::array({shared.bar, shared.from, shared.to});
                            })},
          {"messages", messages_json(timeline)},
          {"effects", effects_json(timeline)},
          {"faults", faults_json(timeline)}};
}

}  // namespace leasehold::reports
