#pragma once

#include <coroutine>
#include <cstdint>

#include "sim/process/time.hpp"
#include "support/assert.hpp"

namespace leasehold::sim {

class Process;
class Kernel;

/// A place in a list of waiters. Intrusive, so that parking allocates nothing.
struct WaitLink {
  WaitLink* previous = nullptr;
  WaitLink* next = nullptr;

  bool linked() const { return next != nullptr; }
  void unlink() {
    previous->next = next;
    next->previous = previous;
    previous = next = nullptr;
  }
};

/// A queue of waiters, first in first out. REQUIRES: outlived by nothing that is linked in it, or
/// destroyed after them; a list that dies with waiters in it lets them go.
class WaitList {
 public:
  WaitList() { head_.previous = head_.next = &head_; }
  WaitList(const WaitList&) = delete;
  WaitList& operator=(const WaitList&) = delete;
  ~WaitList() {
    while (!empty()) head_.next->unlink();
  }

  bool empty() const { return head_.next == &head_; }
  WaitLink* front() { return head_.next; }
  WaitLink* back() { return head_.previous; }
  void push_back(WaitLink& link) {
    link.previous = head_.previous;
    link.next = &head_;
    head_.previous->next = &link;
    head_.previous = &link;
  }
  /// Moves all of `other` behind the last of this list, in order.
  void splice_back(WaitList& other) {
    while (!other.empty()) {
      WaitLink* link = other.front();
      link->unlink();
      push_back(*link);
    }
  }

 private:
  WaitLink head_;
};

/// Names one pending event of the kernel's queue, until it is popped or erased.
struct EventTicket {
  std::int64_t time_ns;
  std::uint32_t sequence;
  std::uint32_t node;  ///< a hint that makes erasing it fast
};

/// Names a pending timer of the kernel; the zero value names none.
struct TimerId {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
  explicit operator bool() const { return generation != 0; }
};

/// One suspended coroutine of one process: part of an awaiter, hence of a frame. A parked waiter is
/// in at most one list and has at most one timer; both are given up when it wakes or dies.
class Waiter : public WaitLink {
 public:
  explicit Waiter(Process& process) : Waiter(process, Purpose::wait) {}
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter() {
    if (state_ != State::idle) abandon();
  }

  /// Parks the coroutine; REQUIRES: idle. Whoever wakes it does so through Process::wake or a
  /// timer.
  void park(std::coroutine_handle<> coroutine) {
    LH_ASSERT(state_ == State::idle);
    coroutine_ = coroutine;
    state_ = State::parked;
  }
  /// Whether it waits, and nothing has woken it yet.
  bool parked() const { return state_ == State::parked; }
  /// Whether its timer woke it.
  bool timed_out() const { return timed_out_; }
  Process& process() const { return *process_; }

 protected:
  enum class Purpose : std::uint8_t {
    sleep,
    reception,
    computation,
    wait,  ///< in a list, or for a timer, or for both
    sync,
  };
  Waiter(Process& process, Purpose purpose) : process_(&process), purpose_(purpose) {}

  /// Whether it has suspended and not been resumed.
  bool waiting() const { return state_ != State::idle; }

 private:
  friend class Kernel;
  enum class State : std::uint8_t { idle, parked, ready };

  static constexpr std::uint32_t kNoSlot = ~0u;

  void abandon();
  bool has_timer() const { return slot_ != kNoSlot; }
  /// Whether its timer is in the queue: not while its clock stands still.
  bool queued() const { return ticket_.time_ns >= 0; }

  // Of what its timer is, each member means something only while it has one.
  Process* process_;
  std::coroutine_handle<> coroutine_;
  EventTicket ticket_;
  std::int64_t deadline_ns_;      ///< of the clock that it follows
  std::uint32_t slot_ = kNoSlot;  ///< of its timer; without one, it does not wake by itself
  State state_ = State::idle;
  Purpose purpose_;
  bool timed_out_ = false;
  std::uint8_t follows_ = 0;  ///< the bit of a ClockKind; 0: true time
};

}  // namespace leasehold::sim
