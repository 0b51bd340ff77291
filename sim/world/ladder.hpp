#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "support/uint128.hpp"

namespace leasehold::sim {

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

/// A time later than every event's.
constexpr std::uint64_t kAfterAll = ~std::uint64_t{0};

/// The later part of a large event queue: the top and the rungs of a ladder queue (Tang, Goh and
/// Thng, 2005). Events wait unsorted, in an array beyond all rungs or in a rung's bucket by time;
/// a bucket is sorted only when its turn comes, and one too full becomes a finer rung.
///
/// Invariants: every event held is at begin() or later, and none precedes an event that refill()
/// gave out before. The rungs cover disjoint spans of time, the last one the earliest, the top all
/// that follows. The top is in order of sequence.
class Ladder {
 public:
  /// Events that a bucket may hold to be sorted rather than split.
  static constexpr std::size_t kBatch = 48;

  /// Events held.
  std::size_t size() const { return size_; }

  /// Where the ladder's part begins: an event at or after this time belongs here, an earlier one
  /// to the caller. kAfterAll while the ladder is empty and put_back() has not opened it.
  std::uint64_t begin() const { return rungs_in_use_ == 0 ? top_begin_ : innermost().begin; }

  /// REQUIRES event.time >= begin(), and a sequence above all before. Amortised constant time.
  void push(const PendingEvent& event);

  /// Takes back the latest events of the caller, in descending order, and moves begin() before
  /// them. REQUIRES none of them to follow an event held.
  void put_back(std::span<const PendingEvent> events);

  /// Moves the earliest events to `bottom` in descending order, and begin() past
  /// them. REQUIRES bottom.empty(). Takes all when few are left, and then the ladder is closed:
  /// begin() is kAfterAll.
  void refill(std::vector<PendingEvent>& bottom);

  /// Removes a pending event. REQUIRES it to be held. Linear in one bucket, or logarithmic at the
  /// top, where the removed ones are fewer than the pending plus a constant.
  void erase(std::uint64_t time, std::uint32_t sequence);

  /// Empties the ladder and keeps its memory.
  void clear();

 private:
  struct Rung {
    std::uint64_t start;  // of the first bucket
    std::uint64_t begin;  // events before it belong to the next rung or to the caller
    std::uint64_t end;    // events from it on belong to an outer rung or to the top
    int width_log2;       // of a bucket, in ns
    std::size_t cursor;   // the buckets before it are done
    std::size_t size;     // events in all buckets
    std::size_t bucket_count;
    std::vector<std::vector<PendingEvent>> buckets;  // those from bucket_count on are spare

    /// Opens the rung from `first` on, its buckets narrow enough to part the events before the
    /// median.
    void open(std::uint64_t first, std::uint64_t median, std::size_t expected_size);
    /// Opens the rung at the earliest of the events and moves those into it that lie in its span,
    /// which ends at the limit or before.
    void open_for(std::vector<PendingEvent>& events, std::uint64_t limit);
    void add(const PendingEvent& event);
    std::size_t index_of(std::uint64_t time) const;
    std::uint64_t bucket_start(std::size_t index) const;
  };

  Rung& innermost() { return rungs_[rungs_in_use_ - 1]; }
  const Rung& innermost() const { return rungs_[rungs_in_use_ - 1]; }
  Rung& add_rung();
  Rung& rung_of(std::uint64_t time);
  void open_rung_from_top();
  void split_bucket(std::size_t rung_index);
  void give_all(std::vector<PendingEvent>& bottom);
  void drop_dead_from_top();

  std::size_t size_ = 0;
  std::uint64_t top_begin_ = kAfterAll;
  std::vector<PendingEvent> top_;  // a removed event's time is kAfterAll
  std::size_t dead_in_top_ = 0;
  std::vector<Rung> rungs_;  // outermost first; those from rungs_in_use_ on are spare
  std::size_t rungs_in_use_ = 0;
};

}  // namespace leasehold::sim
