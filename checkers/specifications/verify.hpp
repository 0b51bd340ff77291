#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "checkers/linearizability/history.hpp"
#include "checkers/linearizability/specification.hpp"
#include "checkers/linearizability/transitions.hpp"

namespace leasehold::checkers {

/// Whether no legal order exists of a history, by trying every one: what a certificate of a
/// violation is checked with, and so as plain as can be. From response to response it keeps every
/// situation that the calls may have led to; nothing takes effect before a response needs it to.
///
/// What it leaves out could go on in no other way than what it keeps:
///  - Of calls of one operation, which are alike, the one that is answered first goes first; those
///    whose answers were lost go last.
///  - An observer goes as soon as the state allows it.
///  - A situation that differs from another in nothing but having taken more lost calls.
template <Specification S>
class EveryOrder {
 public:
  /// Of situations, at a time and in all.
  struct Limits {
    std::size_t at_once = 50'000;
    std::size_t in_all = 20'000'000;
  };

  EveryOrder(const S& specification, const History<typename S::Operation>& history, Limits limits)
      : specification_(specification), history_(history), limits_(limits), kinds_(history.size()) {}

  /// Nothing if there are too many situations.
  std::optional<bool> none_is_legal() {
    add_to(situations_, {specification_.initial(), {}, {}});
    for (const Event& event : events()) {
      if (!event.response) {
        invoke(event.call);
      } else if (!respond(event.call)) {
        return std::nullopt;
      } else if (situations_.empty()) {
        return true;
      }
    }
    return false;
  }

 private:
  using CallIndex = std::uint32_t;
  using Kind = std::uint32_t;  ///< of calls: those of one operation
  struct Event {
    Position at;
    CallIndex call;
    bool response;
  };
  struct Situation {
    typename S::State state;
    std::vector<CallIndex> ahead;                     ///< open calls that took effect, in order
    std::vector<std::pair<Kind, std::size_t>> taken;  ///< how many lost calls did, in order
  };
  using Situations = std::map<std::pair<std::uint64_t, std::vector<CallIndex>>,
                              std::vector<Situation>>;  // by the hash of the state, and `ahead`

  [[nodiscard]] std::vector<Event> events() const {
    std::vector<Event> events;
    for (CallIndex i = 0; i < history_.size(); ++i) {
      events.push_back({history_[i].invoked, i, false});
      if (!history_[i].indeterminate()) events.push_back({history_[i].responded, i, true});
    }
    std::sort(events.begin(), events.end(),
              [](const Event& a, const Event& b) { return a.at < b.at; });
    return events;
  }

  [[nodiscard]] bool observes(CallIndex call) const {
    return manner_of<S>(history_[call].operation) == Manner::observes;
  }

  void invoke(CallIndex call) {
    const typename S::Operation& operation = history_[call].operation;
    const Kind kind = kinds_[call] = operations_.of(operation, hash_of<S>(operation));
    lost_.resize(operations_.size(), 0);
    tried_.resize(operations_.size(), 0);
    if (!history_[call].indeterminate()) {
      const auto later = std::find_if(open_.begin(), open_.end(), [&](CallIndex other) {
        return history_[other].responded > history_[call].responded;
      });
      open_.insert(later, call);
    } else if (!observes(call) && ++lost_[kind] == 1) {
      lost_kinds_.push_back(kind);
    }
  }

  /// Leaves the situations in which the call has taken effect; false if they are too many.
  bool respond(CallIndex call) {
    to_do_.clear();
    seen_.clear();
    at_once_ = 0;
    for (auto& [key, alike] : std::exchange(situations_, {})) {
      for (Situation& situation : alike) reach(std::move(situation), call);
    }
    while (!to_do_.empty()) {
      const Situation situation = std::move(to_do_.back());
      to_do_.pop_back();
      go_on(situation, call);
      if (in_all_ > limits_.in_all || at_once_ > limits_.at_once) return false;
    }
    std::erase(open_, call);
    return true;
  }

  /// Notes a situation that can come about by the time the call responds.
  void reach(Situation situation, CallIndex responding) {
    ++in_all_;
    for (const CallIndex call : open_) {
      if (!observes(call) || is_ahead(situation, call)) continue;
      if (specification_.step(situation.state, history_[call].operation)) put(situation, call);
    }
    if (std::erase(situation.ahead, responding) > 0) {
      if (add_to(situations_, std::move(situation))) ++at_once_;
    } else if (add_to(seen_, situation)) {
      ++at_once_;
      to_do_.push_back(std::move(situation));
    }
  }

