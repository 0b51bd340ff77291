#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "sim/process/waiter.hpp"
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

/// Where the ladder holds an event; it stays there until it leaves the ladder.
using Node = std::uint32_t;
constexpr Node kNoNode = 0;

/// Pending events in descending order, the earliest at the back, in an array with room at both
/// ends: to insert or erase one moves those on its shorter side only. Near events come and go at
/// the back, far timers at the front.
class SortedEvents {
 public:
  /// Places that resize() leaves free, shared by both ends, and some taken by sentinels.
  static constexpr std::size_t kRoom = 192;
  /// What is not later than the event so far from the back is near: told by one comparison.
  static constexpr std::ptrdiff_t kNear = 8;

  SortedEvents() { resize(0); }
  SortedEvents(const SortedEvents&) = delete;
  SortedEvents& operator=(const SortedEvents&) = delete;

  bool empty() const { return first_ == end_; }
  std::size_t size() const { return static_cast<std::size_t>(end_ - first_); }
  std::span<PendingEvent> all() { return {first_, end_}; }

  /// The earliest; one at kAfterAll if there is none.
  const PendingEvent& back() const { return end_[-1]; }
  /// The one that many before the back. REQUIRES n < size().
  const PendingEvent& before_back(std::size_t n) const {
    return end_[-1 - static_cast<std::ptrdiff_t>(n)];
  }
  void pop_back() { --end_; }

  /// Makes the size `count` for the caller to fill all().
  void resize(std::size_t count) {
    if (storage_.size() < count + kRoom) grow(count + kRoom);
    settle(count);
  }

  /// Whether an event of that time is near, and there is room for it.
  bool takes_near(std::uint64_t time) const {
    return end_[-kNear].time > time && end_ != storage_.data() + storage_.size();
  }
  /// Inserts the event of the highest sequence so far: before it go those of later times.
  /// REQUIRES takes_near(event.time).
  void insert_near(PendingEvent event) {
    PendingEvent* place = end_++;
    for (; place[-1].time <= event.time; --place) *place = place[-1];
    *place = event;
  }
  /// The same for any event. Linear in those on its shorter side. REQUIRES size() + kNear + 2 <
  /// kRoom, or fewer events than that inserted since the last resize().
  void insert(PendingEvent event) {
    if (middle().time <= event.time) {
      if (first_ == storage_.data() + kNear) centre();
      PendingEvent* place = --first_;
      for (; place[1].time > event.time; ++place) *place = place[1];
      *place = event;
      first_[-kNear] = kSentinel;
    } else {
      if (end_ == storage_.data() + storage_.size()) centre();
      insert_near(event);
    }
  }

  /// Whether the event of this sequence is here, among those of its time.
  bool holds(std::uint64_t time, std::uint32_t sequence) const;

  /// Removes the event of this time and sequence. Linear in the events on its shorter side, each of
  /// which moves up by one as it is passed. REQUIRES it to be here.
  void erase(std::uint64_t time, std::uint32_t sequence) {
    if (end_[-kNear].time <= time && middle().time <= time) {
      PendingEvent* place = first_;
      for (PendingEvent passed = *place; passed.sequence() != sequence;) {
        std::swap(passed, *++place);
      }
      *first_++ = kSentinel;
    } else {
      PendingEvent* place = --end_;
      for (PendingEvent passed = *place; passed.sequence() != sequence;) {
        std::swap(passed, *--place);
      }
    }
  }

  void drop_latest(std::size_t count) {
    first_ += count;
    put_sentinels();
  }

 private:
  /// The kNear places before the first event: later than all, they end every search.
  static constexpr PendingEvent kSentinel{0, kAfterAll};

  /// The event in the middle, of two the first; the sentinel if there are fewer.
  const PendingEvent& middle() const { return first_[static_cast<std::ptrdiff_t>(size() / 2) - 1]; }

  /// Puts `count` events amid the storage.
  void settle(std::size_t count) {
    first_ = storage_.data() + (storage_.size() - count) / 2;
    end_ = first_ + count;
    put_sentinels();
  }
  void put_sentinels() { std::fill(first_ - kNear, first_, kSentinel); }

  [[gnu::cold]] void grow(std::size_t capacity) { storage_.resize(capacity); }
  [[gnu::cold]] void centre();

  std::vector<PendingEvent> storage_;
  PendingEvent* first_ = nullptr;
  PendingEvent* end_ = nullptr;
};

}  // namespace leasehold::sim
