#include "sim/world/ladder.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "support/assert.hpp"

namespace leasehold::sim {

namespace {

constexpr std::size_t kPerBucket = 4;  // events, the aim when a rung is opened
constexpr std::size_t kFew = 24;       // left in all: not worth a ladder

/// A rung spans this many times the distance from its first event to the median of the events it
/// is opened for: far timers stay where they are and do not widen its buckets.
constexpr std::size_t kMedians = 4;

/// The median time of the events at these nodes, estimated from a sample.
std::uint64_t median_time(const std::vector<PendingEvent>& events, const std::vector<Node>& nodes) {
  std::array<std::uint64_t, 31> sample;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    sample[i] = events[nodes[nodes.size() * i / sample.size()]].time;
  }
  const auto middle = sample.begin() + sample.size() / 2;
  std::nth_element(sample.begin(), middle, sample.end());
  return *middle;
}

/// Sorts the events at up to `Width` nodes, latest first, by counting for each the later ones. No
/// branch depends on the data: for a handful in random order that beats any algorithm of fewer
/// comparisons. False if times and sequences, counted from `base`, do not fit 64 bits together.
template <std::size_t Width>
bool sort_by_rank(const std::vector<PendingEvent>& events, const std::vector<Node>& nodes,
                  std::uint64_t base, std::span<PendingEvent> sorted) {
  std::array<std::uint64_t, Width> keys{};
  std::uint64_t offsets = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::uint64_t offset = events[nodes[i]].time - base;
    offsets |= offset;
    keys[i] = (offset << 32) | events[nodes[i]].sequence();
  }
  if (offsets >> 32 != 0) return false;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    std::size_t rank = 0;
#pragma GCC unroll 16
    for (std::size_t k = 0; k < Width; ++k) rank += keys[i] < keys[k] ? 1U : 0U;
    sorted[rank] = events[nodes[i]];
  }
  return true;
}

}  // namespace

void Ladder::Rung::open(std::uint64_t first, std::uint64_t median, std::size_t expected_size) {
  const std::uint64_t wanted = std::max<std::uint64_t>(expected_size / (2 * kPerBucket), 1);
  start = begin = first;
  width_log2 = static_cast<int>(std::bit_width((median - first) / wanted));
  cursor = 0;
  size = 0;
  bucket_count = std::min<std::uint64_t>(((median - first) >> width_log2) * kMedians + 1,
                                         (kAfterAll - first) >> width_log2);
  end = bucket_start(bucket_count);
  if (buckets.size() < bucket_count) buckets.resize(bucket_count, kNoNode);
}

Ladder::Rung& Ladder::add_rung() {
  if (rungs_in_use_ == rungs_.size()) rungs_.emplace_back();
  return rungs_[rungs_in_use_++];
}

Ladder::Rung& Ladder::rung_of(std::uint64_t time) {
  std::size_t i = 0;
  while (i < rungs_in_use_ && time < rungs_[i].begin) ++i;
  LH_ASSERT(i < rungs_in_use_);
  return rungs_[i];
}

inline Node Ladder::hold(PendingEvent event) {
  const Node node = free_;
  free_ = links_[node].next;
  // By parts: as one 16-byte copy, g++ 12 sends the two registers through memory.
  events_[node].low = event.low;
  events_[node].time = event.time;
  return node;
}

void Ladder::add_nodes() {
  const std::size_t first = std::max<std::size_t>(events_.size(), 1);  // the first is kNoNode
  const std::size_t count = std::max<std::size_t>(2 * first, 256);
  events_.resize(count, PendingEvent{0, kAfterAll});
  links_.resize(count);
  for (std::size_t node = first; node < count; ++node) {
    links_[node].next = static_cast<Node>(node + 1);
  }
  links_.back().next = kNoNode;
  free_ = static_cast<Node>(first);
}

inline void Ladder::link(Node& list, Node node) {
  links_[node] = {list, kNoNode};
  links_[list].previous = node;  // of the node that is none: never read
  list = node;
}

inline void Ladder::link(Rung& rung, Node node) {
  link(rung.buckets[rung.index_of(events_[node].time)], node);
  ++rung.size;
}

EventTicket Ladder::push(PendingEvent event) {
  const Node node = hold(event);
  ++size_;
  if (event.time >= top_begin_) {
    link(top_, node);
  } else {
    link(rung_of(event.time), node);
  }
  if (free_ == kNoNode) add_nodes();
  return {static_cast<std::int64_t>(event.time), event.sequence(), node};
}

void Ladder::put_back(std::span<const PendingEvent> events) {
  const std::uint64_t first = events.back().time;
  if (rungs_in_use_ == 0) {
    LH_ASSERT(size_ == 0);
    if (free_ == kNoNode) add_nodes();
    Rung& rung = add_rung();
    rung.open(first, events.front().time, events.size());
    top_begin_ = rung.end;
  }
  Rung& rung = innermost();
  for (const PendingEvent& event : events) {
    link(rung, hold(event));
    if (free_ == kNoNode) add_nodes();
  }
  rung.begin = first;
  rung.cursor = rung.index_of(first);
  size_ += events.size();
}

void Ladder::list_nodes(Node first) {
  for (Node node = first; node != kNoNode; node = links_[node].next) listed_.push_back(node);
}

