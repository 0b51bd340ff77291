#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "checkers/linearizability/hashing.hpp"

namespace leasehold::checkers {

/// A set of slots, one for each call that is undecided at a time.
template <std::size_t Words>
struct Slots {
  std::array<std::uint64_t, Words> words{};

  [[nodiscard]] bool has(std::uint32_t slot) const {
    return (words[slot / 64] >> (slot % 64) & 1U) != 0;
  }
  void clear(std::uint32_t slot) { words[slot / 64] &= ~(std::uint64_t{1} << (slot % 64)); }
  void flip(std::uint32_t slot) { words[slot / 64] ^= std::uint64_t{1} << (slot % 64); }
  /// Whether, of the slots in `where`, this has those of `other` and no more.
  [[nodiscard]] bool equal(const Slots& other, const Slots& where) const {
    std::uint64_t differ = 0;
    for (std::size_t i = 0; i < Words; ++i) {
      differ |= (words[i] ^ other.words[i]) & where.words[i];
    }
    return differ == 0;
  }
  [[nodiscard]] bool within(const Slots& other) const {
    std::uint64_t beyond = 0;
    for (std::size_t i = 0; i < Words; ++i) beyond |= words[i] & ~other.words[i];
    return beyond == 0;
  }
  [[nodiscard]] std::uint64_t hash(std::uint64_t seed, const Slots& where) const {
    for (std::size_t i = 0; i < Words; ++i) seed = mix(seed, words[i] & where.words[i]);
    return seed;
  }
  static Slots all() {
    Slots slots;
    slots.words.fill(~std::uint64_t{0});
    return slots;
  }
  friend bool operator==(const Slots&, const Slots&) = default;
};

/// What a search has tried: how far it came, in which state, and which of the calls that were
/// undecided there it had placed. It never forgets: a lossy memory makes the hardest histories
/// endless.
///
/// Of two configurations that differ only in slots that are not required, the one that has fewer of
/// them can go wherever the other can: it placed fewer of the calls that need never be placed. So a
/// configuration is known if one that has no more is. Only the first few of one kind are compared
/// so; more would take longer than they save.
template <std::size_t Words>
class Configurations {
 public:
  /// `required`: the slots of the calls that must be placed.
  explicit Configurations(Slots<Words> required) : required_(required), slots_(kFirstSlots, 0) {}

  /// False if it is known.
  bool insert(std::uint64_t place, const Slots<Words>& placed) {
    if (2 * (entries_.size() + 1) > slots_.size()) grow();
    const std::uint64_t hash = placed.hash(mix(place), required_);
    std::size_t slot = hash & (slots_.size() - 1);
    int compared = 0;
    for (; slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1)) {
      Entry& known = entries_[index(slots_[slot])];
      if (tag(slots_[slot]) != tag(hash) || known.place != place) continue;
      if (!known.placed.equal(placed, required_)) continue;
      if (known.placed.within(placed)) return false;
      if (placed.within(known.placed)) {
        known.placed = placed;
        return true;
      }
      if (++compared == kMostCompared) return insert_exactly(place, placed);
    }
    put(slot, hash, {place, placed, hash});
    return true;
  }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] std::size_t bytes() const {
    return entries_.capacity() * sizeof(Entry) + slots_.capacity() * sizeof(std::uint64_t);
  }

 private:
  static constexpr std::size_t kFirstSlots = 256;
  static constexpr int kMostCompared = 32;

  struct Entry {
    std::uint64_t place;
    Slots<Words> placed;
    std::uint64_t hash;  ///< by which it was put here
  };

  // A slot holds a part of the hash and 1 + the index of an entry; 0: free.
  static std::uint64_t tag(std::uint64_t value) { return value >> 32; }
  static std::size_t index(std::uint64_t slot) { return (slot & 0xFFFFFFFFU) - 1; }

  bool insert_exactly(std::uint64_t place, const Slots<Words>& placed) {
    const std::uint64_t hash = placed.hash(mix(~place), Slots<Words>::all());
    std::size_t slot = hash & (slots_.size() - 1);
    for (; slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1)) {
      const Entry& known = entries_[index(slots_[slot])];
      if (known.place == place && known.placed == placed) return false;
    }
    put(slot, hash, {place, placed, hash});
    return true;
  }

  void put(std::size_t slot, std::uint64_t hash, Entry entry) {
    entries_.push_back(entry);
    slots_[slot] = tag(hash) << 32 | entries_.size();
  }

  void grow() {
    slots_.assign(2 * slots_.size(), 0);
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      std::size_t slot = entries_[i].hash & (slots_.size() - 1);
      while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
      slots_[slot] = tag(entries_[i].hash) << 32 | (i + 1);
    }
  }

  Slots<Words> required_;
  std::vector<Entry> entries_;
  std::vector<std::uint64_t> slots_;  ///< a power of two
};

}  // namespace leasehold::checkers
