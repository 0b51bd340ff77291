#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "checkers/linearizability/history.hpp"
#include "checkers/linearizability/lock_specification.hpp"
#include "checkers/record/verdict.hpp"
#include "support/assert.hpp"

namespace leasehold::checkers {

/// How far a search may go before it gives up with `unknown`.
struct SearchBudget {
  std::uint64_t steps = 10'000'000;          ///< of the specification
  std::size_t bytes = std::size_t{1} << 28;  ///< of remembered configurations
};

struct SearchResult {
  Verdict verdict = Verdict::unknown;
  std::uint64_t steps = 0;
  /// holds: the calls (as indices into the history) in an order that the specification allows;
  /// indeterminate ones that are missing never took effect. A certificate: see is_linearization().
  std::vector<std::size_t> order;
};

/// Whether `order` proves the history linearizable: every call at most once and every determinate
/// one exactly once, none before a call that had responded when it was invoked, all allowed.
template <Specification S>
bool is_linearization(const S& specification, const History<typename S::Operation>& history,
                      const std::vector<std::size_t>& order) {
  std::vector<bool> taken(history.size(), false);
  Position latest_invocation = 0;
  typename S::State state = specification.initial();
  for (const std::size_t index : order) {
    if (index >= history.size() || taken[index]) return false;
    taken[index] = true;
    const auto& call = history[index];
    if (call.responded < latest_invocation) return false;
    latest_invocation = std::max(latest_invocation, call.invoked);
    const auto next = specification.step(state, call.operation);
    if (!next) return false;
    state = *next;
  }
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (!taken[i] && !history[i].indeterminate()) return false;
  }
  return true;
}

/// The exact cache of a search: configurations (which calls are done, and the state) seen before.
/// It never forgets: a lossy cache makes the hardest histories endless.
template <class State>
class Configurations {
 public:
  explicit Configurations(std::size_t words) : words_(words), slots_(256, 0) {}

  /// False if it was there already. `hash` must be a function of `done` and `state`.
  bool insert(std::uint64_t hash, const std::vector<std::uint64_t>& done, const State& state) {
    if (2 * (states_.size() + 1) > slots_.size()) grow();
    std::size_t slot = hash & (slots_.size() - 1);
    for (; slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1)) {
      const std::size_t i = slots_[slot] - 1;
      const auto seen = done_.begin() + static_cast<std::ptrdiff_t>(i * words_);
      if (hashes_[i] == hash && states_[i] == state && std::equal(done.begin(), done.end(), seen)) {
        return false;
      }
    }
    states_.push_back(state);
    hashes_.push_back(hash);
    done_.insert(done_.end(), done.begin(), done.end());
    slots_[slot] = states_.size();
    return true;
  }

  [[nodiscard]] std::size_t bytes() const {
    return states_.size() * (sizeof(State) + (words_ + 1) * sizeof(std::uint64_t)) +
           slots_.size() * sizeof(std::size_t);
  }

 private:
  void grow() {
    slots_.assign(2 * slots_.size(), 0);
    for (std::size_t i = 0; i < hashes_.size(); ++i) {
      std::size_t slot = hashes_[i] & (slots_.size() - 1);
      while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
      slots_[slot] = i + 1;
    }
  }

  std::size_t words_;
  std::vector<State> states_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint64_t> done_;
  std::vector<std::size_t> slots_;  ///< 1 + index of a configuration, 0: free; a power of two
};

/// Decides whether a history is linearizable, for any specification, by the depth-first search of
/// Wing and Gong with Lowe's memory of configurations. Exponential in the number of calls that are
/// undecided at once, which is what the budget is for. Three reductions, exact for any
/// specification, keep indeterminate calls affordable: (S) of several equal ones only the one
/// invoked first may be tried; (N) one that leaves the state as it is need never be tried; (T) the
/// search is over once all determinate calls are placed.
template <Specification S>
class LinearizationSearch {
 public:
  using Operation = typename S::Operation;
  using State = typename S::State;

  LinearizationSearch(const S& specification, const History<Operation>& history,
                      SearchBudget budget = {})
      : specification_(specification),
        history_(history),
        budget_(budget),
        twin_(history.size(), kNone),
        done_((history.size() + 63) / 64, 0),
        seen_(done_.size()),
        state_(specification.initial()) {
    link_events();
    find_twins();
  }