void Ladder::free_listed_nodes() {
  for (const Node node : listed_) {
    events_[node].time = kAfterAll;
    links_[node].next = free_;
    free_ = node;
  }
}

void Ladder::refill(SortedEvents& bottom) {
  LH_ASSERT(bottom.empty());
  listed_.clear();
  if (size_ <= kFew) return give_all(bottom);
  for (;;) {
    while (rungs_in_use_ > 0 && innermost().size == 0) --rungs_in_use_;
    if (rungs_in_use_ == 0) open_rung_from_top();
    Rung& rung = innermost();
    while (rung.buckets[rung.cursor] == kNoNode) ++rung.cursor;
    list_nodes(std::exchange(rung.buckets[rung.cursor], kNoNode));
    rung.size -= listed_.size();
    if (listed_.size() <= kBatch || rung.width_log2 == 0) break;
    split_bucket();
  }
  Rung& rung = innermost();
  give_listed(bottom, rung.bucket_start(rung.cursor));
  LH_ASSERT(bottom.back().time >= rung.begin);
  // All of a bucket of one instant is out, and what comes next for that instant follows it: the
  // bucket stays open, so that a burst at one instant never piles up in the bottom.
  if (rung.width_log2 > 0) ++rung.cursor;
  rung.begin = std::min(rung.bucket_start(rung.cursor), rung.end);
  LH_ASSERT(bottom.all().front().time <= rung.begin);
}

void Ladder::give_listed(SortedEvents& bottom, std::uint64_t base) {
  const std::size_t count = listed_.size();
  bottom.resize(count);
  const std::span<PendingEvent> all = bottom.all();
  if (!(count <= 8 && sort_by_rank<8>(events_, listed_, base, all)) &&
      !(count <= 16 && sort_by_rank<16>(events_, listed_, base, all))) {
    for (std::size_t i = 0; i < count; ++i) all[i] = events_[listed_[i]];
    std::sort(all.begin(), all.end(),
              [](const PendingEvent& a, const PendingEvent& b) { return b < a; });
  }
  free_listed_nodes();
  size_ -= count;
}

void Ladder::open_rung_from_top() {
  list_nodes(std::exchange(top_, kNoNode));
  Rung& rung = add_rung();
  open_for_listed(rung, kAfterAll, top_);
  top_begin_ = rung.end;
}

void Ladder::split_bucket() {
  Rung& inner = add_rung();  // may move the rungs
  Rung& outer = rungs_[rungs_in_use_ - 2];
  // The bucket stays open for the later part and for what may still come after the inner rung.
  Node& bucket = outer.buckets[outer.cursor];
  const std::size_t count = listed_.size();
  open_for_listed(inner, std::min(outer.bucket_start(outer.cursor + 1), outer.end), bucket);
  outer.size += count - inner.size;
  LH_ASSERT(outer.begin <= inner.end);
  outer.begin = inner.end;
  LH_ASSERT(outer.begin <= outer.end);
}

void Ladder::open_for_listed(Rung& rung, std::uint64_t limit, Node& later) {
  std::uint64_t first = kAfterAll;
  for (const Node node : listed_) first = std::min(first, events_[node].time);
  rung.open(first, median_time(events_, listed_), listed_.size());
  rung.end = std::min(rung.end, limit);
  for (const Node node : listed_) {
    if (events_[node].time < rung.end) {
      link(rung, node);
    } else {
      link(later, node);
    }
  }
  listed_.clear();
}

void Ladder::give_all(SortedEvents& bottom) {
  list_nodes(std::exchange(top_, kNoNode));
  for (; rungs_in_use_ > 0; --rungs_in_use_) {
    Rung& rung = innermost();
    for (std::size_t i = rung.cursor; i < rung.bucket_count; ++i) {
      list_nodes(std::exchange(rung.buckets[i], kNoNode));
    }
  }
  LH_ASSERT(listed_.size() == size_);
  give_listed(bottom, 0);
  top_begin_ = kAfterAll;
}

void Ladder::erase(std::uint64_t time, std::uint32_t sequence, Node node) {
  LH_ASSERT(node < events_.size());
  const bool in_top = time >= top_begin_;
  Rung* const rung = in_top ? nullptr : &rung_of(time);
  Node& list = in_top ? top_ : rung->buckets[rung->index_of(time)];
  const auto held_at = [&](Node n) {
    return events_[n].time == time && events_[n].sequence() == sequence;
  };
  if (!held_at(node)) {
    for (node = list; node != kNoNode && !held_at(node);) node = links_[node].next;
  }
  LH_ASSERT(node != kNoNode);
  const Links around = links_[node];
  (around.previous == kNoNode ? list : links_[around.previous].next) = around.next;
  links_[around.next].previous = around.previous;
  events_[node].time = kAfterAll;
  links_[node].next = free_;
  free_ = node;
  if (rung != nullptr) --rung->size;
  --size_;
}

void Ladder::clear() {
  for (Rung& rung : rungs_) std::fill(rung.buckets.begin(), rung.buckets.end(), kNoNode);
  rungs_in_use_ = 0;
  top_ = kNoNode;
  top_begin_ = kAfterAll;
  size_ = 0;
  events_.clear();
  links_.clear();
  free_ = kNoNode;
}

}  // namespace leasehold::sim
