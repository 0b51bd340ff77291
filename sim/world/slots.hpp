#pragma once

#include <cstdint>
#include <vector>

namespace leasehold::sim {

class Waiter;
struct Packet;
struct Event;

/// What a pending event of the queue is about: the timer of a waiter, a packet, or an event of
/// another kind. One word, the kind in the bits that alignment leaves free.
class Matter {
 public:
  enum class Kind : std::uint8_t { none, waiter, packet, event };

  explicit Matter(Waiter& waiter) : Matter(&waiter, Kind::waiter) {}
  explicit Matter(Packet& packet) : Matter(&packet, Kind::packet) {}
  explicit Matter(Event& event) : Matter(&event, Kind::event) {}

  Kind kind() const { return static_cast<Kind>(word_ & kKindMask); }
  /// Each REQUIRES that kind.
  Waiter& waiter() const { return *static_cast<Waiter*>(pointer(Kind::waiter)); }
  Packet& packet() const { return *static_cast<Packet*>(pointer(Kind::packet)); }
  Event& event() const { return *static_cast<Event*>(pointer(Kind::event)); }

 private:
  friend class Slots;
  static constexpr std::uintptr_t kKindMask = 3;

  /// In a slot of no use: the next such slot.
  explicit Matter(std::uint32_t next_free) : word_(std::uintptr_t{next_free} << 2) {}
  Matter(void* what, Kind kind)
      : word_(reinterpret_cast<std::uintptr_t>(what) | static_cast<std::uintptr_t>(kind)) {}

  std::uint32_t next_free() const { return static_cast<std::uint32_t>(word_ >> 2); }
  void* pointer(Kind kind) const {
    return reinterpret_cast<void*>(word_ - static_cast<std::uintptr_t>(kind));
  }

  std::uintptr_t word_;
};

/// What the numbers in the queue stand for. Eight bytes for each pending event: with many of them,
/// the table stays in the cache where what they are about does not.
class Slots {
 public:
  Matter operator[](std::uint32_t slot) const { return slots_[slot]; }
  /// Slots that were ever in use.
  std::uint32_t size() const { return static_cast<std::uint32_t>(slots_.size()); }

  bool exhausted() const { return first_free_ == kNone; }
  [[gnu::cold, gnu::noinline]] void grow() {
    const std::uint32_t first = size();
    slots_.resize(first + kChunk, Matter(kNone));
    for (std::uint32_t slot = first + kChunk; slot-- > first;) give_back(slot);
  }

  /// REQUIRES: not exhausted.
  std::uint32_t take(Matter matter) {
    const std::uint32_t slot = first_free_;
    first_free_ = slots_[slot].next_free();
    slots_[slot] = matter;
    return slot;
  }
  std::uint32_t take_or_grow(Matter matter) {
    if (exhausted()) grow();
    return take(matter);
  }
  void give_back(std::uint32_t slot) {
    slots_[slot] = Matter(first_free_);
    first_free_ = slot;
  }

 private:
  static constexpr std::uint32_t kNone = (1u << 30) - 1;
  static constexpr std::uint32_t kChunk = 32;

  std::vector<Matter> slots_;
  std::uint32_t first_free_ = kNone;
};

}  // namespace leasehold::sim
