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

namespace leasehold::checkers {

/// Whether no legal order exists of a history, by trying every one: what a certificate of a
/// violation is checked with, and so as plain as can be. From response to response it keeps every
/// situation that the calls may have led to; nothing takes effect before a response needs it to.
/// Lost calls of one operation are alike, and a situation is left out if another differs from it in
/// nothing but having taken fewer of them: that may go on in the same ways.
template <Specification S>
class EveryOrder {
 public:
  /// Of situations, at a time and in all.
  struct Limits {
    std::size_t at_once = 20'000;
    std::size_t in_all = 20'000'000;
  };

  EveryOrder(const S& specification, const History<typename S::Operation>& history, Limits limits)
      : specification_(specification), history_(history), limits_(limits) {}

  /// Nothing if there are too many situations.
  std::optional<bool> none_is_legal() {
    add({specification_.initial(), {}, {}});
    for (const Event& event : events()) {
      const Call<typename S::Operation>& call = history_[event.call];
      if (event.response) {
        if (!respond(event.call)) return std::nullopt;
        if (situations_.empty()) return true;
      } else if (call.indeterminate()) {
        lose(call.operation);
      } else {
        open_.push_back(event.call);
      }
    }
    return false;
  }

 private:
  using CallIndex = std::uint32_t;
  struct Event {
    Position at;
    CallIndex call;
    bool response;
  };
  struct Situation {
    typename S::State state;
    std::vector<CallIndex> ahead;      ///< open calls that took effect already, in order
    std::vector<std::uint32_t> taken;  ///< how many of each kind of lost calls took effect
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

  void lose(const typename S::Operation& operation) {
    const auto alike = std::find_if(lost_.begin(), lost_.end(), [&operation](const Lost& lost) {
      return *lost.operation == operation;
    });
    if (alike == lost_.end()) {
      lost_.push_back({&operation, 1});
    } else {
      ++alike->count;
    }
  }

  /// Leaves the situations in which the call has taken effect; false if they are too many.
  bool respond(CallIndex call) {
    open_.erase(std::find(open_.begin(), open_.end(), call));
    const Situations before = std::exchange(situations_, {});
    size_ = 0;
    std::vector<Situation> to_do;
    Situations seen;
    for (const auto& [key, alike] : before) to_do.insert(to_do.end(), alike.begin(), alike.end());
    while (!to_do.empty()) {
      Situation situation = std::move(to_do.back());
      to_do.pop_back();
      const auto ahead = std::find(situation.ahead.begin(), situation.ahead.end(), call);
      if (ahead != situation.ahead.end()) {
        situation.ahead.erase(ahead);
        if (add_to(situations_, std::move(situation))) ++size_;
      } else if (add_to(seen, situation)) {
        try_each(situation, call, to_do);
      }
      if (++count_ > limits_.in_all || size_ + to_do.size() > limits_.at_once) return false;
    }
    return true;
  }

  /// Adds what each call that may take effect now leads to.
  void try_each(const Situation& situation, CallIndex responding, std::vector<Situation>& to_do) {
    const auto add = [&](CallIndex call) {
      const auto& ahead = situation.ahead;
      if (std::find(ahead.begin(), ahead.end(), call) != ahead.end()) return;
      const auto state = specification_.step(situation.state, history_[call].operation);
      if (!state) return;
      to_do.push_back({*state, ahead, situation.taken});
      std::vector<CallIndex>& more = to_do.back().ahead;
      more.insert(std::lower_bound(more.begin(), more.end(), call), call);
    };
    add(responding);
    for (const CallIndex call : open_) add(call);
    for (std::size_t kind = 0; kind < lost_.size(); ++kind) {
      const std::uint32_t taken = kind < situation.taken.size() ? situation.taken[kind] : 0;
      if (taken == lost_[kind].count) continue;
      const auto state = specification_.step(situation.state, *lost_[kind].operation);
      if (!state || *state == situation.state) continue;
      to_do.push_back({*state, situation.ahead, situation.taken});
      std::vector<std::uint32_t>& counts = to_do.back().taken;
      if (counts.size() <= kind) counts.resize(kind + 1, 0);
      ++counts[kind];
    }
  }

  void add(Situation situation) { add_to(situations_, std::move(situation)); }

  /// False if one that may go on in every way that this one may is there already.
  static bool add_to(Situations& situations, Situation situation) {
    auto& alike = situations[{S::hash(situation.state), situation.ahead}];
    for (const Situation& other : alike) {
      if (other.state == situation.state && has_no_more(other.taken, situation.taken)) return false;
    }
    alike.push_back(std::move(situation));
    return true;
  }
  static bool has_no_more(const std::vector<std::uint32_t>& a,
                          const std::vector<std::uint32_t>& b) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (a[i] > (i < b.size() ? b[i] : 0)) return false;
    }
    return true;
  }

  const S& specification_;
  const History<typename S::Operation>& history_;
  Limits limits_;
  struct Lost {
    const typename S::Operation* operation;
    std::uint32_t count;
  };
  std::vector<Lost> lost_;  ///< by kind
  std::vector<CallIndex> open_;
  Situations situations_;
  std::size_t size_ = 0;  ///< of situations_
  std::size_t count_ = 0;
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

/// Whether the history is illegal. Nothing if there are too many orders to try.
template <Specification S>
std::optional<bool> is_illegal(const S& specification,
                               const History<typename S::Operation>& history) {
  return EveryOrder<S>(specification, history, {}).none_is_legal();
}

}  // namespace leasehold::checkers
