#include "sim/world/ladder.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "support/assert.hpp"

namespace leasehold::sim {

namespace {

constexpr std::size_t kPerBucket = 4;  // events, the aim when a rung is opened
constexpr std::size_t kFew = 24;       // left in all: not worth a ladder

/// A rung spans this many times the distance from its first event to the median of the events it
/// is opened for: far timers stay where they are and do not widen its buckets.
constexpr std::size_t kMedians = 4;

struct NearHalf {
  std::uint64_t first;
  std::uint64_t median;  // estimated from a sample
};

NearHalf near_half(const std::vector<PendingEvent>& events) {
  std::uint64_t first = kAfterAll;
  for (const PendingEvent& event : events) first = std::min(first, event.time);
  std::array<std::uint64_t, 31> sample;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    sample[i] = events[events.size() * i / sample.size()].time;
  }
  const auto middle = sample.begin() + sample.size() / 2;
  std::nth_element(sample.begin(), middle, sample.end());
  return {first, *middle};
}

bool later(const PendingEvent& a, const PendingEvent& b) { return b < a; }

/// Moves the events of `from` to the empty `bottom`, latest first.
void give(std::vector<PendingEvent>& from, std::vector<PendingEvent>& bottom) {
  bottom.assign(from.begin(), from.end());
  from.clear();
  std::sort(bottom.begin(), bottom.end(), later);
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
  if (buckets.size() < bucket_count) buckets.resize(bucket_count);
}

void Ladder::Rung::open_for(std::vector<PendingEvent>& events, std::uint64_t limit) {
  const NearHalf half = near_half(events);
  open(half.first, half.median, events.size());
  end = std::min(end, limit);
  auto kept = events.begin();
  for (const PendingEvent& event : events) {
    if (event.time < end) {
      add(event);
    } else {
      *kept++ = event;
    }
  }
  events.erase(kept, events.end());
}

std::size_t Ladder::Rung::index_of(std::uint64_t time) const {
  // put_back() may have moved the begin before the start: the first bucket takes those.
  return time < start ? 0 : (time - start) >> width_log2;
}

void Ladder::Rung::add(const PendingEvent& event) {
  buckets[index_of(event.time)].push_back(event);
  ++size;
}

std::uint64_t Ladder::Rung::bucket_start(std::size_t index) const {
  return start + (static_cast<std::uint64_t>(index) << width_log2);
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

void Ladder::push(const PendingEvent& event) {
  ++size_;
  if (event.time >= top_begin_) {
    top_.push_back(event);
  } else {
    rung_of(event.time).add(event);
  }
}

void Ladder::put_back(std::span<const PendingEvent> events) {
  const std::uint64_t first = events.back().time;
  if (rungs_in_use_ == 0) {
    LH_ASSERT(size_ == 0);
    Rung& rung = add_rung();
    rung.open(first, events.front().time, events.size());
    top_begin_ = rung.end;
  }
  Rung& rung = innermost();
  for (const PendingEvent& event : events) rung.add(event);
  rung.begin = first;
  rung.cursor = rung.index_of(first);
  size_ += events.size();
}

void Ladder::refill(std::vector<PendingEvent>& bottom) {
  LH_ASSERT(bottom.empty());
  if (size_ <= kFew) return give_all(bottom);
  for (;;) {
    while (rungs_in_use_ > 0 && innermost().size == 0) --rungs_in_use_;
    if (rungs_in_use_ == 0) open_rung_from_top();
    Rung& rung = innermost();
    while (rung.buckets[rung.cursor].empty()) ++rung.cursor;
    std::vector<PendingEvent>& bucket = rung.buckets[rung.cursor];
    if (bucket.size() > kBatch && rung.width_log2 > 0) {
      split_bucket(rungs_in_use_ - 1);
      continue;
    }
    rung.size -= bucket.size();
    size_ -= bucket.size();
    give(bucket, bottom);
    LH_ASSERT(bottom.back().time >= rung.begin);
    // All of a bucket of one instant is out, and what comes next for that instant follows it: the
    // bucket stays open, so that a burst at one instant never piles up in the bottom.
    if (rung.width_log2 > 0) ++rung.cursor;
    rung.begin = std::min(rung.bucket_start(rung.cursor), rung.end);
    LH_ASSERT(bottom.front().time <= rung.begin);
    return;
  }
}

void Ladder::open_rung_from_top() {
  drop_dead_from_top();
  Rung& rung = add_rung();
  rung.open_for(top_, kAfterAll);
  top_begin_ = rung.end;
}

void Ladder::split_bucket(std::size_t rung_index) {
  Rung& inner = add_rung();  // may move the rungs
  Rung& outer = rungs_[rung_index];
  inner.open_for(outer.buckets[outer.cursor],
                 std::min(outer.bucket_start(outer.cursor + 1), outer.end));
  outer.size -= inner.size;
  LH_ASSERT(outer.begin <= inner.end);
  outer.begin = inner.end;
  LH_ASSERT(outer.begin <= outer.end);
}

void Ladder::give_all(std::vector<PendingEvent>& bottom) {
  drop_dead_from_top();
  std::vector<PendingEvent>& all = top_;
  for (std::size_t i = 0; i < rungs_in_use_; ++i) {
    for (std::size_t k = rungs_[i].cursor; rungs_[i].size > 0; ++k) {
      std::vector<PendingEvent>& bucket = rungs_[i].buckets[k];
      rungs_[i].size -= bucket.size();
      all.insert(all.end(), bucket.begin(), bucket.end());
      bucket.clear();
    }
  }
  give(all, bottom);
  rungs_in_use_ = 0;
  top_begin_ = kAfterAll;
  size_ = 0;
}

void Ladder::erase(std::uint64_t time, std::uint32_t sequence) {
  --size_;
  if (time >= top_begin_) {
    const auto place = std::lower_bound(
        top_.begin(), top_.end(), sequence,
        [](const PendingEvent& event, std::uint32_t wanted) { return event.sequence() < wanted; });
    LH_ASSERT(place != top_.end() && place->sequence() == sequence && place->time == time);
    place->time = kAfterAll;
    ++dead_in_top_;
    if (dead_in_top_ > kBatch && dead_in_top_ > top_.size() / 2) drop_dead_from_top();
    return;
  }
  Rung& rung = rung_of(time);
  std::vector<PendingEvent>& bucket = rung.buckets[rung.index_of(time)];
  const auto place = std::find_if(bucket.begin(), bucket.end(), [&](const PendingEvent& event) {
    return event.sequence() == sequence;
  });
  LH_ASSERT(place != bucket.end() && place->time == time);
  *place = bucket.back();
  bucket.pop_back();
  --rung.size;
}

void Ladder::drop_dead_from_top() {
  if (dead_in_top_ == 0) return;
  std::erase_if(top_, [](const PendingEvent& event) { return event.time == kAfterAll; });
  dead_in_top_ = 0;
}

void Ladder::clear() {
  for (Rung& rung : rungs_) {
    for (std::vector<PendingEvent>& bucket : rung.buckets) bucket.clear();
  }
  rungs_in_use_ = 0;
  top_.clear();
  dead_in_top_ = 0;
  top_begin_ = kAfterAll;
  size_ = 0;
}

}  // namespace leasehold::sim
