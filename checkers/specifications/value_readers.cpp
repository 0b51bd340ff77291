#include "checkers/specifications/value_readers.hpp"

#include <span>
#include <string>
#include <vector>

#include "support/nearest_word.hpp"

namespace leasehold::checkers {
namespace {

using Outcome = RecordedCall::Outcome;
using Kind = Value::Kind;

bool is_sequence(const Value& value) {
  return value.kind == Kind::vector || value.kind == Kind::list;
}

support::Diagnostics unknown_operation(const RecordedCall& call, std::string_view object,
                                       std::span<const std::string_view> names) {
  std::string known;
  for (const std::string_view name : names)
    known += (known.empty() ? "" : ", ") + std::string(name);
  const std::string& f = call.invocation.f;
  support::Diagnostic wrong =
      at_call(call, "a " + std::string(object) + " has no operation " + support::quoted(f), known);
  wrong.nearest = support::nearest_word(f, names);
  return {wrong};
}

support::Diagnostics bad_value(const RecordedCall& call, const Value& value, std::string expected) {
  return {
      at_call(call, call.invocation.f + " of " + support::quoted(edn(value)), std::move(expected))};
}

/// What was answered or, where the answer says nothing more, asked.
const Value& said(const RecordedCall& call) {
  const Value& answered = call.value();
  return answered.is_nil() ? call.invocation.value : answered;
}

bool unless_ok(const RecordedCall& call) { return call.outcome != Outcome::ok; }

}  // namespace

ReadOperation<Register> RegisterReader::read(const RecordedCall& call) {
  using Asked = Register::Operation;
  using Read = std::optional<Asked>;
  const std::string& f = call.invocation.f;
  if (f == "read") {
    const bool told = !unless_ok(call) && (!call.value().is_nil() || rules_.nil_is_absent);
    return told ? Read({Asked::Kind::read, call.value(), {}}) : Read();
  }
  if (f == "write") {
    if (call.outcome == Outcome::failed) return Read();
    return Read({Asked::Kind::write, said(call), {}});
  }
  if (cas_ && (f == "cas" || f == "compare-and-set")) return read_cas(call);
  constexpr std::string_view kNames[] = {"read", "write", "cas"};
  return unknown_operation(call, cas_ ? "CAS register" : "register",
                           std::span(kNames).first(cas_ ? 3 : 2));
}

ReadOperation<Register> RegisterReader::read_cas(const RecordedCall& call) const {
  using Asked = Register::Operation;
  const Value& value = call.outcome == Outcome::ok ? said(call) : call.invocation.value;
  if (!is_sequence(value) || value.items.size() != 2) {
    return bad_value(call, value, "[expected new]");
  }
  Asked operation{Asked::Kind::cas, value.items[1], value.items[0]};
  if (call.outcome != Outcome::failed) return std::optional(std::move(operation));
  // A failure that has a reason of its own, such as :timed-out, did not compare.
  const RecordedEvent& answer = *call.completion;
  const bool compared =
      answer.error.is_nil() && (answer.value.is_nil() || is_sequence(answer.value));
  if (!rules_.failed_cas_compared || !compared) return std::optional<Asked>();
  operation.kind = Asked::Kind::failed_cas;
  operation.value = {};
  return std::optional(std::move(operation));
}

ReadOperation<KeyValueMap> KeyValueReader::read(const RecordedCall& call) {
  using Asked = KeyValueMap::Operation;
  using Read = std::optional<Asked>;
  const std::string& f = call.invocation.f;
  const bool gets = f == "get" || f == "read";
  const bool puts = f == "put" || f == "write";
  if (!gets && !puts && f != "append") {
    constexpr std::string_view kNames[] = {"get", "put", "append"};
    return unknown_operation(call, "key-value map", kNames);
  }
  if (call.outcome == Outcome::failed || (gets && unless_ok(call))) return Read();
  Value key = call.invocation.key;
  Value value = said(call);
  if (key.is_nil()) {
    if (!is_sequence(value) || value.items.size() != 2) {
      return bad_value(call, value, "a :key, or [key value]");
    }
    key = std::move(value.items[0]);
    value = Value(value.items[1]);
  }
  if (gets) {
    if (value.is_nil()) return Read();
    return Read({Asked::Kind::get, std::move(key), std::move(value)});
  }
  if (!puts && value.kind != Kind::string) return bad_value(call, value, "a string");
  const auto kind = puts ? Asked::Kind::put : Asked::Kind::append;
  return Read({kind, std::move(key), std::move(value)});
}

ReadOperation<MultiRegister> MultiRegisterReader::read(const RecordedCall& call) {
  using Read = std::optional<MultiRegister::Operation>;
  if (call.invocation.f != "txn") {
    constexpr std::string_view kNames[] = {"txn"};
    return unknown_operation(call, "multi-register", kNames);
  }
  if (call.outcome == Outcome::failed) return Read();
  const Value& accesses = said(call);
  MultiRegister::Operation operation;
  if (!is_sequence(accesses)) return bad_value(call, accesses, "[[:read :x nil] [:write :y 2]]");
  for (const Value& access : accesses.items) {
    const bool complete = is_sequence(access) && access.items.size() == 3;
    const std::string what = complete ? access.items[0].text : "";
    const bool writes = what == "write" || what == "w";
    if (!writes && what != "read" && what != "r") {
      return bad_value(call, accesses, "[[:read :x nil] [:write :y 2]]");
    }
    if (!writes && (unless_ok(call) || access.items[2].is_nil())) continue;
    operation.push_back({writes, access.items[1], access.items[2]});
  }
  return operation.empty() ? Read() : Read(std::move(operation));
}

MultiRegister MultiRegisterReader::specification() const {
  KeyValues initial;
  if (rules_.initial && rules_.initial->kind == Kind::map) {
    const std::vector<Value>& entries = rules_.initial->items;
    for (std::size_t i = 0; i < entries.size(); i += 2) initial.put(entries[i], entries[i + 1]);
  }
  return MultiRegister(std::move(initial));
}

ReadOperation<Set> SetReader::read(const RecordedCall& call) {
  using Asked = Set::Operation;
  using Read = std::optional<Asked>;
  const std::string& f = call.invocation.f;
  const bool changes = f == "add" || f == "remove";
  if (!changes && f != "contains" && f != "read") {
    constexpr std::string_view kNames[] = {"add", "remove", "contains", "read"};
    return unknown_operation(call, "set", kNames);
  }
  if (call.outcome == Outcome::failed || (!changes && unless_ok(call))) return Read();
  const Value& answered = call.value();
  Asked operation;
  if (f == "read") {
    if (answered.is_nil()) return Read();
    if (!is_sequence(answered) && answered.kind != Kind::set) {
      return bad_value(call, answered, "all members");
    }
    operation.kind = Asked::Kind::read;
    operation.element = answered;
    operation.element.kind = Kind::set;
    if (!put_in_order(operation.element)) return bad_value(call, answered, "each member once");
    return Read(std::move(operation));
  }
  operation.kind = f == "add"      ? Asked::Kind::add
                   : f == "remove" ? Asked::Kind::remove
                                   : Asked::Kind::contains;
  operation.element = call.invocation.value;
  if (!unless_ok(call) && answered.kind == Kind::boolean) operation.found = answered.integer != 0;
  if (!changes && !operation.found) return Read();
  return Read(std::move(operation));
}

}  // namespace leasehold::checkers
