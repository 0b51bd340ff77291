#include "checkers/formats/event_fields.hpp"

#include <utility>

#include "support/diagnostic.hpp"
#include "support/nearest_word.hpp"

namespace leasehold::checkers {
namespace {

using Kind = Value::Kind;

bool is_name(const Value& value) {
  return value.kind == Kind::keyword || value.kind == Kind::string || value.kind == Kind::symbol;
}

unsigned bit(EventField field) { return 1U << static_cast<unsigned>(field); }

}  // namespace

EventField event_field(std::string_view name) {
  if (name == "process") return EventField::process;
  if (name == "type") return EventField::type;
  if (name == "f") return EventField::f;
  if (name == "value") return EventField::value;
  if (name == "time" || name == "time_ns") return EventField::time;
  if (name == "index") return EventField::index;
  if (name == "error") return EventField::error;
  if (name == "key") return EventField::key;
  return EventField::other;
}

EventBuilder::EventBuilder(RecordedEvent& event) : event_(event) {
  event_.process = {};
  event_.f.clear();
  for (Value* value : {&event_.key, &event_.value, &event_.error, &event_.extras}) *value = {};
  event_.time_ns.reset();
  event_.index.reset();
}

Value& EventBuilder::slot(EventField field) {
  switch (field) {
    case EventField::key:
      return event_.key;
    case EventField::value:
      return event_.value;
    case EventField::error:
      return event_.error;
    default:
      scratch_ = {};
      return scratch_;
  }
}

EventBuilder::Problem EventBuilder::take(EventField field, const Value& name) {
  if (field == EventField::other) {
    const bool plain = name.kind == Kind::keyword && name.text.front() != '#';
    if (!plain || name.text == kHistoryKey) {
      return {"an event with the key " + edn(name), "keywords, such as :process"};
    }
    for (std::size_t i = 0; i < extras_.size(); i += 2) {
      if (extras_[i] == name) return {edn(name) + " stands in one event twice", ""};
    }
    extras_.push_back(name);
    extras_.push_back(std::move(scratch_));
    return {};
  }
  if ((seen_ & bit(field)) != 0) return {edn(name) + " stands in one event twice", ""};
  seen_ |= bit(field);
  const Value& value = scratch_;
  switch (field) {
    case EventField::process:
      return take_process(value);
    case EventField::type:
      return take_type(value);
    case EventField::f:
      if (!is_name(value) && !value.is_nil()) {
        return {":f is " + support::quoted(edn(value)),
                "the name of an operation, such as :acquire"};
      }
      event_.f = value.text;
      return {};
    case EventField::time:
    case EventField::index:
      if (value.is_nil()) return {};
      if (!value.is_integer()) {
        return {edn(name) + " is " + support::quoted(edn(value)), "an integer of 64 bits"};
      }
      (field == EventField::time ? event_.time_ns : event_.index) = value.integer;
      return {};
    default:
      return {};
  }
}

EventBuilder::Problem EventBuilder::take_process(const Value& value) {
  if (value.is_integer()) {
    event_.process.number = value.integer;
    return {};
  }
  if (is_name(value) && !value.text.empty()) {
    event_.process.name = value.text;
    return {};
  }
  return {"the process is " + support::quoted(edn(value)),
          "a client's number, or a name such as :nemesis"};
}

EventBuilder::Problem EventBuilder::take_type(const Value& value) {
  for (std::size_t i = 0; is_name(value) && i < kEventTypes.size(); ++i) {
    if (value.text != kEventTypes[i]) continue;
    event_.type = static_cast<RecordedEvent::Type>(i);
    return {};
  }
  return {"the type is " + support::quoted(edn(value)), "invoke, ok, fail or info",
          support::nearest_word(value.text, kEventTypes)};
}

EventBuilder::Problem EventBuilder::finish() {
  constexpr const char* kEvent = "an event with process, type and f";
  if ((seen_ & bit(EventField::process)) == 0) return {"an event without a process", kEvent};
  if ((seen_ & bit(EventField::type)) == 0) return {"an event without a type", kEvent};
  if (event_.f.empty() && event_.process.is_client()) return {"an event without f", kEvent};
  if (!extras_.empty()) event_.extras = Value::map(std::move(extras_));
  return {};
}

}  // namespace leasehold::checkers
