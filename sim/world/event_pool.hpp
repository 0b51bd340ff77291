#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/process/process.hpp"
#include "sim/world/event_queue.hpp"
#include "sim/world/network.hpp"

namespace leasehold::sim {

/// Something the world does at a moment of true time: a fault, the end of a phase.
class Action {
 public:
  virtual void act(std::uint64_t cookie) = 0;

 protected:
  ~Action() = default;
};

/// What a pending event will do. The queue knows it by its slot alone. One cache line: packets,
/// which are larger, lie apart.
struct Event {
  enum class Kind : std::uint8_t { none, wake, observe, action, packet, socket_timer };
  struct Observation {
    DeadlineObserver* observer;
    std::uint64_t cookie;
  };
  struct Deed {
    Action* action;
    std::uint64_t cookie;
  };

  Event() : waiter(nullptr) {}

  Kind kind = Kind::none;
  bool queued = false;
  /// A clocked event comes when `clock` of `host` reads `deadline_ns`: it moves when the clock
  /// does.
  bool clocked = false;
  ClockKind clock{};
  std::uint32_t host = 0;
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;  ///< tells apart the uses of a slot that a TimerId named
  union {
    EventQueue::Ticket ticket;   // its place in the queue, while `queued`
    Event* next_free = nullptr;  // while in no use
  };
  std::int64_t deadline_ns = 0;
  union {
    Waiter* waiter;            // wake
    Observation observation;   // observe
    Deed deed;                 // action
    SocketTimer socket_timer;  // socket_timer
  };
  Packet* packet = nullptr;  ///< where the packet of this slot lies, if the event is one
};
static_assert(sizeof(Event) == 64);

/// The slots of a run's pending events. An event never moves, so that it can be handled where it
/// is while others are added.
class EventPool {
 public:
  Event& operator[](std::uint32_t slot) { return chunks_[slot / kChunk]->events[slot % kChunk]; }
  /// Slots that were ever in use.
  std::uint32_t size() const { return static_cast<std::uint32_t>(chunks_.size()) * kChunk; }

  Event& take(Event::Kind kind) {
    if (first_free_ == nullptr) grow();
    Event& event = *first_free_;
    first_free_ = event.next_free;
    event.kind = kind;
    event.queued = false;
    event.clocked = false;
    return event;
  }

  void give_back(Event& event) {
    event.kind = Event::Kind::none;
    event.next_free = first_free_;
    first_free_ = &event;
  }

 private:
  static constexpr std::uint32_t kChunk = 32;
  struct Chunk {
    std::array<Event, kChunk> events;
    std::array<Packet, kChunk> packets;
  };

  [[gnu::cold, gnu::noinline]] void grow() {
    const std::uint32_t first = size();
    chunks_.push_back(std::make_unique<Chunk>());
    Chunk& chunk = *chunks_.back();
    for (std::uint32_t i = kChunk; i-- > 0;) {
      chunk.events[i].slot = first + i;
      chunk.events[i].packet = &chunk.packets[i];
      give_back(chunk.events[i]);
    }
  }

  std::vector<std::unique_ptr<Chunk>> chunks_;
  Event* first_free_ = nullptr;
};

}  // namespace leasehold::sim
