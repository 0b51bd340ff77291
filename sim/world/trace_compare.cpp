#include "sim/world/trace_compare.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "support/assert.hpp"

namespace leasehold::sim {

namespace {

constexpr std::array kKindNames = std::to_array<std::string_view>({"datagram_sent",
                                                                   "datagram_delivered",
                                                                   "datagram_lost",
                                                                   "segment_sent",
                                                                   "segment_delivered",
                                                                   "segment_stalled",
                                                                   "connection_requested",
                                                                   "connection_accepted",
                                                                   "connection_opened",
                                                                   "connection_closed",
                                                                   "connection_broken",
                                                                   "woken",
                                                                   "observed",
                                                                   "synced",
                                                                   "action",
                                                                   "record",
                                                                   "started",
                                                                   "crashed",
                                                                   "paused",
                                                                   "resumed",
                                                                   "machine_stopped",
                                                                   "machine_continued",
                                                                   "clock_changed",
                                                                   "link_changed",
                                                                   "power_lost"});

std::string seconds(TrueTime at) {
  const std::int64_t ns = at.since_zero().ns();
  std::string fraction = std::to_string(ns % 1'000'000'000);
  fraction.insert(0, 9 - fraction.size(), '0');
  return std::to_string(ns / 1'000'000'000) + "." + fraction + " s";
}

std::string describe_or_end(const std::optional<TracedEvent>& event) {
  return event ? describe(*event) : "the end of the run";
}

}  // namespace

void TraceRecorder::on_event(const TraceEvent& event) {
  events_.push_back({event.at, event.kind, event.process, event.peer, event.detail, event.digest});
}

std::optional<TraceDifference> first_difference(const std::vector<TracedEvent>& expected,
                                                const std::vector<TracedEvent>& got) {
  const auto [of_expected, of_got] =
      std::mismatch(expected.begin(), expected.end(), got.begin(), got.end());
  if (of_expected == expected.end() && of_got == got.end()) return std::nullopt;
  TraceDifference difference;
  difference.index = static_cast<std::size_t>(of_got - got.begin());
  if (of_expected != expected.end()) difference.expected = *of_expected;
  if (of_got != got.end()) difference.got = *of_got;
  return difference;
}

std::string describe(const TracedEvent& event) {
  const auto kind = static_cast<std::size_t>(event.kind);
  LH_ASSERT(kind < kKindNames.size());
  std::string text = seconds(event.at) + " " + std::string(kKindNames[kind]);
  if (event.process != TraceEvent::kNobody) text += " process " + std::to_string(event.process);
  if (event.peer != TraceEvent::kNobody) text += " peer " + std::to_string(event.peer);
  return text + " detail " + std::to_string(event.detail);
}

std::string describe(const TraceDifference& difference) {
  std::string text = "diverged at event " + std::to_string(difference.index) + ": expected " +
                     describe_or_end(difference.expected) + ", got " +
                     describe_or_end(difference.got);
  const auto& [index, expected, got] = difference;
  if (expected && got && describe(*expected) == describe(*got)) {
    text += " (with other contents)";
  }
  return text;
}

}  // namespace leasehold::sim
