#include "reports/trace_events.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "models/algorithm.hpp"

/// What viewers of the Trace Event Format demand of a file: each event as its phase has it, slices
/// of a thread that nest, arrows that begin and end in a slice, and a name for every process and
/// thread.
namespace leasehold::reports {
namespace {

using nlohmann::json;
using Thread = std::pair<int, int>;  ///< pid and tid

Timeline timeline_of(const std::string& recipe) {
  static const models::AlgorithmRegistry kRegistry = models::built_in_algorithms();
  return scenarios::record_timeline(scenarios::reproduction_of(kRegistry, recipe).value());
}

// Partitions and restarts, datagrams and connections, clocks that step, a primary and its standby.
const std::vector<std::string> kRecipes{"lh1:none@gc-pauses#5", "lh1:etcd-lease@partitions#2",
                                        "lh1:redis-ttl@crashes#1", "lh1:redis-ttl@clock-steps#1",
                                        "lh1:pg-advisory:standby=async@db-failover#1"};

/// A time in whole nanoseconds; what is less than one is no time of a run.
std::int64_t nanoseconds(const json& microseconds) {
  const double ns = microseconds.get<double>() * 1'000;
  REQUIRE(std::abs(ns - std::round(ns)) < 1e-3);
  return std::llround(ns);
}

struct Slice {
  double from = 0;
  double to = 0;
};

struct Arrow {
  std::vector<json> starts;
  std::vector<json> finishes;
};

class Trace {
 public:
  explicit Trace(const json& file) {
    REQUIRE(file.is_object());
    REQUIRE((file.at("displayTimeUnit") == "ms" || file.at("displayTimeUnit") == "ns"));
    for (const json& event : file.at("traceEvents")) take(event);
  }

  std::size_t count(const std::string& phase) const {
    return static_cast<std::size_t>(std::count_if(events_.begin(), events_.end(),
                                                  [&](const json& e) { return e["ph"] == phase; }));
  }
  std::size_t slices_of(const std::string& category) const {
    return static_cast<std::size_t>(
        std::count_if(events_.begin(), events_.end(),
                      [&](const json& e) { return e["ph"] == "X" && e["cat"] == category; }));
  }

  /// How many slices begin in one of their thread and end outside it.
  std::size_t crossings() const { return crossings(slices_) + crossings(added_slices_); }

  void check_that_everybody_has_a_name() const {
    for (const auto& [process, names] : process_names_) CHECK(names == 1);
    for (const auto& [thread, names] : thread_names_) CHECK(names == 1);
    for (const json& event : events_) {
      if (event["ph"] == "M") continue;
      const Thread thread = thread_of(event);
      REQUIRE(process_names_.contains(thread.first));
      REQUIRE(thread_names_.contains(thread));
    }
  }

  void check_that_arrows_are_tied() const {
    for (const auto& [id, arrow] : arrows_) {
      INFO("arrow " << id);
      REQUIRE(arrow.starts.size() == 1);
      REQUIRE(arrow.finishes.size() == 1);
      const json& start = arrow.starts.front();
      const json& finish = arrow.finishes.front();
      CHECK(start["name"] == finish["name"]);
      CHECK(start["cat"] == finish["cat"]);
      CHECK(nanoseconds(start["ts"]) <= nanoseconds(finish["ts"]));
      CHECK(finish["bp"] == "e");  // tied to the slice around it, not to the next one
      for (const json& end : {start, finish}) CHECK(lies_in_a_slice(end));
    }
  }

 private:
  static std::size_t crossings(const std::map<Thread, std::vector<Slice>>& by_thread) {
    std::size_t crossed = 0;
    for (auto [thread, slices] : by_thread) {
      std::stable_sort(slices.begin(), slices.end(), [](const Slice& a, const Slice& b) {
        return a.from != b.from ? a.from < b.from : a.to > b.to;
      });
      std::vector<Slice> open;
      for (const Slice& slice : slices) {
        while (!open.empty() && open.back().to <= slice.from) open.pop_back();
        if (!open.empty() && slice.to > open.back().to) ++crossed;
        open.push_back(slice);
      }
    }
    return crossed;
  }

  static Thread thread_of(const json& event) {
    return {event.at("pid").get<int>(), event.at("tid").get<int>()};
  }

  void take(const json& event) {
    static const std::set<std::string> kPhases{"X", "i", "s", "f", "C", "M"};
    const std::string phase = event.at("ph");
    INFO(event.dump());
    REQUIRE(kPhases.contains(phase));
    REQUIRE_FALSE(event.at("name").get<std::string>().empty());
    REQUIRE(event.at("pid").is_number_integer());
    REQUIRE(event.at("tid").is_number_integer());
    REQUIRE(event.at("pid").get<int>() > 0);
    REQUIRE(nanoseconds(event.at("ts")) >= 0);
    if (event.contains("cat")) REQUIRE_FALSE(event["cat"].get<std::string>().empty());
    if (event.contains("args")) REQUIRE(event["args"].is_object());
    if (phase == "X") take_slice(event);
    if (phase == "i") REQUIRE(std::set<std::string>{"g", "p", "t"}.contains(event.at("s")));
    if (phase == "s") arrows_[event.at("id")].starts.push_back(event);
    if (phase == "f") arrows_[event.at("id")].finishes.push_back(event);
    if (phase == "M") take_name(event);
    if (phase == "C") {
      REQUIRE_FALSE(event.at("args").empty());
      for (const json& value : event["args"]) REQUIRE(value.is_number());
    }
    events_.push_back(event);
  }

