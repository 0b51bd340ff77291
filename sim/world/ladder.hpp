#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/world/pending_event.hpp"

namespace leasehold::sim {

/// The later part of a large event queue: the top and the rungs of a ladder queue (Tang, Goh and
/// Thng, 2005). Events wait unsorted in linked lists: the top's, or that of a rung's bucket by
/// time. A bucket is sorted only when its turn comes, and one too full becomes a finer rung.
///
/// Invariants: every event held is at begin() or later, and none precedes an event that refill()
/// gave out before. The rungs cover disjoint spans of time, the last one the earliest; the top
/// holds all that follows.
class Ladder {
 public:
  /// Events that a bucket may hold to be sorted rather than split.
  static constexpr std::size_t kBatch = 48;

  /// Events held.
  std::size_t size() const { return size_; }

  /// Where the ladder's part begins: an event at or after this time belongs here, an earlier one
  /// to the caller. kAfterAll while the ladder is closed, until put_back() opens it.
  std::uint64_t begin() const { return rungs_in_use_ == 0 ? top_begin_ : innermost().begin; }

  /// REQUIRES event.time >= begin(), and a sequence above all before. Amortised constant time.
  EventTicket push(PendingEvent event);

  /// Takes back the latest events of the caller, in descending order, and moves begin() before
  /// them. REQUIRES none of them to follow an event held.
  void put_back(std::span<const PendingEvent> events);

  /// Moves the earliest events to `bottom` in descending order, and begin() past them. Takes all
  /// when few are left, and then the ladder is closed. REQUIRES bottom.empty().
  void refill(SortedEvents& bottom);

  /// Removes the event of this time and sequence, in constant time if `node` is still where it is
  /// held, linear in one list if it has been moved. REQUIRES it to be held.
  void erase(std::uint64_t time, std::uint32_t sequence, Node node);

  /// Empties the ladder and keeps its memory.
  void clear();

 private:
  /// Neighbours in a list. The first node has no previous one; free nodes use `next` alone.
  struct Links {
    Node next;
    Node previous;
  };

  struct Rung {
    std::uint64_t start;  // of the first bucket
    std::uint64_t begin;  // events before it belong to the next rung or to the caller
    std::uint64_t end;    // events from it on belong to an outer rung or to the top
    int width_log2;       // of a bucket, in ns
    std::size_t cursor;   // the buckets before it are done
    std::size_t size;     // events in all buckets
    std::size_t bucket_count;
    std::vector<Node> buckets;  // first nodes; those from bucket_count on are spare

    /// Opens an empty rung from `first` on, its buckets narrow enough to part the events before
    /// the median.
    void open(std::uint64_t first, std::uint64_t median, std::size_t expected_size);
    std::size_t index_of(std::uint64_t time) const {
      // put_back() may have moved the begin before the start: the first bucket takes those.
      return time < start ? 0 : (time - start) >> width_log2;
    }
    std::uint64_t bucket_start(std::size_t index) const {
      return start + (static_cast<std::uint64_t>(index) << width_log2);
    }
  };

  Rung& innermost() { return rungs_[rungs_in_use_ - 1]; }
  const Rung& innermost() const { return rungs_[rungs_in_use_ - 1]; }
  Rung& add_rung();
  Rung& rung_of(std::uint64_t time);

  Node hold(PendingEvent event);
  void link(Node& list, Node node);
  void link(Rung& rung, Node node);
  void list_nodes(Node first);
  void free_listed_nodes();
  [[gnu::cold]] void add_nodes();

  void open_rung_from_top();
  void split_bucket();
  /// Opens the rung at the earliest of the listed nodes' events and links those into it that lie
  /// in its span, which ends at the limit or before; the others into `later`.
  void open_for_listed(Rung& rung, std::uint64_t limit, Node& later);
  void give_all(SortedEvents& bottom);
  void give_listed(SortedEvents& bottom, std::uint64_t base);

  std::size_t size_ = 0;
  Node top_ = kNoNode;
  std::uint64_t top_begin_ = kAfterAll;
  std::vector<Rung> rungs_;  // outermost first; those from rungs_in_use_ on are spare
  std::size_t rungs_in_use_ = 0;

  std::vector<PendingEvent> events_;  // by node; a free node's time is kAfterAll
  std::vector<Links> links_;          // by node
  Node free_ = kNoNode;               // never none while a rung is in use
  std::vector<Node> listed_;          // nodes taken from a list, on their way elsewhere
};

}  // namespace leasehold::sim
