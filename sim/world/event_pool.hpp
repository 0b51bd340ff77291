#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/process/process.hpp"
#include "sim/world/event_queue.hpp"
#include "sim/world/packet.hpp"
#include "sim/world/slots.hpp"

namespace leasehold::sim {

/// Something the world does at a moment of true time: a fault, the end of a phase.
class Action {
 public:
  virtual void act(std::uint64_t cookie) = 0;

 protected:
  ~Action() = default;
};

/// A pending event that is neither a waiter's timer nor a packet.
struct Event {
  enum class Kind : std::uint8_t { none, observe, action, socket_timer };
  struct Observation {
    DeadlineObserver* observer;
    std::uint64_t cookie;
  };
  struct Deed {
    Action* action;
    std::uint64_t cookie;
  };

  Event() : next_free(nullptr) {}

  Kind kind = Kind::none;
  bool queued = false;
  /// All but actions come when `clock` of `host` reads `deadline_ns`: they move when the clock
  /// does.
  ClockKind clock{};
  std::uint32_t host = 0;
  std::uint32_t slot = 0;        ///< in the queue
  std::uint32_t index = 0;       ///< in the pool
  std::uint32_t generation = 0;  ///< tells apart its uses that a TimerId named
  EventTicket ticket{};          ///< while `queued`
  std::int64_t deadline_ns = 0;
  union {
    Event* next_free;          // none
    Observation observation;   // observe
    Deed deed;                 // action
    SocketTimer socket_timer;  // socket_timer
  };

  bool clocked() const { return kind != Kind::action; }
};

/// The events of a run. None ever moves, so that it can be handled where it is while others are
/// added.
class EventPool {
 public:
  Event& operator[](std::uint32_t index) { return (*chunks_[index / kChunk])[index % kChunk]; }

  Event& take(Event::Kind kind) {
    if (first_free_ == nullptr) grow();
    Event& event = *first_free_;
    first_free_ = event.next_free;
    event.kind = kind;
    event.queued = false;
    return event;
  }

  void give_back(Event& event) {
    event.kind = Event::Kind::none;
    event.next_free = first_free_;
    first_free_ = &event;
  }

 private:
  static constexpr std::uint32_t kChunk = 16;
  using Chunk = std::array<Event, kChunk>;

  [[gnu::cold, gnu::noinline]] void grow() {
    const auto first = static_cast<std::uint32_t>(chunks_.size()) * kChunk;
    chunks_.push_back(std::make_unique<Chunk>());
    for (std::uint32_t i = kChunk; i-- > 0;) {
      Event& event = (*chunks_.back())[i];
      event.index = first + i;
      give_back(event);
    }
  }

  std::vector<std::unique_ptr<Chunk>> chunks_;
  Event* first_free_ = nullptr;
};

/// A packet where it travels: the slot is its own for good.
struct Parcel : Packet {
  std::uint32_t slot = 0;
};

/// The packets of a run, on their way or in a mailbox.
class PacketPool {
 public:
  explicit PacketPool(Slots& slots) : slots_(slots) {}

  bool exhausted() const { return spent_.empty(); }
  [[gnu::cold, gnu::noinline]] void grow() {
    chunks_.push_back(std::make_unique<Chunk>());
    for (std::uint32_t i = kChunk; i-- > 0;) {
      Parcel& parcel = (*chunks_.back())[i];
      parcel.slot = slots_.take_or_grow(Matter(parcel));
      give_back(parcel);
    }
  }

  /// REQUIRES: not exhausted.
  Parcel& take() { return static_cast<Parcel&>(spent_.take()); }
  Parcel& take_or_grow() {
    if (exhausted()) grow();
    return take();
  }
  void give_back(Packet& packet) {
    packet.kind = Packet::Kind::none;
    spent_.put(packet);
  }
  SpentLetters& spent() { return spent_; }

 private:
  static constexpr std::uint32_t kChunk = 16;
  using Chunk = std::array<Parcel, kChunk>;

  Slots& slots_;
  std::vector<std::unique_ptr<Chunk>> chunks_;
  SpentLetters spent_;
};

}  // namespace leasehold::sim
