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
  static_assert(kSorted + 3 < SortedEvents::kRoom);

  bool empty() const { return bottom_.empty(); }
  std::size_t size() const { return bottom_.size() + ladder_.size(); }
  /// Of these, the first ones that are in order already, and those that are not yet.
  std::size_t sorted() const { return bottom_.size(); }
  std::size_t unsorted() const { return ladder_.size(); }

  /// REQUIRES time_ns >= 0, and fewer than 2^32 pushes between two calls of clear().
  [[gnu::always_inline]] Ticket push(std::int64_t time_ns, std::uint32_t slot) {
    LH_ASSERT(time_ns >= 0);
    const std::uint32_t sequence = next_sequence_++;
    LH_ASSERT(next_sequence_ != 0);
    const PendingEvent event{(static_cast<std::uint64_t>(sequence) << 32) | slot,
                             static_cast<std::uint64_t>(time_ns)};
    if (event.time >= bottom_end_) return ladder_.push(event);
    if (bottom_.size() >= kSorted) return push_into_full_bottom(event);
    bottom_.insert(event);
    return {time_ns, sequence, kNoNode};
  }

  /// The first event. REQUIRES !empty().
  Entry top() const {
    LH_ASSERT(!empty());
    return entry(bottom_.back());
  }

  /// The slot of the event that many after the first. REQUIRES n < sorted().
  std::uint32_t slot_after_first(std::size_t n) const { return bottom_.before_back(n).slot(); }

  /// Removes the first event and returns it. REQUIRES !empty().
  Entry pop() {
    LH_ASSERT(!empty());
    const Entry first = entry(bottom_.back());
    bottom_.pop_back();
    if (bottom_.empty() && bottom_end_ != kAfterAll) refill();
    return first;
  }

  /// Removes an event for good: a cancelled timer costs nothing later. REQUIRES it to be pending.
  [[gnu::always_inline]] void erase(Ticket ticket) {
    const auto time = static_cast<std::uint64_t>(ticket.time_ns);
    if (time >= bottom_end_) [[unlikely]] {
      return erase_from_ladder(ticket);
    }
    bottom_.erase(time, ticket.sequence);
    if (bottom_.empty() && bottom_end_ != kAfterAll) refill();
  }

  /// Empties the queue and restarts its sequence; keeps the memory for the next run.
  void clear();

 private:
  static Entry entry(const PendingEvent& event) {
    return {static_cast<std::int64_t>(event.time), event.slot()};
  }

  Ticket push_into_full_bottom(PendingEvent event);
  void erase_from_ladder(Ticket ticket);
  void refill();
  void shorten_bottom();

  SortedEvents bottom_;                   // descending; empty only if the queue is
  std::uint64_t bottom_end_ = kAfterAll;  // ladder_.begin()
  std::uint32_t next_sequence_ = 0;
  Ladder ladder_;
};

}  // namespace leasehold::sim