  void take_slice(const json& event) {
    const auto from = static_cast<double>(nanoseconds(event.at("ts")));
    const auto duration = static_cast<double>(nanoseconds(event.at("dur")));
    REQUIRE(duration >= 0);
    slices_[thread_of(event)].push_back({from, from + duration});
    const double begins = event["ts"];
    added_slices_[thread_of(event)].push_back({begins, begins + event["dur"].get<double>()});
  }

  void take_name(const json& event) {
    const std::string what = event["name"];
    const json& args = event.at("args");
    REQUIRE(args.size() == 1);
    if (what == "process_name" || what == "thread_name") {
      REQUIRE_FALSE(args.at("name").get<std::string>().empty());
    } else {
      REQUIRE((what == "process_sort_index" || what == "thread_sort_index"));
      REQUIRE(args.at("sort_index").is_number_integer());
    }
    if (what == "process_name") ++process_names_[event["pid"].get<int>()];
    if (what == "thread_name") ++thread_names_[thread_of(event)];
  }

  bool lies_in_a_slice(const json& end) const {
    const auto at = static_cast<double>(nanoseconds(end["ts"]));
    const std::vector<Slice>& slices = slices_.at(thread_of(end));
    return std::any_of(slices.begin(), slices.end(),
                       [&](const Slice& slice) { return slice.from <= at && at < slice.to; });
  }

  std::vector<json> events_;
  std::map<Thread, std::vector<Slice>> slices_;
  std::map<Thread, std::vector<Slice>> added_slices_;  ///< as readers add, in microseconds
  std::map<std::string, Arrow> arrows_;
  std::map<int, int> process_names_;
  std::map<Thread, int> thread_names_;
};

std::size_t messages_that(const Timeline& timeline, bool arrived) {
  const auto& messages = timeline.messages;
  return static_cast<std::size_t>(
      std::count_if(messages.begin(), messages.end(), [&](const TimelineMessage& message) {
        return (message.fate == TimelineMessage::Fate::arrived) == arrived;
      }));
}

TEST_CASE("a file for trace viewers is as the format has it") {
  for (const std::string& recipe : kRecipes) {
    INFO(recipe);
    const Trace trace(json::parse(trace_events_json(timeline_of(recipe))));
    CHECK(trace.crossings() == 0);
    trace.check_that_everybody_has_a_name();
    trace.check_that_arrows_are_tied();
  }
}

TEST_CASE("slices that would cross stand on threads of their own") {
  Timeline timeline = timeline_of("lh1:none@gc-pauses#5");
  const auto work = std::find_if(timeline.bars.begin(), timeline.bars.end(), [&](const auto& bar) {
    return bar.kind == TimelineBar::Kind::work &&
           timeline.at_ns(bar.from + 4) < timeline.at_ns(bar.to);
  });
  REQUIRE(work != timeline.bars.end());
  TimelineBar crossing = *work;
  crossing.from += 4;
  crossing.to = static_cast<EventIndex>(timeline.events.size() - 1);
  REQUIRE(timeline.at_ns(crossing.from) > timeline.at_ns(work->from));
  timeline.bars.insert(work + 1, crossing);
  timeline.overlaps.clear();  // they name bars by their places
  CHECK(Trace(json::parse(trace_events_json(timeline))).crossings() == 0);
}

TEST_CASE("a file for trace viewers has all bars, faults and messages of the run") {
  for (const std::string& recipe : kRecipes) {
    INFO(recipe);
    const Timeline timeline = timeline_of(recipe);
    const Trace trace(json::parse(trace_events_json(timeline)));
    std::size_t bars = 0;
    for (const char* kind : {"belief", "grant", "work", "stopped", "down", "role", "keeps"}) {
      bars += trace.slices_of(kind);
    }
    CHECK(bars == timeline.bars.size());
    CHECK(trace.slices_of("overlap") == timeline.overlaps.size());
    CHECK(trace.slices_of("fault") ==
          static_cast<std::size_t>(
              std::count_if(timeline.faults.begin(), timeline.faults.end(),
                            [](const auto& fault) { return fault.applied != kNoEvent; })));
    CHECK(trace.slices_of("message") ==
          2 * messages_that(timeline, true) + messages_that(timeline, false));
    CHECK(trace.count("s") == messages_that(timeline, true));
    CHECK(trace.count("f") == messages_that(timeline, true));
    CHECK(trace.count("C") >= timeline.lanes.size());
  }
}

}  // namespace
}  // namespace leasehold::reports
