#pragma once

#include <cstdint>
#include <vector>

#include "sim/process/time.hpp"

namespace leasehold::models::redis {

/// One key with its value. `expires_ms` is absolute, by the wall clock of the server's host.
struct Entry {
  std::uint64_t key = 0;
  std::uint64_t value = 0;
  std::int64_t expires_ms = 0;  ///< 0: never
  sim::MonoTime used;           ///< for eviction: when it was last accessed

  /// A key is expired once the clock reads more than its deadline (db.c, keyIsExpired).
  bool is_expired(std::int64_t wall_ms) const { return expires_ms != 0 && wall_ms > expires_ms; }
};

/// What a server has in memory. A lock needs a key or two, so they stand in a row.
class Keyspace {
 public:
  Entry* find(std::uint64_t key) {
    for (Entry& entry : entries_) {
      if (entry.key == key) return &entry;
    }
    return nullptr;
  }
  const Entry* find(std::uint64_t key) const {
    for (const Entry& entry : entries_) {
      if (entry.key == key) return &entry;
    }
    return nullptr;
  }
  /// The key's entry, made without a time to live if there is none. Moves other entries.
  Entry& at(std::uint64_t key) {
    if (Entry* entry = find(key)) return *entry;
    entries_.push_back(Entry{key, 0, 0, {}});
    return entries_.back();
  }
  void erase(std::uint64_t key) {
    std::erase_if(entries_, [key](const Entry& entry) { return entry.key == key; });
  }
  const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;
};

}  // namespace leasehold::models::redis
