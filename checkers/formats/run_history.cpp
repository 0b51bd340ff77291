#include "checkers/formats/run_history.hpp"

#include <algorithm>
#include <array>

#include "checkers/formats/write_event.hpp"
#include "support/assert.hpp"

namespace leasehold::checkers {
namespace {

/// From one process of a client to its next, as Jepsen numbers them.
constexpr std::int64_t kProcesses = 100'000;

/// REQUIRES: a word for each enumerator, in their order up to the last one.
template <auto kLast, std::size_t N>
Value word(const std::array<const char*, N>& words, decltype(kLast) value) {
  static_assert(N == static_cast<std::size_t>(kLast) + 1);
  return Value::string(words.at(static_cast<std::size_t>(value)));
}

Value number(std::uint64_t value) { return Value::of(static_cast<std::int64_t>(value)); }

void add(std::vector<Value>& entries, const char* key, Value value) {
  entries.push_back(Value::keyword(key));
  entries.push_back(std::move(value));
}

std::vector<Value> identity(ClientId client, AttemptId attempt) {
  std::vector<Value> entries;
  add(entries, "client", number(client));
  add(entries, "owner", number(attempt));
  return entries;
}

}  // namespace

RunHistory::RunHistory(const EffectRules& effects,
                       const std::vector<std::pair<std::string, std::string>>& about)
    : text_(json_lines_header()) {
  Entries entries;
  Entries rules;
  add(rules, "stale", Value::of(effects.stale));
  add(rules, "lost", Value::of(effects.lost));
  add(rules, "duplicate", Value::of(effects.duplicate));
  if (effects.rows) add(rules, "rows", Value::of(true));
  add(entries, "effects", Value::map(std::move(rules)));
  for (const auto& [key, value] : about) add(entries, key.c_str(), Value::string(value));
  state({}, "history", std::move(entries));
}

void RunHistory::state(Stamp at, const char* f, Entries value) {
  RecordedEvent event;
  event.process.name = "leasehold";
  event.type = RecordedEvent::Type::info;
  event.f = f;
  event.value = Value::map(std::move(value));
  append(at, std::move(event));
}

void RunHistory::append(Stamp at, RecordedEvent event) {
  event.time_ns = at.at_ns;
  append_json(text_, event);
}

std::int64_t RunHistory::process_of(const Operation& operation) {
  std::vector<Lane>& lanes = lanes_[operation.client];
  const std::pair call(operation.attempt, operation.kind);
  if (operation.phase == Operation::Phase::invoked) {
    auto lane = std::find_if(lanes.begin(), lanes.end(),
                             [](const Lane& each) { return !each.open && !each.lost; });
    if (lane == lanes.end()) {
      const auto process = static_cast<std::int64_t>(operation.client) +
                           kProcesses * static_cast<std::int64_t>(lanes.size());
      lane = lanes.insert(lane, {process, false, false});
    }
    lane->open = true;
    calling_[call] = static_cast<std::size_t>(lane - lanes.begin());
    return lane->process;
  }
  const auto calling = calling_.find(call);
  LH_ASSERT(calling != calling_.end());
  Lane& lane = lanes[calling->second];
  calling_.erase(calling);
  lane.open = false;
  lane.lost = operation.phase == Operation::Phase::indeterminate;
  return lane.process;
}

void RunHistory::observe(Stamp at, const Operation& operation) {
  constexpr std::array kKinds = {"acquire", "renew", "release"};
  RecordedEvent event;
  event.process.number = process_of(operation);
  event.type = static_cast<RecordedEvent::Type>(operation.phase);
  event.f = kKinds.at(static_cast<std::size_t>(operation.kind));
  Entries value = identity(operation.client, operation.attempt);
  const bool granted =
      operation.kind == Operation::Kind::acquire && operation.phase == Operation::Phase::ok;
  if (granted && operation.token != 0) add(value, "fence", number(operation.token));
  event.value = Value::map(std::move(value));
  append(at, std::move(event));
}

void RunHistory::observe(Stamp at, const Grant& grant) {
  constexpr std::array kPhases = {"begun", "renewed", "ended"};
  constexpr std::array kEnds = {"none", "released", "deadline", "session"};
  Entries value = identity(grant.client, grant.attempt);
  add(value, "phase", word<Grant::Phase::ended>(kPhases, grant.phase));
  if (grant.phase == Grant::Phase::ended)
    add(value, "end", word<Grant::End::session>(kEnds, grant.end));
  if (grant.token != 0) add(value, "fence", number(grant.token));
  state(at, "grant", std::move(value));
}

void RunHistory::observe(Stamp at, const Belief& belief) {
  constexpr std::array kPhases = {"begun", "ended"};
  constexpr std::array kEnds = {"none", "released", "lost", "deadline"};
  Entries value = identity(belief.client, belief.attempt);
  add(value, "phase", word<Belief::Phase::ended>(kPhases, belief.phase));
  if (belief.phase == Belief::Phase::ended)
    add(value, "end", word<Belief::End::deadline>(kEnds, belief.end));
  state(at, "belief", std::move(value));
}

void RunHistory::observe(Stamp at, const Work& work) {
  constexpr std::array kPhases = {"entered", "left"};
  Entries value = identity(work.client, work.attempt);
  add(value, "phase", word<Work::Phase::left>(kPhases, work.phase));
  state(at, "work", std::move(value));
}

void RunHistory::observe(Stamp at, const Effect& effect) {
  constexpr std::array kKinds = {"read", "write", "notice"};
  constexpr std::array kOutcomes = {"accepted", "fenced"};
  Entries value = identity(effect.client, effect.attempt);
  add(value, "kind", word<Effect::Kind::notice>(kKinds, effect.kind));
  add(value, "outcome", word<Effect::Outcome::fenced>(kOutcomes, effect.outcome));
  if (effect.token != 0) add(value, "fence", number(effect.token));
  add(value, "version", number(effect.version));
  if (effect.kind == Effect::Kind::write) add(value, "based_on", number(effect.based_on));
  if (effect.job != 0) add(value, "job", number(effect.job));
  state(at, "effect", std::move(value));
}

void RunHistory::observe(Stamp at, const ClientLife& life) {
  constexpr std::array kPhases = {"started", "crashed", "finished"};
  Entries value;
  add(value, "client", number(life.client));
  add(value, "phase", word<ClientLife::Phase::finished>(kPhases, life.phase));
  state(at, "client-life", std::move(value));
}

void RunHistory::observe(Stamp at, const FaultRecord& fault) {
  constexpr std::array kPhases = {"scheduled", "bound", "applied", "ended", "in_effect"};
  Entries value;
  add(value, "fault", number(fault.fault));
  add(value, "phase", word<FaultRecord::Phase::in_effect>(kPhases, fault.phase));
  state(at, "fault", std::move(value));
}

}  // namespace leasehold::checkers
