#include "checkers/linearizability/window_search.hpp"

#include <algorithm>
#include <utility>

#include "checkers/linearizability/configurations.hpp"
#include "support/assert.hpp"

namespace leasehold::checkers {
namespace {

bool is_total(const LetteredCall& call) {
  return call.manner == Manner::total || call.manner == Manner::overwrites;
}

/// The slots of a configuration. After those of the timeline, which say what is placed, stand those
/// of what a configuration lacks: so the one with fewer is worth more, as with optional calls.
struct Layout {
  explicit Layout(const Timeline& timeline, bool shades)
      : required(timeline.required_slots),
        unshaded(required + timeline.optional_slots),
        unseen(unshaded + (shades ? required : 0)),
        size(unseen + (shades ? 1 : 0)) {}

  std::uint32_t required;
  std::uint32_t unshaded;  ///< the first of them, one for each required slot
  std::uint32_t unseen;
  std::uint32_t size;
};

template <std::size_t Words>
class WindowSearch {
 public:
  WindowSearch(Transitions& transitions, const std::vector<LetteredCall>& calls,
               const Timeline& timeline, const Layout& layout, const SearchBudget& budget)
      : transitions_(transitions),
        calls_(calls),
        timeline_(timeline),
        layout_(layout),
        budget_(budget),
        shades_(layout.unseen < layout.size),
        links_(calls.size() + 3),
        tried_(2 * transitions.letters(), 0),
        ways_(transitions.knows_ways() ? calls.size() : 0),
        known_(first_slots(layout.required)) {
    for (const std::uint32_t head : {observers(), required(), optional()}) {
      links_[head] = {head, head};
    }
  }

  SearchResult run() {
    Placed none;
    invoke_up_to_response(none);
    bool complete = enter(kInitial, none);
    bool exhausted = false;
    while (!complete && !path_.empty()) {
      if (over_budget()) {
        exhausted = true;
        break;
      }
      if (branches_.size() == path_.back().first_branch) {
        path_.pop_back();
        continue;
      }
      const Branch branch = branches_.back();
      branches_.pop_back();
      complete = take(branch);
    }
    return conclude(complete, exhausted);
  }

 private:
  using Placed = Slots<Words>;
  /// How far, in events, a search looks ahead.
  static constexpr EventIndex kHorizon = 512;

  struct Links {
    std::uint32_t previous;
    std::uint32_t next;
  };
  struct Configuration {
    Placed placed;
    EventIndex at;  ///< the response that comes next
    StateId state;
    std::size_t first_branch;
    std::size_t placed_calls;
  };
  struct Branch {
    CallIndex call;
    StateId after;
    bool in_shade;  ///< where the call stays, now that it responds
  };
  struct Placing {
    CallIndex call;
    bool shaded;    ///< it goes before a call placed earlier that overwrites it
    EventIndex at;  ///< when it was placed
  };
  /// The calls that lead to a goal.
  struct Ways {
    bool known = false;
    std::vector<CallIndex> calls;
  };

  // The calls that are undecided at the moment stand in three lists, whose heads follow the calls.
  [[nodiscard]] std::uint32_t observers() const { return static_cast<CallIndex>(calls_.size()); }
  [[nodiscard]] std::uint32_t required() const { return observers() + 1; }  ///< by deadline
  [[nodiscard]] std::uint32_t optional() const { return observers() + 2; }  ///< by invocation

  [[nodiscard]] std::uint32_t slot(CallIndex call) const { return timeline_.slots[call]; }
  /// Set while nothing that was placed overwrites the call. REQUIRES: shades_, a required call.
  [[nodiscard]] std::uint32_t unshaded(CallIndex call) const {
    return layout_.unshaded + slot(call);
  }
  [[nodiscard]] bool shaded(CallIndex call, const Placed& placed) const {
    return shades_ && is_total(calls_[call]) && !placed.has(unshaded(call));
  }

  static Placed first_slots(std::uint32_t count) {
    Placed slots;
    for (std::uint32_t slot = 0; slot < count; ++slot) slots.flip(slot);
    return slots;
  }

  bool take(const Branch& branch) {
    const Configuration& top = path_.back();
    go_back_to(top.at);
    order_.resize(top.placed_calls);
    order_.push_back({branch.call, branch.in_shade, at_});
    Placed placed = top.placed;
    if (branch.in_shade) {
      pass_response(placed);
    } else {
      placed.flip(slot(branch.call));
      if (shades_) shade(branch.call, placed);
    }
    return enter(branch.after, placed);
  }

  /// The call is placed: what it overwrites needs no other place.
  void shade(CallIndex by, Placed& placed) {
    const LetteredCall& call = calls_[by];
    if (is_total(call) && !call.indeterminate()) placed.clear(unshaded(by));
    if (call.manner == Manner::overwrites) {
      for (CallIndex i = links_[required()].next; i != required(); i = links_[i].next) {
        if (is_total(calls_[i])) placed.clear(unshaded(i));
      }
    }
    placed.clear(layout_.unseen);
    if (is_total(call)) placed.flip(layout_.unseen);
  }

