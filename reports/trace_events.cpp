#include "reports/trace_events.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "models/describe.hpp"
#include "reports/scenario_text.hpp"
#include "reports/timeline_text.hpp"

namespace leasehold::reports {
namespace {

using Json = nlohmann::ordered_json;

/// The format counts in microseconds.
double micros(std::int64_t ns) { return static_cast<double>(ns) / 1'000; }

class TraceEvents {
 public:
  explicit TraceEvents(const Timeline& timeline) : timeline_(timeline) {}

  Json all() {
    for (LaneIndex lane = 0; lane < timeline_.lanes.size(); ++lane) name_lane(lane);
    name_faults();
    for (const TimelineBar& bar : timeline_.bars) add(bar);
    for (const TimelineOverlap& overlap : timeline_.overlaps) add(overlap);
    for (const TimelineEvent& event : timeline_.events) add(event);
    for (const TimelineMessage& message : timeline_.messages) add(message);
    for (const TimelineFault& fault : timeline_.faults) add(fault);
    for (LaneIndex lane = 0; lane < timeline_.lanes.size(); ++lane) add_clock(lane);
    return {{"displayTimeUnit", "ms"},
            {"otherData",
             {{"title", headline(timeline_)},
              {"algorithm", timeline_.algorithm},
              {"scenario", timeline_.scenario},
              {"seed", std::to_string(timeline_.seed)}}},
            {"traceEvents", std::move(events_)}};
  }

 private:
  /// Processes are numbered from 1; the last one holds the faults.
  [[nodiscard]] std::uint64_t pid(LaneIndex lane) const { return lane + std::uint64_t{1}; }
  [[nodiscard]] std::uint64_t faults_pid() const { return timeline_.lanes.size() + 1; }

  Json& put(const char* phase, const std::string& name, std::uint64_t process, std::int64_t at_ns) {
    events_.push_back(
        {{"ph", phase}, {"name", name}, {"pid", process}, {"tid", 1}, {"ts", micros(at_ns)}});
    return events_.back();
  }

  void name_process(std::uint64_t process, const std::string& name) {
    put("M", "process_name", process, 0)["args"] = {{"name", name}};
    put("M", "process_sort_index", process, 0)["args"] = {{"sort_index", process}};
  }
  void name_lane(LaneIndex lane) {
    name_process(pid(lane), timeline_.lanes[lane].name);
    put("M", "thread_name", pid(lane), 0)["args"] = {{"name", "messages"}};
  }
  void name_faults() { name_process(faults_pid(), "faults"); }

  /// A slice that may overlap others: its two ends share a number of their own.
  void slice(const char* category, const std::string& name, std::uint64_t process,
             std::int64_t from_ns, std::int64_t to_ns, const Json& details) {
    const std::string id = std::to_string(++slices_);
    for (const auto& [phase, at_ns] : {std::pair{"b", from_ns}, std::pair{"e", to_ns}}) {
      Json& end = put(phase, name, process, at_ns);
      end["cat"] = category;
      end["id"] = id;
      if (*phase == 'b') end["args"] = details;
    }
  }

  void add(const TimelineBar& bar) {
    constexpr std::array<const char*, 7> kKinds{"belief", "grant", "work", "stopped",
                                                "down",   "role",  "keeps"};
    const char* kind = kKinds[static_cast<std::size_t>(bar.kind)];
    std::string name = bar_name(timeline_, bar);
    if (bar.kind != TimelineBar::Kind::leads) name = kind + (name.empty() ? "" : " " + name);
    Json details{{"ended", bar.ended}};
    if (bar.token != 0) details["token"] = std::to_string(bar.token);
    slice(kind, name, pid(bar.lane), timeline_.at_ns(bar.from), timeline_.at_ns(bar.to), details);
  }

  void add(const TimelineOverlap& overlap) {
    const TimelineBar& earlier = timeline_.bars[overlap.earlier];
    const TimelineBar& later = timeline_.bars[overlap.later];
    slice("overlap",
          "BOTH: " + models::attempt_name(earlier.attempt) + " and " +
              models::attempt_name(later.attempt),
          pid(later.lane), timeline_.at_ns(overlap.from), timeline_.at_ns(overlap.to),
          Json::object());
  }

  /// Messages are slices of their own, below.
  void add(const TimelineEvent& event) {
    const bool message =
        event.kind == TimelineEvent::Kind::sent || event.kind == TimelineEvent::Kind::arrived;
    if (message || event.lane == kNoLane) return;
    put("i", event_text(timeline_, event), pid(event.lane), event.at_ns)["s"] = "t";
  }

  void add(const TimelineMessage& message) {
    const std::string id = std::to_string(++flows_);
    const std::string& text = timeline_.text(message.text);
    const auto end = [&](const char* flow, LaneIndex lane, EventIndex event) {
      const std::int64_t at_ns = timeline_.at_ns(event);
      Json& moment = put("X", text, pid(lane), at_ns);
      moment["dur"] = 0.001;
      moment["cat"] = "message";
      Json& arrow = put(flow, "message", pid(lane), at_ns);
      arrow["cat"] = "message";
      arrow["id"] = id;
      if (*flow == 'f') arrow["bp"] = "e";
    };
    if (message.fate != TimelineMessage::Fate::arrived) {
      Json& moment = put("X", text, pid(message.from), timeline_.at_ns(message.sent));
      moment["dur"] = 0.001;
      moment["cat"] = "message";
      moment["args"] = {
          {"fate", message.fate == TimelineMessage::Fate::lost ? "lost" : "never arrived"}};
      return;
    }
    end("s", message.from, message.sent);
    end("f", message.to, message.settled);
  }

  void add(const TimelineFault& fault) {
    if (fault.applied == kNoEvent) return;
    slice("fault", fault_text(fault.planned), faults_pid(), timeline_.at_ns(fault.applied),
          fault.until_ns, {{"course", fault_course(timeline_, fault)}});
  }

  void add_clock(LaneIndex lane) {
    for (const TimelineLane::ClockPoint& point : timeline_.lanes[lane].wall_clock()) {
      put("C", "clock ahead (ms)", pid(lane),
          point.at_ns)["args"] = {{"ahead", static_cast<double>(point.ahead_ns) / 1'000'000}};
    }
  }

  const Timeline& timeline_;
  Json events_ = Json::array();
  std::uint64_t slices_ = 0;
  std::uint64_t flows_ = 0;
};

}  // namespace

std::string trace_events_json(const Timeline& timeline) {
  using ErrorHandler = Json::error_handler_t;
  return TraceEvents(timeline).all().dump(-1, ' ', false, ErrorHandler::replace) + "\n";
}

}  // namespace leasehold::reports
