#pragma once

#include <cstdint>
#include <vector>

#include "checkers/record/record.hpp"

namespace leasehold::checkers {

/// What a fold knows of each attempt, by AttemptId (or another number that is never 0). Open
/// addressing, because a lookup happens for every record; clear() keeps the memory for the next
/// run.
template <class Value>
class AttemptTable {
 public:
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

  [[nodiscard]] Value* find(std::uint64_t key) {
    if (key == latest_key_) return &entries_[latest_].value;
    const std::uint32_t entry = slots_[slot_of(key)];
    return entry == 0 ? nullptr : &entries_[entry - 1].value;
  }

  /// The value of the key, Value{} if it is new. Valid until the next call.
  Value& operator[](std::uint64_t key) {
    if (key == latest_key_) return entries_[latest_].value;
    const std::size_t slot = slot_of(key);
    latest_ = slots_[slot] == 0 ? add(key, slot) : slots_[slot] - std::size_t{1};
    latest_key_ = key;
    return entries_[latest_].value;
  }

  /// Calls `visit(key, value)` for each, in the order of their first mention.
  template <class Visit>
  void for_each(Visit&& visit) {
    for (Entry& entry : entries_) visit(entry.key, entry.value);
  }

  [[nodiscard]] std::size_t bytes() const {
    return entries_.capacity() * sizeof(Entry) + slots_.capacity() * sizeof(std::uint32_t);
  }

  void clear() {
    if (entries_.empty()) return;
    entries_.clear();
    latest_key_ = 0;
    slots_.assign(slots_.size(), 0);
  }

 private:
  struct Entry {
    std::uint64_t key = 0;
    Value value{};
  };

  /// The slot that holds the key, or the free one where it belongs. REQUIRES: a free slot.
  [[nodiscard]] std::size_t slot_of(std::uint64_t key) const {
    const std::size_t mask = slots_.size() - 1;
    auto slot = static_cast<std::size_t>((key * 0x9E3779B97F4A7C15U) >> 32) & mask;
    while (slots_[slot] != 0 && entries_[slots_[slot] - 1].key != key) slot = (slot + 1) & mask;
    return slot;
  }

  /// Gives the key an entry and the free slot where it belongs, and doubles the slots when half of
  /// them are taken.
  [[gnu::noinline]] std::size_t add(std::uint64_t key, std::size_t slot) {
    entries_.push_back({key, Value{}});
    slots_[slot] = static_cast<std::uint32_t>(entries_.size());
    if (2 * entries_.size() == slots_.size()) grow();
    return entries_.size() - 1;
  }

  [[gnu::cold, gnu::noinline]] void grow() {
    slots_.assign(2 * slots_.size(), 0);
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      slots_[slot_of(entries_[i].key)] = static_cast<std::uint32_t>(i + 1);
    }
  }

  std::vector<Entry> entries_;    ///< in the order of their first mention
  std::size_t latest_ = 0;        ///< the entry used last: records of one attempt come in a row
  std::uint64_t latest_key_ = 0;  ///< 0: none
  /// 1 + index of an entry, 0: free. A power of two, of which less than half are taken.
  std::vector<std::uint32_t> slots_ = std::vector<std::uint32_t>(64);
};

}  // namespace leasehold::checkers
