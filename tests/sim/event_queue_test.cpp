#include "sim/world/event_queue.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>
#include <cstddef>
#include <set>
#include <tuple>
#include <vector>

#include "sim/process/random.hpp"

using leasehold::sim::EventQueue;
using leasehold::sim::purpose;
using leasehold::sim::Rng;

namespace {

/// The definition of the order, as plainly as it can be said.
class Model {
 public:
  std::uint32_t push(std::int64_t time_ns, std::uint32_t slot) {
    events_.emplace(time_ns, next_, slot);
    return next_++;
  }
  EventQueue::Entry pop() {
    const auto [time_ns, sequence, slot] = *events_.begin();
    events_.erase(events_.begin());
    return {time_ns, slot};
  }
  void erase(EventQueue::Ticket ticket) {
    events_.erase(events_.lower_bound({ticket.time_ns, ticket.sequence, 0}));
  }
  bool holds(EventQueue::Ticket ticket) const {
    const auto place = events_.lower_bound({ticket.time_ns, ticket.sequence, 0});
    return place != events_.end() && std::get<1>(*place) == ticket.sequence;
  }
  std::size_t size() const { return events_.size(); }

 private:
  std::set<std::tuple<std::int64_t, std::uint32_t, std::uint32_t>> events_;
  std::uint32_t next_ = 0;
};

/// How a phase draws its delays: each kind stresses another part of the ladder.
enum class Delays { one_instant, few_instants, spread, near_and_far, every_magnitude };

std::int64_t draw_delay(Delays delays, Rng& rng) {
  switch (delays) {
    case Delays::one_instant:
      return 0;
    case Delays::few_instants:
      return static_cast<std::int64_t>(rng.below(4));
    case Delays::spread:
      return static_cast<std::int64_t>(rng.below(1'000'000));
    case Delays::near_and_far:
      return rng.chance(1, 10) ? 2'000'000'000
                               : static_cast<std::int64_t>(rng.below(8'000'000) >> rng.below(6));
    case Delays::every_magnitude:
      return static_cast<std::int64_t>(rng.next() >> (20 + rng.below(44)));
  }
  return 0;
}

/// Drives queue and model alike through phases of growth, of holding (each pop followed by a push)
/// and of shrinking, at sizes from 0 to about `peak`.
class Pair {
 public:
  Pair(std::uint64_t seed, std::size_t peak)
      : rng_(Rng::stream(seed, 0, purpose("event_queue.test"))), peak_(peak) {}

  /// Keeps `peak` events pending while `steps` are popped.
  void hold(Delays delays, int steps) {
    delays_ = delays;
    return_to_size(peak_);
    for (int i = 0; i < steps; ++i) hold_once();
  }

  void run(int phases) {
    for (int i = 0; i < phases; ++i) {
      if (rng_.chance(1, 3)) delays_ = static_cast<Delays>(rng_.below(5));
      const std::uint64_t steps = rng_.below(8 * peak_);
      switch (rng_.below(4)) {
        case 0:
          return_to_size(rng_.below(peak_));
          break;
        case 1:
          for (std::uint64_t k = 0; k < steps; ++k) erase_or_push();
          break;
        default:
          for (std::uint64_t k = 0; k < steps; ++k) hold_once();
      }
    }
    return_to_size(0);
    RC_ASSERT(queue_.empty());
  }

 private:
  void return_to_size(std::size_t size) {
    while (model_.size() > size) pop();
    while (model_.size() < size) push();
  }
  void hold_once() {
    if (model_.size() > 0) pop();
    push();
    if (rng_.chance(1, 8)) erase_or_push();
  }
  void erase_or_push() {
    if (rng_.chance(1, 2) && !tickets_.empty()) {
      erase();
    } else if (model_.size() < peak_) {
      push();
    }
  }
  void push() {
    const std::int64_t delay = draw_delay(delays_, rng_);
    const std::int64_t time_ns = delay > INT64_MAX - now_ ? INT64_MAX : now_ + delay;
    const auto slot = static_cast<std::uint32_t>(rng_.next());
    const EventQueue::Ticket ticket = queue_.push(time_ns, slot);
    RC_ASSERT(ticket.sequence == model_.push(time_ns, slot));
    RC_ASSERT(queue_.size() == model_.size());
    tickets_.push_back(ticket);
  }
  void pop() {
    const EventQueue::Entry expected = model_.pop();
    RC_ASSERT(queue_.top() == expected);
    RC_ASSERT(queue_.pop() == expected);
    RC_ASSERT(queue_.size() == model_.size());
    now_ = expected.time_ns;
  }
  void erase() {
    const std::size_t i = rng_.below(tickets_.size());
    if (model_.holds(tickets_[i])) {
      queue_.erase(tickets_[i]);
      model_.erase(tickets_[i]);
    }
    tickets_[i] = tickets_.back();
    tickets_.pop_back();
  }

