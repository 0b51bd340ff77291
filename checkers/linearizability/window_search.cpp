#include "checkers/linearizability/window_search.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "checkers/linearizability/configurations.hpp"
#include "support/assert.hpp"

namespace leasehold::checkers {
namespace {

using CallIndex = std::uint32_t;

/// The invocations and responses in their order, and a slot for each call while it is undecided:
/// from its invocation to its response, or for ever.
struct Timeline {
  struct Event {
    CallIndex call;
    bool response;
  };
  std::vector<Event> events;         ///< the last one is a response
  std::vector<std::uint32_t> slots;  ///< of each call; those of indeterminate calls come last
  std::uint32_t required_slots = 0;
  std::uint32_t optional_slots = 0;
};

void order_events(const std::vector<LetteredCall>& calls, Timeline& timeline) {
  struct At {
    Position position;
    Timeline::Event event;
  };
  std::vector<At> all;
  all.reserve(2 * calls.size());
  for (CallIndex i = 0; i < calls.size(); ++i) {
    LH_ASSERT(calls[i].invoked < calls[i].responded);
    if (calls[i].indeterminate() && calls[i].observes) continue;
    all.push_back({calls[i].invoked, {i, false}});
    if (!calls[i].indeterminate()) all.push_back({calls[i].responded, {i, true}});
  }
  const auto earlier = [](const At& a, const At& b) { return a.position < b.position; };
  if (!std::is_sorted(all.begin(), all.end(), earlier)) std::sort(all.begin(), all.end(), earlier);
  while (!all.empty() && !all.back().event.response) all.pop_back();
  timeline.events.reserve(all.size());
  for (const At& at : all) timeline.events.push_back(at.event);
}

Timeline timeline_of(const std::vector<LetteredCall>& calls) {
  Timeline timeline;
  timeline.slots.assign(calls.size(), 0);
  order_events(calls, timeline);
  std::vector<std::uint32_t> free;
  for (const Timeline::Event event : timeline.events) {
    std::uint32_t& slot = timeline.slots[event.call];
    if (event.response) {
      free.push_back(slot);
    } else if (calls[event.call].indeterminate()) {
      slot = timeline.optional_slots++;
    } else if (free.empty()) {
      slot = timeline.required_slots++;
    } else {
      slot = free.back();
      free.pop_back();
    }
  }
  for (CallIndex i = 0; i < calls.size(); ++i) {
    if (calls[i].indeterminate()) timeline.slots[i] += timeline.required_slots;
  }
  return timeline;
}

template <std::size_t Words>
class WindowSearch {
 public:
  WindowSearch(Transitions& transitions, const std::vector<LetteredCall>& calls,
               const Timeline& timeline, const SearchBudget& budget)
      : transitions_(transitions),
        calls_(calls),
        timeline_(timeline),
        budget_(budget),
        links_(calls.size() + 3),
        tried_(transitions.letters(), 0),
        known_(required_slots(timeline)) {
    for (const std::uint32_t head : {observers(), required(), optional()}) {
      links_[head] = {head, head};
    }
  }

  SearchResult run() {
    invoke_up_to_response();
    bool complete = enter(kInitial, {});
    bool exhausted = false;
    while (!complete && !path_.empty()) {
      if (over_budget()) {
        exhausted = true;
        break;
      }
      const Configuration& top = path_.back();
      if (branches_.size() == top.first_branch) {
        path_.pop_back();
        continue;
      }
      const Branch branch = branches_.back();
      branches_.pop_back();
      go_back_to(top.at);
      order_.resize(top.placed_calls);
      order_.push_back(branch.call);
      Slots<Words> placed = top.placed;
      placed.flip(timeline_.slots[branch.call]);
      complete = enter(branch.after, placed);
    }
    return conclude(complete, exhausted);
  }

 private:
  struct Links {
    std::uint32_t previous;
    std::uint32_t next;
  };
  struct Configuration {
    Slots<Words> placed;
    std::size_t at;  ///< the response that comes next, an index of an event
    std::size_t first_branch;
    std::size_t placed_calls;
    StateId state;
  };
  struct Branch {
    CallIndex call;
    StateId after;
  };

  // The calls that are undecided at the moment stand in three lists, whose heads follow the calls.
  [[nodiscard]] std::uint32_t observers() const {
    return static_cast<std::uint32_t>(calls_.size());
  }
  [[nodiscard]] std::uint32_t required() const { return observers() + 1; }  ///< by deadline
  [[nodiscard]] std::uint32_t optional() const { return observers() + 2; }  ///< by invocation

  static Slots<Words> required_slots(const Timeline& timeline) {
    Slots<Words> slots;
    for (std::uint32_t slot = 0; slot < timeline.required_slots; ++slot) slots.flip(slot);
    return slots;
  }

