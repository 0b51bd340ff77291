#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "checkers/formats/value.hpp"
#include "checkers/linearizability/hashing.hpp"

namespace leasehold::checkers {

/// Values by key, as the state of a specification. A key without one has `missing`.
class KeyValues {
 public:
  [[nodiscard]] const Value& get(const Value& key, const Value& missing) const {
    const auto found = std::lower_bound(entries_.begin(), entries_.end(), key, before);
    return found != entries_.end() && found->first == key ? found->second : missing;
  }

  void put(const Value& key, Value value) {
    const auto found = std::lower_bound(entries_.begin(), entries_.end(), key, before);
    if (found != entries_.end() && found->first == key) {
      found->second = std::move(value);
    } else {
      entries_.insert(found, {key, std::move(value)});
    }
  }

  [[nodiscard]] std::uint64_t hash() const {
    std::uint64_t hash = 0;
    for (const auto& [key, value] : entries_) {
      hash = mix(mix(hash, checkers::hash(key)), checkers::hash(value));
    }
    return hash;
  }

  /// What it holds on the heap.
  [[nodiscard]] std::size_t bytes() const {
    std::size_t bytes = entries_.capacity() * sizeof(entries_.front());
    for (const auto& [key, value] : entries_) bytes += key.text.capacity() + value.text.capacity();
    return bytes;
  }

  friend bool operator==(const KeyValues&, const KeyValues&) = default;

 private:
  using Entry = std::pair<Value, Value>;
  static bool before(const Entry& entry, const Value& key) { return entry.first < key; }

  std::vector<Entry> entries_;  ///< in the order of the keys
};

}  // namespace leasehold::checkers
