#include "checkers/formats/pairing.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace leasehold::checkers {
namespace {

using Type = RecordedEvent::Type;
using Outcome = RecordedCall::Outcome;

support::Diagnostic wrong(const RecordedEvent& event, const std::string& message,
                          std::string expected) {
  support::Diagnostic diagnostic;
  diagnostic.line = static_cast<int>(event.place.line);
  diagnostic.column = static_cast<int>(event.place.column);
  diagnostic.message = "process " + std::to_string(event.process.number) + " " + message;
  diagnostic.expected = std::move(expected);
  return diagnostic;
}

support::Diagnostic too_long(const RecordedEvent& event) {
  support::Diagnostic diagnostic;
  diagnostic.line = static_cast<int>(event.place.line);
  diagnostic.column = static_cast<int>(event.place.column);
  diagnostic.message = "the history is too long";
  diagnostic.expected = "no more than " + std::to_string(kMostEvents) + " events";
  return diagnostic;
}

std::string described(const RecordedEvent& invocation) {
  return "its " + invocation.f + " of line " + std::to_string(invocation.place.line);
}

}  // namespace

std::optional<support::Diagnostic> Pairing::observe(RecordedEvent& event) {
  if (events_ == kMostEvents) return too_long(event);
  const Position at = position_of(events_++);
  if (!event.process.is_client()) {
    if (on_fact_) on_fact_(event, at);
    return std::nullopt;
  }
  return event.type == Type::invoke ? invoke(event, at) : complete(event, at);
}

std::optional<support::Diagnostic> Pairing::invoke(RecordedEvent& event, Position at) {
  const auto [open, fresh] = open_.try_emplace(event.process.number);
  if (!fresh) {
    return wrong(event,
                 "invokes " + event.f + " while " + described(open->second.invocation) + " is open",
                 "its ok, fail or info first, or a process of its own");
  }
  RecordedCall& call = open->second;
  call.invocation = std::move(event);
  call.invoked = at;
  return std::nullopt;
}

std::optional<support::Diagnostic> Pairing::complete(RecordedEvent& event, Position at) {
  const auto open = open_.find(event.process.number);
  if (open == open_.end()) {
    if (event.type == Type::info) return std::nullopt;  // a remark
    return wrong(event, "is answered, but has asked for nothing", "an invoke before it");
  }
  RecordedCall& call = open->second;
  if (event.f != call.invocation.f) {
    return wrong(event,
                 "is answered to " + support::quoted(event.f) + " while " +
                     described(call.invocation) + " is open",
                 "the same f as was invoked");
  }
  if (event.type == Type::ok) call.outcome = Outcome::ok;
  if (event.type == Type::fail) call.outcome = Outcome::failed;
  if (event.type != Type::info) call.responded = at;
  call.completion = std::move(event);
  on_call_(call);
  open_.erase(open);
  return std::nullopt;
}

void Pairing::finish() {
  std::vector<RecordedCall*> unanswered;
  for (auto& [process, call] : open_) unanswered.push_back(&call);
  std::sort(unanswered.begin(), unanswered.end(),
            [](const auto* a, const auto* b) { return a->invoked < b->invoked; });
  for (RecordedCall* call : unanswered) on_call_(*call);
  open_.clear();
}

std::optional<support::Diagnostic> pair_events(
    EventReader& events, Pairing& pairing, const std::function<bool(std::uint64_t line)>& enough) {
  constexpr std::uint64_t kAskedEvery = 4096;
  RecordedEvent event;
  while (events.next(event)) {
    const std::uint64_t line = event.place.line;
    if (auto problem = pairing.observe(event)) return problem;
    if (enough && pairing.events() % kAskedEvery == 0 && enough(line)) return std::nullopt;
  }
  if (events.error()) return events.error();
  pairing.finish();
  return std::nullopt;
}

}  // namespace leasehold::checkers
