#include "reports/trace_events.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "reports/scenario_text.hpp"
#include "reports/timeline_text.hpp"

namespace leasehold::reports {
namespace {

using Json = nlohmann::ordered_json;

/// The format counts in microseconds, and a browser's numbers hold a nanosecond of a day exactly.
double micros(std::int64_t ns) { return static_cast<double>(ns) / 1'000; }

/// A run as processes with threads: each lane is a process, each row of its bars a thread, and what
/// is sent and received stands on the first. Slices of a thread never cross, which the viewers
/// demand: whatever would cross another one stands on a thread more.
class TraceEvents {
 public:
  explicit TraceEvents(const Timeline& timeline) : timeline_(timeline) {}

  Json all() {
    for (LaneIndex lane = 0; lane < timeline_.lanes.size(); ++lane) {
      name_process(pid(lane), timeline_.lanes[lane].name);
      name_thread(pid(lane), "messages");
    }
    name_process(run_pid(), "the run");
    name_thread(run_pid(), "phases");
    for (const TimelineBar& bar : timeline_.bars) add(bar);
    for (const TimelineOverlap& overlap : timeline_.overlaps) add(overlap);
    for (const TimelineFault& fault : timeline_.faults) add(fault);
    for (const TimelineEvent& event : timeline_.events) add(event);
    for (const TimelineMessage& message : timeline_.messages) add(message);
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
  static constexpr std::uint64_t kMessages = 1;  ///< the thread

  /// A thread and until when its slices reach.
  struct Row {
    std::uint64_t thread = 0;
    std::int64_t until_ns = 0;
  };

  /// Processes are numbered from 1; the last one is the run.
  [[nodiscard]] std::uint64_t pid(LaneIndex lane) const { return lane + std::uint64_t{1}; }
  [[nodiscard]] std::uint64_t run_pid() const { return timeline_.lanes.size() + 1; }

  Json& put(const char* phase, const std::string& name, std::uint64_t process, std::uint64_t thread,
            std::int64_t at_ns) {
    events_.push_back(
        {{"ph", phase}, {"name", name}, {"pid", process}, {"tid", thread}, {"ts", micros(at_ns)}});
    return events_.back();
  }

  /// A nanosecond short of its end: readers add and round, and what comes next must not cross it.
  Json& slice(const std::string& name, const char* category, std::uint64_t process,
              std::uint64_t thread, std::int64_t from_ns, std::int64_t to_ns) {
    Json& slice = put("X", name, process, thread, from_ns);
    slice["dur"] = micros(std::max<std::int64_t>(to_ns - from_ns - 1, 0));
    slice["cat"] = category;
    return slice;
  }

  void name_process(std::uint64_t process, const std::string& name) {
    put("M", "process_name", process, 0, 0)["args"] = {{"name", name}};
    put("M", "process_sort_index", process, 0, 0)["args"] = {{"sort_index", process}};
  }
  std::uint64_t name_thread(std::uint64_t process, const std::string& name) {
    const std::uint64_t thread = ++threads_[process];
    put("M", "thread_name", process, thread, 0)["args"] = {{"name", name}};
    put("M", "thread_sort_index", process, thread, 0)["args"] = {{"sort_index", thread}};
    return thread;
  }

  /// A thread of that name on which nothing lies from `from_ns` on. REQUIRES: called in the order
  /// of the beginnings, for each name.
  std::uint64_t thread_for(std::uint64_t process, const std::string& name, std::int64_t from_ns,
                           std::int64_t to_ns) {
    std::vector<Row>& rows = rows_[{process, name}];
    auto row = std::find_if(rows.begin(), rows.end(),
                            [&](const Row& each) { return each.until_ns <= from_ns; });
    if (row == rows.end()) {
      rows.push_back({name_thread(process, name), 0});
      row = rows.end() - 1;
    }
    row->until_ns = to_ns;
    return row->thread;
  }

  void add(const TimelineBar& bar) {
    constexpr std::array<const char*, 7> kKinds{"belief", "grant", "work", "stopped",
                                                "down",   "role",  "keeps"};
    const char* kind = kKinds[static_cast<std::size_t>(bar.kind)];
    const std::int64_t from = timeline_.at_ns(bar.from);
    const std::int64_t to = timeline_.at_ns(bar.to);
    const std::string name = bar_name(timeline_, bar);
    Json& added = slice(name.empty() ? kind : name, kind, pid(bar.lane),
                        thread_for(pid(bar.lane), kind, from, to), from, to);
    added["args"] = {{"ended", bar.ended}};
    if (bar.token != 0) added["args"]["token"] = std::to_string(bar.token);
  }

  void add(const TimelineOverlap& overlap) {
    const TimelineBar& earlier = timeline_.bars[overlap.earlier];
    const TimelineBar& later = timeline_.bars[overlap.later];
    const std::uint64_t process = pid(later.lane);
    const std::int64_t from = timeline_.at_ns(overlap.from);
    const std::int64_t to = timeline_.at_ns(overlap.to);
    slice(bar_name(timeline_, earlier) + " and " + bar_name(timeline_, later), "overlap", process,
          thread_for(process, "two at once", from, to), from, to);
  }

  /// Messages are slices of their own, below.
  void add(const TimelineEvent& event) {
    using Kind = TimelineEvent::Kind;
    if (event.kind == Kind::sent || event.kind == Kind::arrived) return;
    const bool of_run = event.lane == kNoLane;
    const std::uint64_t process = of_run ? run_pid() : pid(event.lane);
    put("i", event_text(timeline_, event), process, kMessages, event.at_ns)["s"] =
        of_run ? "g" : "t";
  }

  void add(const TimelineMessage& message) {
    const bool arrived = message.fate == TimelineMessage::Fate::arrived;
    const std::string& text = timeline_.text(message.text);
    Json& sent = moment(text, message.from, message.sent);
    if (!arrived) {
      const bool lost = message.fate == TimelineMessage::Fate::lost;
      sent["args"] = {{"fate", lost ? "lost" : "never arrived"}};
      return;
    }
    const std::string id = std::to_string(++flows_);
    arrow("s", id, message.from, message.sent);
    moment(text, message.to, message.settled);
    arrow("f", id, message.to, message.settled)["bp"] = "e";
  }

  /// As short as can be: what an arrow is tied to must be a slice.
  Json& moment(const std::string& text, LaneIndex lane, EventIndex event) {
    const std::int64_t at_ns = timeline_.at_ns(event);
    return slice(text, "message", pid(lane), kMessages, at_ns, at_ns + 2);
  }
  Json& arrow(const char* end, const std::string& id, LaneIndex lane, EventIndex event) {
    Json& arrow = put(end, "message", pid(lane), kMessages, timeline_.at_ns(event));
    arrow["cat"] = "message";
    arrow["id"] = id;
    return arrow;
  }

  void add(const TimelineFault& fault) {
    if (fault.applied == kNoEvent) return;
    const std::int64_t from = timeline_.at_ns(fault.applied);
    // In the order of the plan, not of the times: each on a thread of its own.
    slice(fault_text(fault.planned), "fault", run_pid(), name_thread(run_pid(), "fault"), from,
          fault.until_ns)["args"] = {{"course", fault_course(timeline_, fault)}};
  }

  void add_clock(LaneIndex lane) {
    for (const TimelineLane::ClockPoint& point : timeline_.lanes[lane].wall_clock()) {
      put("C", "clock ahead (ms)", pid(lane), kMessages,
          point.at_ns)["args"] = {{"ahead", static_cast<double>(point.ahead_ns) / 1'000'000}};
    }
  }

  const Timeline& timeline_;
  Json events_ = Json::array();
  std::map<std::uint64_t, std::uint64_t> threads_;  ///< how many, by process
  std::map<std::pair<std::uint64_t, std::string>, std::vector<Row>> rows_;
  std::uint64_t flows_ = 0;
};

}  // namespace

std::string trace_events_json(const Timeline& timeline) {
  using ErrorHandler = Json::error_handler_t;
  return TraceEvents(timeline).all().dump(-1, ' ', false, ErrorHandler::replace) + "\n";
}

}  // namespace leasehold::reports
