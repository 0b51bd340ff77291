#include "checkers/specifications/registry.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "checkers/specifications/leased_judge.hpp"
#include "checkers/specifications/lock_judge.hpp"
#include "checkers/specifications/search_judge.hpp"
#include "checkers/specifications/value_readers.hpp"
#include "support/nearest_word.hpp"

namespace leasehold::checkers {
namespace {

constexpr std::string_view kLeaseGoneIsOk = "+lease-not-found-release-is-ok";
constexpr std::string_view kLockOperations =
    "acquire, release; :client or :owner in the value, else the process, is the owner";

using Judge = std::unique_ptr<HistoryJudge>;

template <LockKind (*kind)(std::uint32_t)>
Judge lock(std::uint32_t number, const ReadingRules& rules) {
  return std::make_unique<LockJudge>(kind(number), rules);
}

LockKind mutex(std::uint32_t) { return {}; }
LockKind semaphore(std::uint32_t permits) { return {false, permits, {}}; }
LockKind owned_semaphore(std::uint32_t permits) { return {true, permits, {}}; }
LockKind owner_mutex(std::uint32_t) { return {true, 1, {}}; }
LockKind reentrant_mutex(std::uint32_t holds) { return {true, 1, {.reentrancy = holds}}; }
LockKind fenced_mutex(std::uint32_t) { return {true, 1, {.fenced = true}}; }
LockKind dense_fenced_mutex(std::uint32_t) { return {true, 1, {.fenced = true}, true}; }
LockKind strict_try(std::uint32_t) { return {true, 1, {.strict_try = true}}; }

Judge leased(std::uint32_t, const ReadingRules& rules) {
  return std::make_unique<LeasedJudge>(rules);
}

template <class S, class Reader>
Judge searched(std::uint32_t, const ReadingRules& rules) {
  return std::make_unique<SearchJudge<S, Reader>>(rules);
}

struct Known {
  SpecificationEntry entry;
  std::uint32_t most;  ///< of the number in the name; 0: there is none
  Judge (*judge)(std::uint32_t, const ReadingRules&);
};

const std::vector<Known>& known() {
  static const std::vector<Known> all = {
      {{"mutex", "a lock without owner: whoever releases, releases", "acquire, release", true},
       0,
       lock<mutex>},
      {{"owner-mutex", "a lock that only its owner releases", kLockOperations, true, true},
       0,
       lock<owner_mutex>},
      {{"owner-mutex-strict-try", "the same; an acquire that failed proves that it was held",
        kLockOperations, true, true},
       0,
       lock<strict_try>},
      {{"reentrant-mutex-N", "a lock that its owner may hold N times at once", kLockOperations,
        true, true},
       1'000'000,
       lock<reentrant_mutex>},
      {{"fenced-mutex", "an owner mutex whose every grant has a greater :fence than those before",
        kLockOperations, true, true},
       0,
       lock<fenced_mutex>},
      {{"fenced-mutex-dense", "the same; each :fence is one more than the one before",
        kLockOperations, true, true},
       0,
       lock<dense_fenced_mutex>},
      {{"semaphore-N", "N permits without owner", "acquire, release", true},
       1'000'000,
       lock<semaphore>},
      {{"semaphore-N-owned", "N permits, each released by the owner that took it", kLockOperations,
        true},
       OwnedSemaphore::kMost,
       lock<owned_semaphore>},
      {{"leased-mutex", "an owner mutex whose grants may end by themselves at their deadlines",
        "acquire, renew, release, with times; :lease_ns or :deadline_ns in the answers", true,
        true},
       0,
       leased},
      {{"register", "a value that is read and written", "read, write", false},
       0,
       searched<Register, RegisterReader>},
      {{"cas-register", "a register that is also compared and set",
        "read, write, cas of [expected new]", false},
       0,
       searched<Register, CasRegisterReader>},
      {{"kv", "a map of strings, each key by itself", "get, put, append, with a :key", false},
       0,
       searched<KeyValueMap, KeyValueReader>},
      {{"multi-register", "several registers, read and written in transactions",
        "txn of [[:read :x nil] [:write :y 2]]", false},
       0,
       searched<MultiRegister, MultiRegisterReader>},
      {{"set", "a set of elements, empty at first", "add, remove, contains, read", false},
       0,
       searched<Set, SetReader>},
  };
  return all;
}

/// The number that stands in `name` where `pattern` has its N.
std::optional<std::uint32_t> number_in(std::string_view name, std::string_view pattern) {
  const std::size_t at = pattern.find('N');
  const std::string_view after = pattern.substr(at + 1);
  if (name.size() <= at + after.size() || !name.starts_with(pattern.substr(0, at)) ||
      !name.ends_with(after)) {
    return std::nullopt;
  }
  const std::string_view digits = name.substr(at, name.size() - at - after.size());
  std::uint32_t number = 0;
  const char* const begin = digits.data();
  const char* const end = begin + digits.size();
  const auto [stopped, error] = std::from_chars(begin, end, number);
  return stopped == end && error == std::errc() ? std::optional(number) : std::nullopt;
}

support::Diagnostics unknown(const std::string& name) {
  support::Diagnostic wrong;
  wrong.file = "--specification " + name;
  wrong.message = "there is no such specification";
  std::vector<std::string_view> names;
  for (const Known& each : known()) names.push_back(each.entry.name);
  wrong.expected = "one of those that `leasehold list specifications` shows";
  if (std::find(names.begin(), names.end(), name) != names.end()) {
    wrong.expected = "a number in the place of N";
  } else {
    wrong.nearest = support::nearest_word(name, names);
  }
  return {wrong};
}

}  // namespace

const std::vector<SpecificationEntry>& specification_entries() {
  static const std::vector<SpecificationEntry> entries = [] {
    std::vector<SpecificationEntry> all;
    for (const Known& each : known()) all.push_back(each.entry);
    return all;
  }();
  return entries;
}

support::Expected<ChosenSpecification> find_specification(const std::string& name) {
  ChosenSpecification found;
  found.name = name;
  std::string_view base = name;
  if (base.ends_with(kLeaseGoneIsOk)) {
    base.remove_suffix(kLeaseGoneIsOk.size());
    found.lease_gone_is_ok = true;
  }
  for (const Known& each : known()) {
    found.entry = static_cast<std::size_t>(&each - known().data());
    found.lock = each.entry.lock;
    found.exclusive = each.entry.exclusive;
    if (found.lease_gone_is_ok && !found.lock) continue;
    if (each.most == 0 && each.entry.name == base) return found;
    const auto number = each.most > 0 ? number_in(base, each.entry.name) : std::nullopt;
    if (!number) continue;
    found.number = *number;
    if (*number >= 1 && *number <= each.most) return found;
    support::Diagnostic wrong;
    wrong.file = "--specification " + name;
    wrong.message = "the number is out of range";
    wrong.expected = "a number from 1 to " + std::to_string(each.most);
    return support::Diagnostics{wrong};
  }
  return unknown(name);
}

std::unique_ptr<HistoryJudge> ChosenSpecification::judge(const ReadingRules& rules) const {
  ReadingRules own = rules;
  if (lease_gone_is_ok) own.failed_releases = FailedReleases::ends_hold;
  return known()[entry].judge(number, own);
}

}  // namespace leasehold::checkers