  /// Goes on as far as no choice is needed, and remembers the choice. True when all is placed.
  bool enter(StateId state, Slots<Words> placed) {
    while (true) {
      observe(state, placed);
      if (at_ == timeline_.events.size()) return true;
      const std::uint32_t slot = timeline_.slots[timeline_.events[at_].call];
      if (!placed.has(slot)) break;
      placed.flip(slot);
      unlink(timeline_.events[at_++].call);
      invoke_up_to_response();
    }
    farthest_ = std::max(farthest_, at_);
    if (!known_.insert(std::uint64_t{at_} << 32 | state, placed)) return false;
    path_.push_back({placed, at_, branches_.size(), order_.size(), state});
    ++round_;
    branch(required(), state, placed);
    branch(optional(), state, placed);
    std::reverse(branches_.begin() + static_cast<std::ptrdiff_t>(path_.back().first_branch),
                 branches_.end());
    return false;
  }

  void observe(StateId state, Slots<Words>& placed) {
    for (CallIndex i = links_[observers()].next; i != observers(); i = links_[i].next) {
      if (placed.has(timeline_.slots[i]) || step(state, i) != state) continue;
      placed.flip(timeline_.slots[i]);
      order_.push_back(i);
    }
  }

  void branch(std::uint32_t list, StateId state, const Slots<Words>& placed) {
    for (CallIndex i = links_[list].next; i != list; i = links_[i].next) {
      if (placed.has(timeline_.slots[i])) continue;
      if (std::exchange(tried_[calls_[i].letter], round_) == round_) continue;
      const StateId after = step(state, i);
      const bool idle = list == optional() && after == state;
      if (after != kNoState && !idle) branches_.push_back({i, after});
    }
  }

  StateId step(StateId state, CallIndex call) {
    ++steps_;
    return transitions_.next(state, calls_[call].letter);
  }

  void invoke_up_to_response() {
    while (at_ < timeline_.events.size() && !timeline_.events[at_].response) {
      link(timeline_.events[at_++].call);
    }
  }

  void go_back_to(std::size_t event) {
    while (at_ > event) {
      const Timeline::Event undone = timeline_.events[--at_];
      if (undone.response) {
        relink(undone.call);
      } else {
        unlink(undone.call);
      }
    }
  }

  void link(CallIndex call) {
    const LetteredCall& linked = calls_[call];
    const std::uint32_t list = linked.observes          ? observers()
                               : linked.indeterminate() ? optional()
                                                        : required();
    std::uint32_t after = links_[list].previous;
    if (list == required()) {
      while (after != list && calls_[after].responded > linked.responded) {
        after = links_[after].previous;
      }
    }
    links_[call] = {after, links_[after].next};
    relink(call);
  }
  void relink(CallIndex call) {
    links_[links_[call].previous].next = call;
    links_[links_[call].next].previous = call;
  }
  void unlink(CallIndex call) {
    links_[links_[call].previous].next = links_[call].next;
    links_[links_[call].next].previous = links_[call].previous;
  }

  [[nodiscard]] bool over_budget() {
    if (budget_.stop != nullptr && (++polls_ % 256) == 0 && budget_.stop->load()) return true;
    return steps_ >= budget_.steps || bytes() >= budget_.bytes;
  }
  [[nodiscard]] std::size_t bytes() const {
    return known_.bytes() + transitions_.bytes() + path_.capacity() * sizeof(Configuration) +
           branches_.capacity() * sizeof(Branch) + order_.capacity() * sizeof(CallIndex);
  }

  SearchResult conclude(bool complete, bool exhausted) {
    SearchResult result;
    result.verdict = complete ? Verdict::holds : exhausted ? Verdict::unknown : Verdict::violated;
    result.steps = steps_;
    result.configurations = known_.size();
    result.bytes = bytes();
    if (complete) {
      result.order.assign(order_.begin(), order_.end());
    } else {
      result.blocked = timeline_.events[farthest_].call;
    }
    return result;
  }

  Transitions& transitions_;
  const std::vector<LetteredCall>& calls_;
  const Timeline& timeline_;
  const SearchBudget& budget_;
  std::vector<Links> links_;
  std::vector<std::uint64_t> tried_;  ///< of each letter, the round in which a call of it was
  std::uint64_t round_ = 0;
  Configurations<Words> known_;
  std::vector<Configuration> path_;
  std::vector<Branch> branches_;  ///< not tried yet, those of the path's last configuration last
  std::vector<CallIndex> order_;  ///< the calls placed
  std::size_t at_ = 0;            ///< the event that comes next
  std::size_t farthest_ = 0;
  std::uint64_t steps_ = 0;
  std::uint64_t polls_ = 0;
};

}  // namespace

SearchResult search_window(Transitions& transitions, const std::vector<LetteredCall>& calls,
                           const SearchBudget& budget) {
  LH_ASSERT(calls.size() < std::numeric_limits<CallIndex>::max() / 2);
  const Timeline timeline = timeline_of(calls);
  const std::size_t slots = timeline.required_slots + timeline.optional_slots;
  const auto search = [&]<std::size_t Words>() {
    return WindowSearch<Words>(transitions, calls, timeline, budget).run();
  };
  if (slots <= 64) return search.template operator()<1>();
  if (slots <= 128) return search.template operator()<2>();
  if (slots <= 512) return search.template operator()<8>();
  if (slots <= 4096) return search.template operator()<64>();
  return {};
}

}  // namespace leasehold::checkers
