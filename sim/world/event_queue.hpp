#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/world/ladder.hpp"
#include "sim/world/pending_event.hpp"
#include "support/assert.hpp"

namespace leasehold::sim {

/// The pending events of a run in the total order (time, sequence): of equal times the first
/// pushed is the first popped. What an event does is not known here: it is the number of a slot.
///
/// The earliest events are a descending sorted array: a new one is inserted from the back, where
/// the near ones are. While that array is all there is (up to kSorted events, the usual case in a
/// lock run) the queue is nothing else; beyond, the later events wait in a ladder.
class EventQueue {
 public:
  struct Entry {
    std::int64_t time_ns;
    std::uint32_t slot;
    friend bool operator==(const Entry&, const Entry&) = default;
  };

  using Ticket = EventTicket;

  /// Events that the sorted array holds before the later ones move to the ladder.
  static constexpr std::size_t kSorted = 64;
  static_assert(kSorted + SortedEvents::kNear + 2 < SortedEvents::kRoom);

  bool empty() const { return bottom_.empty(); }
  std::size_t size() const { return bottom_.size() + ladder_.size(); }
  /// Of these, the first ones that are in order already, and those that are not yet.
  std::size_t sorted() const { return bottom_.size(); }
  std::size_t unsorted() const { return ladder_.size(); }

  /// REQUIRES time_ns >= 0, and fewer than 2^32 pushes between two calls of clear().
  Ticket push(std::int64_t time_ns, std::uint32_t slot) {
    return is_near(time_ns) ? push_near(time_ns, slot) : push_far(time_ns, slot);
  }

  /// Whether an event of that time would be one of the very next, for push_near() to take in a few
  /// instructions; push_far() takes any.
  bool is_near(std::int64_t time_ns) const {
    const auto time = static_cast<std::uint64_t>(time_ns);
    return time < bottom_end_ && bottom_.takes_near(time);
  }
  [[gnu::always_inline]] Ticket push_near(std::int64_t time_ns, std::uint32_t slot) {
    const PendingEvent event = next_event(time_ns, slot);
    bottom_.insert_near(event);
    return {time_ns, event.sequence(), kNoNode};
  }
  Ticket push_far(std::int64_t time_ns, std::uint32_t slot);

  /// When the first event comes: kAfterAll if there is none.
  std::uint64_t next_time() const { return bottom_.back().time; }
  /// The first event. REQUIRES !empty().
  Entry top() const {
    LH_ASSERT(!empty());
    return entry(bottom_.back());
  }

  /// The slot of the event that many after the first. REQUIRES n < sorted().
  std::uint32_t slot_after_first(std::size_t n) const { return bottom_.before_back(n).slot(); }

  /// Removes the first event and returns it. REQUIRES !empty(), as next_time() has told.
  Entry pop() {
    const Entry first = entry(bottom_.back());
    bottom_.pop_back();
    if (bottom_.empty() && bottom_end_ != kNoLadder) refill();
    return first;
  }

  /// Removes an event for good: a cancelled timer costs nothing later. REQUIRES it to be pending.
  [[gnu::always_inline]] void erase(Ticket ticket) {
    const auto time = static_cast<std::uint64_t>(ticket.time_ns);
    if (time >= bottom_end_) [[unlikely]] {
      return erase_from_ladder(ticket);
    }
    bottom_.erase(time, ticket.sequence);
    if (bottom_.empty() && bottom_end_ != kNoLadder) refill();
  }

  /// Empties the queue and restarts its sequence; keeps the memory for the next run.
  void clear();

 private:
  static Entry entry(const PendingEvent& event) {
    return {static_cast<std::int64_t>(event.time), event.slot()};
  }

  /// After every event's time, and not after a negative one, which is far.
  static constexpr std::uint64_t kNoLadder = std::uint64_t{1} << 63;

  PendingEvent next_event(std::int64_t time_ns, std::uint32_t slot) {
    const std::uint64_t low = next_low_ | slot;
    next_low_ += std::uint64_t{1} << 32;
    LH_ASSERT(next_low_ != 0);
    return {low, static_cast<std::uint64_t>(time_ns)};
  }

  void erase_from_ladder(Ticket ticket);
  void refill();
  void shorten_bottom();

  SortedEvents bottom_;                   // descending; empty only if the queue is
  std::uint64_t bottom_end_ = kNoLadder;  // ladder_.begin(), if that is open
  std::uint64_t next_low_ = 0;            // of the next event: its sequence << 32
  Ladder ladder_;
};

}  // namespace leasehold::sim