  /// Goes on as far as no choice is needed, and remembers the choice. True when all is placed.
  bool enter(StateId state, Placed placed) {
    observe(state, placed);
    while (at_ < timeline_.events.size()) {
      const std::uint32_t next = slot(timeline_.events[at_].call);
      if (!placed.has(next)) break;
      placed.flip(next);
      pass_response(placed);
      observe(state, placed);
    }
    if (at_ == timeline_.events.size()) return true;
    farthest_ = std::max(farthest_, at_);
    if (astray(state, placed)) return false;
    if (!known_.insert(std::uint64_t{at_} << 32 | state, placed)) return false;
    path_.push_back({placed, at_, state, branches_.size(), order_.size()});
    ++round_;
    const CallIndex next = timeline_.events[at_].call;
    if (shaded(next, placed)) branches_.push_back({next, state, true});
    branch(required(), state, placed);
    branch(optional(), state, placed);
    std::reverse(branches_.begin() + static_cast<std::ptrdiff_t>(path_.back().first_branch),
                 branches_.end());
    return false;
  }

  void observe(StateId state, Placed& placed) {
    for (CallIndex i = links_[observers()].next; i != observers(); i = links_[i].next) {
      if (placed.has(slot(i))) continue;
      ++steps_;
      if (!transitions_.allows(state, calls_[i].letter)) continue;
      placed.flip(slot(i));
      if (shades_) placed.clear(layout_.unseen);
      order_.push_back({i, false, at_});
    }
  }

  void branch(std::uint32_t list, StateId state, const Placed& placed) {
    const bool unseen = shades_ && placed.has(layout_.unseen);
    for (CallIndex i = links_[list].next; i != list; i = links_[i].next) {
      if (placed.has(slot(i))) continue;
      // What was placed last would have been of no use: it could stand in the shade of this call.
      if (unseen && calls_[i].manner == Manner::overwrites) continue;
      const bool in_shade = list == required() && shaded(i, placed);
      if (std::exchange(tried_[2 * calls_[i].letter + (in_shade ? 1 : 0)], round_) == round_) {
        continue;
      }
      ++steps_;
      const StateId after = transitions_.next(state, calls_[i].letter);
      const bool idle = list == optional() && after == state;
      if (after != kNoState && !idle) branches_.push_back({i, after, false});
    }
  }

  /// Whether a call that must be placed has no way to be any more.
  [[nodiscard]] bool astray(StateId state, const Placed& placed) {
    if (ways_.empty()) return false;
    for (const std::uint32_t list : {observers(), required()}) {
      for (CallIndex i = links_[list].next; i != list; i = links_[i].next) {
        if (placed.has(slot(i)) || transitions_.near(state, calls_[i].letter)) continue;
        if (!has_way(i, placed)) return give_up(i);
      }
    }
    if (known_.size() < budget_.easy) return false;
    if (goals_.empty()) look_ahead();
    const auto first = std::lower_bound(
        goals_.begin(), goals_.end(), at_,
        [this](CallIndex goal, EventIndex event) { return timeline_.invocations[goal] < event; });
    for (auto goal = first; goal != goals_.end(); ++goal) {
      if (timeline_.invocations[*goal] >= at_ + horizon_) break;
      if (transitions_.near(state, calls_[*goal].letter)) continue;
      if (!has_way(*goal, placed)) return give_up(*goal);
    }
    return false;
  }

  bool give_up(CallIndex goal) {
    illegal_up_to_ = std::max(illegal_up_to_, timeline_.responses[goal]);
    return true;
  }

  /// From now on goals that are not even invoked are kept in sight too.
  void look_ahead() {
    horizon_ = kHorizon;
    ways_.assign(calls_.size(), {});
    for (const Timeline::Event event : timeline_.events) {
      const bool goal = calls_[event.call].manner == Manner::observes;
      if (goal && !event.response) goals_.push_back(event.call);
    }
    if (goals_.empty()) goals_.push_back(timeline_.events.back().call);
  }

  /// Whether a call that leads to the goal is still to be placed while the goal is undecided.
  [[nodiscard]] bool has_way(CallIndex goal, const Placed& placed) {
    Ways& ways = ways_[goal];
    if (!ways.known) find_ways(goal, ways);
    return std::any_of(ways.calls.begin(), ways.calls.end(), [&](CallIndex i) {
      if (timeline_.responses[i] < at_) return false;
      return timeline_.invocations[i] >= at_ || !placed.has(slot(i));
    });
  }

  void find_ways(CallIndex goal, Ways& ways) {
    ways.known = true;
    const auto consider = [&](CallIndex i) {
      if (i == goal || calls_[i].manner == Manner::observes) return;
      if (transitions_.leads_to(calls_[i].letter, calls_[goal].letter)) ways.calls.push_back(i);
    };
    // Those undecided at some time while the goal is in sight are invoked or respond in it …
    const EventIndex invoked = timeline_.invocations[goal];
    EventIndex event = invoked - std::min(invoked, horizon_);
    for (; event < timeline_.responses[goal]; ++event) consider(timeline_.events[event].call);
    // … or are undecided all the time, so now too.
    for (const std::uint32_t list : {required(), optional()}) {
      for (CallIndex i = links_[list].next; i != list; i = links_[i].next) consider(i);
    }
  }