  /// To what each call that may take effect now leads.
  void go_on(const Situation& situation, CallIndex responding) {
    ++round_;
    for (const CallIndex call : open_) {
      if (is_ahead(situation, call) || std::exchange(tried_[kinds_[call]], round_) == round_) {
        continue;
      }
      const auto state = specification_.step(situation.state, history_[call].operation);
      if (!state) continue;
      Situation next{*state, situation.ahead, situation.taken};
      put(next, call);
      reach(std::move(next), responding);
    }
    for (const Kind kind : lost_kinds_) {
      if (tried_[kind] == round_) continue;
      const auto state = specification_.step(situation.state, operations_[kind]);
      if (!state || *state == situation.state) continue;
      Situation next{*state, situation.ahead, situation.taken};
      if (take_lost(next, kind)) reach(std::move(next), responding);
    }
  }

  static bool is_ahead(const Situation& situation, CallIndex call) {
    return std::binary_search(situation.ahead.begin(), situation.ahead.end(), call);
  }
  static void put(Situation& situation, CallIndex call) {
    std::vector<CallIndex>& ahead = situation.ahead;
    ahead.insert(std::lower_bound(ahead.begin(), ahead.end(), call), call);
  }
  /// False if all of them are taken.
  bool take_lost(Situation& situation, Kind kind) const {
    const auto taken = std::lower_bound(situation.taken.begin(), situation.taken.end(),
                                        std::pair<Kind, std::size_t>(kind, 0));
    if (taken == situation.taken.end() || taken->first != kind) {
      situation.taken.insert(taken, {kind, 1});
      return true;
    }
    return ++taken->second <= lost_[kind];
  }

  /// False if one that may go on in every way that this one may is there already.
  static bool add_to(Situations& situations, Situation situation) {
    auto& alike = situations[{S::hash(situation.state), situation.ahead}];
    for (const Situation& other : alike) {
      if (other.state == situation.state && has_no_more(other, situation)) return false;
    }
    alike.push_back(std::move(situation));
    return true;
  }
  static bool has_no_more(const Situation& a, const Situation& b) {
    auto other = b.taken.begin();
    for (const auto& [kind, count] : a.taken) {
      while (other != b.taken.end() && other->first < kind) ++other;
      if (other == b.taken.end() || other->first != kind || other->second < count) return false;
    }
    return true;
  }

  const S& specification_;
  const History<typename S::Operation>& history_;
  Limits limits_;
  Numbering<typename S::Operation> operations_;  ///< by kind
  std::vector<Kind> kinds_;                      ///< of the calls
  std::vector<std::size_t> lost_;                ///< how many, by kind
  std::vector<Kind> lost_kinds_;
  std::vector<CallIndex> open_;       ///< those that will be answered, in that order
  std::vector<std::uint64_t> tried_;  ///< by kind, the round in which it was last
  std::uint64_t round_ = 0;
  Situations situations_;         ///< once everything up to here is answered
  Situations seen_;               ///< and those on the way to the next answer
  std::vector<Situation> to_do_;  ///< of these, where nobody went on from yet
  std::size_t at_once_ = 0;
  std::size_t in_all_ = 0;
};

/// The history up to the last response of those calls: what was not answered by then may or may not
/// have happened. If this is illegal, so is the whole.
template <class Operation>
History<Operation> up_to(const History<Operation>& history, const std::vector<std::size_t>& calls) {
  Position end = 0;
  for (const std::size_t call : calls) {
    const Call<Operation>& last = history.at(call);
    end = std::max(end, last.indeterminate() ? last.invoked : last.responded);
  }
  History<Operation> cut;
  for (Call<Operation> call : history) {
    if (call.invoked > end) continue;
    if (call.responded > end) call.responded = kNever;
    cut.push_back(std::move(call));
  }
  return cut;
}

/// The history up to the last response of those calls, with no answers but theirs: whatever was
/// answered to others, they may or may not have happened. If this is illegal, so is the whole.
template <class Operation>
History<Operation> with_answers_to(const History<Operation>& history,
                                   const std::vector<std::size_t>& calls) {
  History<Operation> asked = history;
  for (Call<Operation>& call : asked) call.responded = kNever;
  for (const std::size_t call : calls) asked.at(call).responded = history[call].responded;
  Position end = 0;
  for (const std::size_t call : calls) {
    if (!asked[call].indeterminate()) end = std::max(end, asked[call].responded);
  }
  std::erase_if(asked, [end](const Call<Operation>& call) { return call.invoked > end; });
  return asked;
}

/// Whether the history is illegal. Nothing if there are too many orders to try.
template <Specification S>
std::optional<bool> is_illegal(const S& specification,
                               const History<typename S::Operation>& history) {
  return EveryOrder<S>(specification, history, {}).none_is_legal();
}

}  // namespace leasehold::checkers
