#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "support/uint128.hpp"

namespace leasehold::sim {

/// A time later than every event's.
constexpr std::uint64_t kAfterAll = ~std::uint64_t{0};

/// A pending event of 16 bytes, ordered as one integer: time, then sequence.
struct alignas(16) PendingEvent {
  std::uint64_t low;   ///< sequence << 32 | slot
  std::uint64_t time;  ///< ns of true time

  std::uint32_t sequence() const { return static_cast<std::uint32_t>(low >> 32); }
  std::uint32_t slot() const { return static_cast<std::uint32_t>(low); }

  friend bool operator<(const PendingEvent& a, const PendingEvent& b) {
    return a.integer() < b.integer();
  }

 private:
  support::Uint128 integer() const { return (static_cast<support::Uint128>(time) << 64) | low; }
};

/// Pending events in descending order: the earliest is at the back.
/// Room is made by reserve() alone, so that insert() needs no way to grow.
class SortedEvents {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  std::span<PendingEvent> all() { return {first(), size_}; }

  const PendingEvent& back() const { return storage_[size_]; }
  void pop_back() { --size_; }

  /// Makes room for `count` events in all.
  void reserve(std::size_t count) {
    if (storage_.size() <= count) storage_.resize(count + 1, PendingEvent{0, kAfterAll});
  }

  /// Inserts the event of the highest sequence so far: behind it stay those of earlier times.
  /// Linear in their number. REQUIRES room.
  void insert(PendingEvent event) {
    PendingEvent* place = storage_.data() + ++size_;
    // The one before the first ends the search: it is later than every event.
    for (; place[-1].time <= event.time; --place) *place = place[-1];
    *place = event;
  }

  /// Makes the size `count` for the caller to fill all(). REQUIRES room.
  void resize(std::size_t count) { size_ = count; }

  void drop_latest(std::size_t count) {
    std::copy(first() + count, first() + size_, first());
    size_ -= count;
  }

  /// Removes the event of this time and sequence; false if it is not here.
  bool erase(std::uint64_t time, std::uint32_t sequence);

 private:
  PendingEvent* first() { return storage_.data() + 1; }

  std::vector<PendingEvent> storage_{PendingEvent{0, kAfterAll}};  // the events from index 1 on
  std::size_t size_ = 0;
};

}  // namespace leasehold::sim
