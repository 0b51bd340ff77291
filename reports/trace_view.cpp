#include "reports/trace_view.hpp"

#include <algorithm>

#include "models/describe.hpp"
#include "reports/text.hpp"
#include "scenarios/record_text.hpp"

namespace leasehold::reports {
namespace {

using checkers::Belief;
using checkers::FaultRecord;
using checkers::Grant;
using checkers::Operation;
using checkers::Work;
using scenarios::record_text;
using Kind = sim::TraceEvent::Kind;

constexpr std::size_t kWidth = 80;

std::string seconds(std::int64_t ns) {
  std::string micros = std::to_string(ns / 1'000 % 1'000'000);
  micros.insert(0, 6 - micros.size(), '0');
  std::string text = std::to_string(ns / 1'000'000'000) + "." + micros;
  if (text.size() < 11) text.insert(0, 11 - text.size(), ' ');
  return text;
}

/// The plan is no event, and what was applied shows in the lines about clocks, links and processes.
bool tells_something(const FaultRecord& fault) {
  return fault.phase != FaultRecord::Phase::scheduled && fault.phase != FaultRecord::Phase::applied;
}

template <class Record>
const Record& as(const sim::TraceEvent& event) {
  return *static_cast<const Record*>(event.record);
}

}  // namespace

TraceView::TraceView(const scenarios::Cell& cell) : algorithm_(cell.algorithm) {
  for (std::uint32_t i = 0; i < cell.scenario->clients; ++i) {
    names_.push_back("c" + std::to_string(i));
  }
  names_.emplace_back("R");
  const std::size_t servers = scenarios::server_count(cell);
  for (std::size_t slot = 0; slot < servers; ++slot) names_.push_back("s" + std::to_string(slot));
}

std::string TraceView::header() const {
  std::string text = "  seconds  ";
  for (const std::string& n : names_) text += " " + n;
  return text + "\n";
}

std::string TraceView::name(std::uint32_t process) const { return names_.at(process); }

std::string TraceView::describe(const sim::Message& message) const {
  const std::string own = algorithm_->describe(message);
  return own.empty() ? models::describe(message) : own;
}

void TraceView::line(const sim::TraceEvent& event, char mark, const std::string& what) {
  std::string text = seconds(event.at.since_zero().ns());
  for (std::size_t i = 0; i < names_.size(); ++i) {
    text += std::string(names_[i].size(), ' ');
    text += i == event.process ? mark : i == event.peer ? '-' : '.';
  }
  text += "  " + what;
  text_ += abbreviate(text, kWidth) + "\n";
}

void TraceView::record(const sim::TraceEvent& event) {
  switch (static_cast<std::uint16_t>(event.detail)) {
    case Operation::kRecordKind:
      return line(event, '*', record_text(as<Operation>(event)));
    case Grant::kRecordKind:
      return line(event, '*', record_text(as<Grant>(event)));
    case Belief::kRecordKind:
      return line(event, '*', record_text(as<Belief>(event)));
    case Work::kRecordKind:
      return line(event, '*', record_text(as<Work>(event)));
    case FaultRecord::kRecordKind:
      if (tells_something(as<FaultRecord>(event)))
        line(event, '!', record_text(as<FaultRecord>(event)));
      return;
    default:
      return;
  }
}

void TraceView::on_event(const sim::TraceEvent& event) {
  switch (event.kind) {
    case Kind::record:
      return record(event);
    case Kind::datagram_sent:
    case Kind::segment_sent:
      return line(event, '>', describe(*event.message) + " to " + name(event.peer));
    case Kind::datagram_delivered:
    case Kind::segment_delivered:
      return line(event, '<', describe(*event.message) + " from " + name(event.peer));
    case Kind::datagram_lost:
      return line(event, 'x', "lost: " + describe(*event.message));
    case Kind::segment_stalled:
      return line(event, 'x', "stalled on the way to " + name(event.peer));
    case Kind::connection_opened:
      return line(event, '+', "connected to " + name(event.peer));
    case Kind::connection_closed:
      return line(event, '/', "closed by " + name(event.peer));
    case Kind::connection_broken:
      return line(event, '/', "connection to " + name(event.peer) + " broken");
    case Kind::started:
      return line(event, '^', "starts");
    case Kind::crashed:
      return line(event, '!', "CRASHES");
    case Kind::paused:
      return line(event, '!', "PAUSED");
    case Kind::resumed:
      return line(event, '!', "RESUMED");
    case Kind::machine_stopped:
      return line(event, '!', "MACHINE STOPPED");
    case Kind::machine_continued:
      return line(event, '!', "MACHINE CONTINUES");
    case Kind::clock_changed:
      return line(event, '!', "CLOCK CHANGED");
    case Kind::power_lost:
      return line(event, '!', "POWER LOST");
    default:
      return;
  }
}

}  // namespace leasehold::reports
