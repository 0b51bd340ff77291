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
  EventQueue::Ticket push(std::int64_t time_ns, std::uint32_t slot) {
    events_.emplace(time_ns, next_, slot);
    return {time_ns, next_++};
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

/// How a random run draws its delays: each kind stresses another part of the ladder.
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
      return static_cast<std::int64_t>(rng.chance(1, 5) ? 2'000'000'000 + rng.below(1'000)
                                                        : rng.below(1'000'000));
    case Delays::every_magnitude:
      return static_cast<std::int64_t>(rng.next() >> (3 + rng.below(61)));
  }
  return 0;
}

/// Drives queue and model alike; their sizes rise and fall between 0 and about `peak`.
class Pair {
 public:
  Pair(std::uint64_t seed, Delays delays, std::size_t peak)
      : rng_(Rng::stream(seed, 0, purpose("event_queue.test"))), delays_(delays), peak_(peak) {}

  void run(int steps) {
    for (int i = 0; i < steps; ++i) {
      if (rng_.chance(1, 200)) growing_ = !growing_;
      if (model_.size() >= peak_) growing_ = false;
      const std::uint64_t dice = rng_.below(100);
      if (dice < (growing_ ? 70U : 30U)) {
        push();
      } else if (dice < 85 && model_.size() > 0) {
        pop();
      } else if (!tickets_.empty()) {
        erase();
      }
      RC_ASSERT(queue_.size() == model_.size());
      RC_ASSERT(queue_.empty() == (model_.size() == 0));
    }
    while (model_.size() > 0) pop();
    RC_ASSERT(queue_.empty());
  }

 private:
  void push() {
    // Now and then a burst, so that a queue of thousands is reached in few steps.
    const std::uint64_t count = rng_.chance(1, 50) ? rng_.below(peak_ / 4 + 1) : 1;
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::int64_t delay = draw_delay(delays_, rng_);
      const std::int64_t time_ns = delay > INT64_MAX - now_ ? INT64_MAX : now_ + delay;
      const auto slot = static_cast<std::uint32_t>(rng_.next());
      const EventQueue::Ticket ticket = queue_.push(time_ns, slot);
      RC_ASSERT(ticket == model_.push(time_ns, slot));
      tickets_.push_back(ticket);
    }
  }
  void pop() {
    const EventQueue::Entry expected = model_.pop();
    RC_ASSERT(queue_.top() == expected);
    RC_ASSERT(queue_.pop() == expected);
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
  Delays delays_;
  std::size_t peak_;
  bool growing_ = true;
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
    const auto delays = *rc::gen::element(Delays::one_instant, Delays::few_instants, Delays::spread,
                                          Delays::near_and_far, Delays::every_magnitude);
    const auto peak = *rc::gen::element<std::size_t>(3, 60, 140, 400, 3'000);
    Pair(seed, delays, peak).run(4'000);
  }));
}

TEST_CASE("an event may be pushed before those already popped") {
  EventQueue queue;
  for (std::uint32_t i = 0; i < 1'000; ++i) queue.push(1'000 + i, i);
  for (int i = 0; i < 500; ++i) queue.pop();
  queue.push(3, 7);
  CHECK(queue.pop() == EventQueue::Entry{3, 7});
  CHECK(queue.pop() == EventQueue::Entry{1'500, 500});
}

TEST_CASE("the last instant of time can be used") {
  EventQueue queue;
  for (std::uint32_t i = 0; i < 300; ++i) queue.push(i % 3 == 0 ? INT64_MAX : i, i);
  const EventQueue::Ticket last = queue.push(INT64_MAX, 300);
  queue.erase(last);
  for (std::uint32_t i = 0; i < 200; ++i) CHECK(queue.pop().time_ns < 300);
  for (std::uint32_t i = 0; i < 100; ++i) CHECK(queue.pop() == EventQueue::Entry{INT64_MAX, 3 * i});
  CHECK(queue.empty());
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
  CHECK(queue.push(5, 1) == EventQueue::Ticket{5, 0});
}