  EventQueue queue_;
  Model model_;
  Rng rng_;
  std::size_t peak_;
  Delays delays_ = Delays::spread;
  std::int64_t now_ = 0;
  std::vector<EventQueue::Ticket> tickets_;
};

}  // namespace

TEST_CASE("events come out by time and, of equal times, in the order they went in") {
  EventQueue queue;
  queue.push(30, 1);
  queue.push(10, 2);
  queue.push(30, 3);
  queue.push(0, 4);
  CHECK(queue.size() == 4);
  CHECK(queue.top() == EventQueue::Entry{0, 4});
  CHECK(queue.pop() == EventQueue::Entry{0, 4});
  CHECK(queue.pop() == EventQueue::Entry{10, 2});
  CHECK(queue.pop() == EventQueue::Entry{30, 1});
  CHECK(queue.pop() == EventQueue::Entry{30, 3});
  CHECK(queue.empty());
}

TEST_CASE("the event queue agrees with an ordered set under any mix of operations") {
  CHECK(rc::check("random pushes, pops and erasures, small and large", [] {
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    const auto peak = *rc::gen::element<std::size_t>(3, 60, 140, 400, 1'200);
    Pair(seed, peak).run(30);
  }));
}

TEST_CASE("the event queue agrees with an ordered set through long holds") {
  for (const Delays delays :
       {Delays::few_instants, Delays::spread, Delays::near_and_far, Delays::every_magnitude}) {
    for (const std::size_t size : {100U, 1'000U, 5'000U}) {
      Pair(size, size).hold(delays, 100'000);
    }
  }
}

TEST_CASE("an event may be pushed before those already popped") {
  EventQueue queue;
  for (std::uint32_t i = 0; i < 1'000; ++i) queue.push(1'000 + i, i);
  for (int i = 0; i < 500; ++i) queue.pop();
  queue.push(3, 7);
  CHECK(queue.pop() == EventQueue::Entry{3, 7});
  CHECK(queue.pop() == EventQueue::Entry{1'500, 500});
}

TEST_CASE("the whole range of time can be used") {
  for (const std::uint32_t nth : {2U, 3U, 40U}) {
    EventQueue queue;
    std::uint32_t early = 0;
    for (std::uint32_t i = 0; i < 1'000; ++i) {
      early += i % nth == 0 ? 0 : 1;
      queue.push(i % nth == 0 ? INT64_MAX : i, i);
    }
    queue.erase(queue.push(INT64_MAX, 1'000));
    for (std::uint32_t i = 0; i < early; ++i) REQUIRE(queue.pop().time_ns < 1'000);
    for (std::uint32_t i = 0; !queue.empty(); i += nth) {
      REQUIRE(queue.pop() == EventQueue::Entry{INT64_MAX, i});
    }
  }
}

TEST_CASE("a queue emptied by erasures alone can be used again") {
  for (const std::uint32_t count : {1U, 60U, 5'000U}) {
    EventQueue queue;
    std::vector<EventQueue::Ticket> tickets;
    for (std::uint32_t i = 0; i < count; ++i) tickets.push_back(queue.push(i * 1'000, i));
    for (const EventQueue::Ticket& ticket : tickets) queue.erase(ticket);
    CHECK(queue.empty());
    queue.push(1'000'000'000, 1);
    queue.push(5, 2);
    CHECK(queue.pop() == EventQueue::Entry{5, 2});
    CHECK(queue.pop() == EventQueue::Entry{1'000'000'000, 1});
  }
}

TEST_CASE("clearing restarts the sequence and leaves nothing behind") {
  EventQueue queue;
  const auto fill = [&] {
    for (std::uint32_t i = 0; i < 2'000; ++i) queue.push((i * 7'919) % 10'007, i);
    for (int i = 0; i < 500; ++i) queue.pop();
    return queue.top();
  };
  const EventQueue::Entry first = fill();
  queue.clear();
  CHECK(queue.empty());
  CHECK(queue.size() == 0);
  CHECK(fill() == first);
  queue.clear();
  CHECK(queue.push(5, 1).sequence == 0);
}
