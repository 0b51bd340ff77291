#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "checkers/linearizability/definite_holds.hpp"
#include "checkers/linearizability/earliest_deadline.hpp"
#include "checkers/linearizability/history.hpp"
#include "checkers/linearizability/search.hpp"
#include "support/assert.hpp"

namespace leasehold::checkers {

/// How RapidCheck prints a call: `acquire by 1 [4, 10] #3`, `release by 2 [6, ?]`.
inline std::ostream& operator<<(std::ostream& out, const LockCall& call) {
  constexpr std::array<const char*, 4> kKinds = {"acquire", "renew", "release", "ended"};
  out << kKinds[static_cast<std::size_t>(call.operation.kind)] << " by " << call.operation.owner
      << " [" << call.invoked << ", ";
  if (call.indeterminate()) return out << "?]";
  out << call.responded << "]";
  if (call.operation.token != 0) out << " #" << call.operation.token;
  return out << (call.operation.refused ? " refused" : "");
}

}  // namespace leasehold::checkers

namespace leasehold::checkers::testing {

/// A specification by the name that users give it.
struct NamedSpecification {
  std::string_view name;
  std::uint32_t permits = 1;
  bool owned = false;
  OwnerRules rules{};
};

inline const std::vector<NamedSpecification>& specifications() {
  static const std::vector<NamedSpecification> all = {
      {"mutex", 1, false, {}},
      {"semaphore-2", 2, false, {}},
      {"owner-mutex", 1, true, {}},
      {"semaphore-2-owned", 2, true, {}},
      {"reentrant-mutex-2", 1, true, {.reentrancy = 2}},
      {"fenced-mutex", 1, true, {.fenced = true}},
      {"owner-mutex-strict-try", 1, true, {.strict_try = true}},
  };
  return all;
}

inline const NamedSpecification& specification_named(std::string_view name) {
  for (const NamedSpecification& specification : specifications()) {
    if (specification.name == name) return specification;
  }
  LH_ASSERT(false && "no such specification");
  return specifications().front();
}

/// The history as that specification reads it: refused calls count only where something is learned
/// from them, owners and tokens only where they matter.
inline LockHistory read_as(const NamedSpecification& specification, LockHistory history) {
  std::erase_if(history, [&](const LockCall& call) {
    const bool learned =
        specification.rules.strict_try && call.operation.kind == LockOperation::Kind::acquire;
    return call.operation.refused && !learned;
  });
  for (LockCall& call : history) {
    if (!specification.owned) call.operation.owner = 0;
    if (!specification.rules.fenced) call.operation.token = 0;
  }
  return history;
}

/// Calls `use` with the specification as a value for the search.
template <class Use>
auto with_specification(const NamedSpecification& specification, Use&& use) {
  if (!specification.owned) return use(Semaphore(specification.permits));
  if (specification.permits > 1) return use(OwnedSemaphore(specification.permits));
  return use(OwnerMutex(specification.rules));
}

inline SearchResult search(const NamedSpecification& specification, const LockHistory& history) {
  return with_specification(specification, [&](const auto& value) {
    SearchResult result = LinearizationSearch(value, history).run();
    if (result.verdict == Verdict::holds) LH_ASSERT(is_linearization(value, history, result.order));
    return result;
  });
}

/// The verdict of the near-linear procedure for this kind of lock.
inline Verdict judge_fast(const NamedSpecification& specification, const LockHistory& history) {
  if (!specification.owned) {
    return judge_by_earliest_deadline(history, specification.permits).verdict;
  }
  return DefiniteHolds(specification.rules, specification.permits).judge(history).verdict;
}

/// Reads the notation of the case table: `a1` an acquire of owner 1 is invoked, `A1` it succeeds,
/// `A1#5` with token 5, `x1` it is refused; `r1`, `R1` the same for its release; `a1?`, `r1?` the
/// answer is lost.
class HistoryReader {
 public:
  static LockHistory read(std::string_view events) {
    HistoryReader reader;
    std::istringstream in{std::string(events)};
    for (std::string event; in >> event;) reader.event(event);
    return reader.history_;
  }

 private:
  void event(const std::string& text) {
    ++position_;
    const char letter = text[0];
    const auto owner = static_cast<OwnerId>(text[1] - '0');
    if (text.back() == '?') {
      open_.erase(owner);
    } else if (letter == 'a' || letter == 'r') {
      open_[owner] = history_.size();
      const auto kind = letter == 'a' ? LockOperation::Kind::acquire : LockOperation::Kind::release;
      history_.push_back({{kind, false, owner, 0}, position_, kNever});
    } else {
      LockCall& call = history_[open_.at(owner)];
      open_.erase(owner);
      call.responded = position_;
      call.operation.refused = letter == 'x';
      const std::size_t hash = text.find('#');
      if (hash != std::string::npos) call.operation.token = std::stoull(text.substr(hash + 1));
    }
  }

  LockHistory history_;
  std::map<OwnerId, std::size_t> open_;
  Position position_ = 0;
};

}  // namespace leasehold::checkers::testing