  SearchResult run() {
    std::size_t at = next_[kHead];
    while (required_ > 0) {
      if (over_budget()) return {Verdict::unknown, steps_, {}};
      if (at != kHead && !is_response(at)) {
        at = take(at) ? next_[kHead] : next_[at];
      } else if (!path_.empty()) {
        at = give_back();  // a response: its call had to be placed by now
      } else {
        return {Verdict::violated, steps_, {}};
      }
    }
    std::vector<std::size_t> order;
    for (const Placed& placed : path_) order.push_back(placed.call);
    return {Verdict::holds, steps_, std::move(order)};
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  static constexpr std::size_t kHead = 0;

  struct Placed {
    std::size_t call;
    State before;
    std::uint64_t hash_before;
  };

  // Events stand in a doubly linked list around kHead. Of call c, event 1 + 2c is the invocation
  // and 2 + 2c the response; an indeterminate call has none.
  static std::size_t invocation(std::size_t call) { return 1 + 2 * call; }
  static std::size_t response(std::size_t call) { return 2 + 2 * call; }
  static std::size_t call_of(std::size_t event) { return (event - 1) / 2; }
  static bool is_response(std::size_t event) { return event % 2 == 0; }
  [[nodiscard]] Position position(std::size_t event) const {
    const auto& call = history_[call_of(event)];
    return is_response(event) ? call.responded : call.invoked;
  }

  void link_events() {
    std::vector<std::size_t> events;
    for (std::size_t call = 0; call < history_.size(); ++call) {
      LH_ASSERT(history_[call].invoked < history_[call].responded);
      events.push_back(invocation(call));
      if (history_[call].indeterminate()) continue;
      events.push_back(response(call));
      ++required_;
    }
    std::sort(events.begin(), events.end(), [this](std::size_t a, std::size_t b) {
      return std::pair(position(a), a) < std::pair(position(b), b);
    });
    next_.assign(1 + 2 * history_.size(), kHead);
    previous_.assign(1 + 2 * history_.size(), kHead);
    std::size_t last = kHead;
    for (const std::size_t event : events) {
      next_[last] = event;
      previous_[event] = last;
      last = event;
    }
    next_[last] = kHead;
    previous_[kHead] = last;
  }

  /// (S): the equal indeterminate call that was invoked just before, which must be tried first.
  void find_twins() {
    std::vector<std::size_t> open;  // the last of each set of equal ones so far
    for (std::size_t event = next_[kHead]; event != kHead; event = next_[event]) {
      const std::size_t call = call_of(event);
      if (is_response(event) || !history_[call].indeterminate()) continue;
      const auto twin = std::find_if(open.begin(), open.end(), [&](std::size_t other) {
        return history_[other].operation == history_[call].operation;
      });
      if (twin == open.end()) {
        open.push_back(call);
      } else {
        twin_[call] = std::exchange(*twin, call);
      }
    }
  }

  [[nodiscard]] bool is_done(std::size_t call) const {
    return (done_[call / 64] >> (call % 64) & 1U) != 0;
  }
  void flip_done(std::size_t call) { done_[call / 64] ^= std::uint64_t{1} << (call % 64); }

  static std::uint64_t mix(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31);
  }

  /// Places the call next if the specification allows it and this leads to something new.
  bool take(std::size_t event) {
    const std::size_t call = call_of(event);
    const bool optional = history_[call].indeterminate();
    if (twin_[call] != kNone && !is_done(twin_[call])) return false;
    ++steps_;
    const std::optional<State> after = specification_.step(state_, history_[call].operation);
    if (!after || (optional && *after == state_)) return false;
    const std::uint64_t hash = done_hash_ ^ mix(call + 1);
    flip_done(call);
    if (!seen_.insert(mix(hash + S::hash(*after)), done_, *after)) {
      flip_done(call);
      return false;
    }
    path_.push_back({call, std::exchange(state_, *after), std::exchange(done_hash_, hash)});
    unlink(event);
    if (optional) return true;
    unlink(response(call));
    --required_;
    return true;
  }

  /// Takes back the call placed last; returns the event after its invocation.
  std::size_t give_back() {
    const Placed last = path_.back();
    path_.pop_back();
    state_ = last.before;
    done_hash_ = last.hash_before;
    flip_done(last.call);
    if (!history_[last.call].indeterminate()) {
      relink(response(last.call));
      ++required_;
    }
    relink(invocation(last.call));
    return next_[invocation(last.call)];
  }

  void unlink(std::size_t event) {
    next_[previous_[event]] = next_[event];
    previous_[next_[event]] = previous_[event];
  }
  void relink(std::size_t event) {
    next_[previous_[event]] = event;
    previous_[next_[event]] = event;
  }

  [[nodiscard]] bool over_budget() const {
    return steps_ >= budget_.steps || seen_.bytes() >= budget_.bytes;
  }

  const S& specification_;
  const History<Operation>& history_;
  SearchBudget budget_;
  std::vector<std::size_t> next_;
  std::vector<std::size_t> previous_;
  std::vector<std::size_t> twin_;
  std::size_t required_ = 0;
  std::vector<std::uint64_t> done_;  ///< a bit per call
  std::uint64_t done_hash_ = 0;
  Configurations<State> seen_;
  State state_;
  std::vector<Placed> path_;
  std::uint64_t steps_ = 0;
};

}  // namespace leasehold::checkers