  void pass_response(Placed& placed) {
    unlink(timeline_.events[at_++].call);
    if (shades_) placed.clear(layout_.unseen);
    invoke_up_to_response(placed);
  }

  void invoke_up_to_response(Placed& placed) {
    while (at_ < timeline_.events.size() && !timeline_.events[at_].response) {
      const CallIndex call = timeline_.events[at_++].call;
      link(call);
      const bool may_be_shaded = is_total(calls_[call]) && !calls_[call].indeterminate();
      if (shades_ && may_be_shaded) placed.flip(unshaded(call));
    }
  }

  void go_back_to(EventIndex event) {
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
    const std::uint32_t list = linked.manner == Manner::observes ? observers()
                               : linked.indeterminate()          ? optional()
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
    if (budget_.stop != nullptr && ++polls_ % 256 == 0 && budget_.stop->load()) return true;
    return steps_ >= budget_.steps || bytes() >= budget_.bytes;
  }
  [[nodiscard]] std::size_t bytes() const {
    return known_.bytes() + transitions_.bytes() + path_.capacity() * sizeof(Configuration) +
           branches_.capacity() * sizeof(Branch) + order_.capacity() * sizeof(Placing);
  }

  SearchResult conclude(bool complete, bool exhausted) {
    SearchResult result;
    result.verdict = complete ? Verdict::holds : exhausted ? Verdict::unknown : Verdict::violated;
    result.steps = steps_;
    result.configurations = known_.size();
    result.bytes = bytes();
    if (complete) {
      result.order = order();
    } else {
      const EventIndex event = exhausted ? farthest_ : std::max(farthest_, illegal_up_to_);
      result.blocked = timeline_.events[event].call;
    }
    return result;
  }

  /// A call in the shade stands right before the first overwriting call placed since its
  /// invocation.
  [[nodiscard]] std::vector<std::size_t> order() const {
    std::vector<std::vector<CallIndex>> before(shades_ ? order_.size() : 0);
    for (std::size_t i = order_.size(); i-- > 0;) {
      if (!order_[i].shaded) continue;
      std::size_t overwriting = i;
      for (std::size_t j = i; j-- > 0;) {
        if (order_[j].at < timeline_.invocations[order_[i].call]) break;
        const bool overwrites = calls_[order_[j].call].manner == Manner::overwrites;
        if (overwrites && !order_[j].shaded) overwriting = j;
      }
      LH_ASSERT(overwriting != i);
      before[overwriting].push_back(order_[i].call);
    }
    std::vector<std::size_t> calls;
    calls.reserve(order_.size());
    for (std::size_t i = 0; i < order_.size(); ++i) {
      if (shades_) calls.insert(calls.end(), before[i].begin(), before[i].end());
      if (!order_[i].shaded) calls.push_back(order_[i].call);
    }
    return calls;
  }

  Transitions& transitions_;
  const std::vector<LetteredCall>& calls_;
  const Timeline& timeline_;
  const Layout layout_;
  const SearchBudget& budget_;
  const bool shades_;  ///< whether calls are overwritten at all
  std::vector<Links> links_;
  std::vector<std::uint64_t> tried_;  ///< of each letter, in shade or not, when one was: the round
  std::uint64_t round_ = 0;
  std::vector<Ways> ways_;        ///< to each call; none if the specification knows no ways
  std::vector<CallIndex> goals_;  ///< the observers, by invocation, once it looks ahead
  EventIndex horizon_ = 0;
  Configurations<Words> known_;
  std::vector<Configuration> path_;
  std::vector<Branch> branches_;  ///< not tried yet, those of the path's last configuration last
  std::vector<Placing> order_;
  EventIndex at_ = 0;  ///< the event that comes next
  EventIndex farthest_ = 0;
  EventIndex illegal_up_to_ = 0;  ///< what was given up cannot pass this response
  std::uint64_t steps_ = 0;
  std::uint64_t polls_ = 0;
};

}  // namespace

SearchResult search_window(Transitions& transitions, const std::vector<LetteredCall>& calls,
                           const SearchBudget& budget) {
  const Timeline timeline = timeline_of(calls);
  const bool shades = std::any_of(calls.begin(), calls.end(), [](const LetteredCall& call) {
    return call.manner == Manner::overwrites;
  });
  const Layout layout(timeline, shades);
  const auto search = [&]<std::size_t Words>() {
    return WindowSearch<Words>(transitions, calls, timeline, layout, budget).run();
  };
  if (layout.size <= 64) return search.template operator()<1>();
  if (layout.size <= 128) return search.template operator()<2>();
  if (layout.size <= 512) return search.template operator()<8>();
  if (layout.size <= 4096) return search.template operator()<64>();
  return {};
}

}  // namespace leasehold::checkers
