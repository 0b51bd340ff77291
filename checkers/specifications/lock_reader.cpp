#include "checkers/specifications/lock_reader.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "support/nearest_word.hpp"

namespace leasehold::checkers {
namespace {

using Kind = LockOperation::Kind;
using Outcome = RecordedCall::Outcome;
using Failure = LockRead::Failure;
using Words = std::initializer_list<std::string_view>;

struct Name {
  std::string_view f;
  Kind kind;
};

constexpr std::array<Name, 12> kNames = {{
    {"acquire", Kind::acquire},
    {"lock", Kind::acquire},
    {"try-acquire", Kind::acquire},
    {"try_acquire", Kind::acquire},
    {"try-lock", Kind::acquire},
    {"tryLock", Kind::acquire},
    {"release", Kind::release},
    {"unlock", Kind::release},
    {"renew", Kind::renew},
    {"extend", Kind::renew},
    {"refresh", Kind::renew},
    {"keepalive", Kind::renew},
}};

bool contains_any(const std::string& text, Words words) {
  return std::any_of(words.begin(), words.end(), [&text](std::string_view word) {
    return text.find(word) != std::string::npos;
  });
}

std::string lower_case(const Value& error) {
  std::string text = edn(error);
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c == '_' || c == '-' ? ' ' : c;
  });
  return text;
}

const Value* first_of(const Value& value, Words keys) {
  for (const std::string_view key : keys) {
    const Value* found = value.find(key);
    if (found != nullptr && !found->is_nil()) return found;
  }
  return nullptr;
}

support::Diagnostics unknown_operation(const RecordedCall& call, bool renewable) {
  const std::string& f = call.invocation.f;
  support::Diagnostic wrong =
      at_call(call, "a lock has no operation " + support::quoted(f),
              renewable ? "acquire, renew or release" : "acquire or release");
  std::vector<std::string_view> names;
  for (const Name& name : kNames) names.push_back(name.f);
  wrong.nearest = support::nearest_word(f, names);
  return {wrong};
}

/// The token of an answer, 0 if it has none; nothing if what stands there can be no token.
std::optional<Token> token_of(const Value& answer) {
  const Value* token = answer.is_integer() ? &answer : first_of(answer, {"fence", "token"});
  if (token == nullptr) return 0;
  if (!token->is_integer() || token->integer < 0) return std::nullopt;
  return static_cast<Token>(token->integer);
}

support::Diagnostics bad_token(const RecordedEvent& answer) {
  support::Diagnostic wrong;
  wrong.line = static_cast<int>(answer.place.line);
  wrong.column = static_cast<int>(answer.place.column);
  wrong.message = "the token in " + support::quoted(edn(answer.value)) + " is none";
  wrong.expected = "an integer from 0";
  return {wrong};
}

}  // namespace

std::optional<Kind> lock_operation_named(std::string_view f) {
  const auto* const found =
      std::find_if(kNames.begin(), kNames.end(), [f](const Name& name) { return name.f == f; });
  return found == kNames.end() ? std::nullopt : std::optional(found->kind);
}

Failure failure_of(const Value& error) {
  const std::string text = lower_case(error);
  if (contains_any(text, {"lease", "session"}) &&
      contains_any(text, {"not found", "expired", "lost", "gone"})) {
    return Failure::lease_gone;
  }
  const bool told =
      error.is_nil() || contains_any(text, {"not held", "not hold", "not owner", "not the owner",
                                            "not found", "not locked", "not own"});
  return told ? Failure::not_held : Failure::other;
}

support::Expected<std::optional<LockRead>> LockReader::read(const RecordedCall& call) {
  using Read = std::optional<LockRead>;
  const std::optional<Kind> kind = lock_operation_named(call.invocation.f);
  if (!kind) return unknown_operation(call, reading_.renewable);
  // Who asks is learnt even from calls that are left out.
  const OwnerId owner = reading_.owned ? owner_of(call) : 0;
  LockRead read{{*kind, call.outcome == Outcome::failed, owner, 0}, Failure::none};
  switch (*kind) {
    case Kind::renew:
      if (!reading_.renewable || call.outcome != Outcome::ok) return Read{};
      break;
    case Kind::release:
      if (read.operation.refused) read.failure = failure_of(call.completion->error);
      break;
    default:
      if (read.operation.refused && !reading_.strict_try) return Read{};
      if (!reading_.fenced || call.outcome != Outcome::ok) break;
      const std::optional<Token> token = token_of(call.value());
      if (!token) return bad_token(*call.completion);
      read.operation.token = *token;
  }
  return Read(read);
}

OwnerId LockReader::owner_of(const RecordedCall& call) {
  const Value* named = first_of(call.invocation.value, {"owner", "client"});
  if (named == nullptr && call.completion) {
    named = first_of(call.completion->value, {"owner", "client"});
  }
  const std::int64_t process = call.invocation.process.number;
  const auto known = by_process_.find(process);
  if (named == nullptr && known != by_process_.end()) return known->second;
  const OwnerId owner = number_of(named != nullptr ? *named : Value::vector({Value::of(process)}));
  by_process_[process] = owner;
  return owner;
}

OwnerId LockReader::number_of(const Value& owner) {
  return owners_.try_emplace(owner, static_cast<OwnerId>(owners_.size() + 1)).first->second;
}

}  // namespace leasehold::checkers
