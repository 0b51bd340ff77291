#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "sim/process/message.hpp"
#include "sim/process/waiter.hpp"

namespace leasehold::sim {

using ProcessId = std::uint32_t;
using ConnectionId = std::uint32_t;

/// What a process finds in a mailbox.
struct Incoming {
  enum class Kind : std::uint8_t {
    datagram,   ///< `from` sent `message`
    opened,     ///< a connection: to a server, one was accepted; to a client, its connect succeeded
    data,       ///< `message` came in order over `connection`
    closed,     ///< the peer closed it in order, after everything it had sent
    reset,      ///< it broke at once: refused, or the peer's host knows nothing of it
    timed_out,  ///< it broke: unanswered retransmissions, keepalive probes or connection attempts
  };
  Kind kind = Kind::datagram;
  ProcessId from = 0;
  ConnectionId connection = 0;
  Message message;

  bool is_broken() const { return kind >= Kind::closed; }
};

/// Where messages wait for a process: the kernel fills it, paused or not, in order of arrival, and
/// one coroutine at a time receives from it. Dies with its process's volatile state.
class Mailbox {
 public:
  explicit Mailbox(Process& process) : process_(&process) {}
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  class Receive;
  class ReceiveUntil;
  /// Awaits the next incoming. REQUIRES, as receive_until: no other coroutine is receiving.
  Receive receive();
  /// Awaits the next incoming until the process's monotonic clock reads `deadline`; empty if
  /// nothing came.
  ReceiveUntil receive_until(MonoTime deadline);

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  /// Takes the first incoming. REQUIRES: not empty.
  Incoming take() {
    LH_ASSERT(!empty());
    const std::size_t first = first_;
    first_ = place(1);
    --size_;
    return ring_[first];
  }
  /// Drops everything that waits.
  void clear() { first_ = size_ = 0; }

 private:
  friend class Connection;
  friend class Network;
  friend class Kernel;

  Waiter* add(Incoming::Kind kind, ProcessId from, ConnectionId connection, const Message& message);
  /// Adds it and wakes who receives.
  void put(Incoming::Kind kind, ProcessId from, ConnectionId connection, const Message& message);
  [[gnu::cold]] void grow();
  std::size_t place(std::size_t i) const { return (first_ + i) & (capacity_ - 1); }

  Process* process_;
  std::unique_ptr<Incoming[]> ring_;
  std::size_t capacity_ = 0;  ///< of the ring: zero or a power of two
  std::size_t first_ = 0;
  std::size_t size_ = 0;
  WaitList receivers_;
};

class Mailbox::Receive {
 public:
  explicit Receive(Mailbox& mailbox) : mailbox_(mailbox), waiter_(*mailbox.process_) {}
  bool await_ready() const { return !mailbox_.empty(); }
  void await_suspend(std::coroutine_handle<> coroutine) {
    LH_ASSERT(mailbox_.receivers_.empty());
    waiter_.park(coroutine);
    mailbox_.receivers_.push_back(waiter_);
  }
  Incoming await_resume() { return mailbox_.take(); }

 private:
  Mailbox& mailbox_;
  Waiter waiter_;
};

class Mailbox::ReceiveUntil {
 public:
  ReceiveUntil(Mailbox& mailbox, MonoTime deadline)
      : mailbox_(mailbox), deadline_(deadline), waiter_(*mailbox.process_) {}
  bool await_ready() const { return !mailbox_.empty(); }
  void await_suspend(std::coroutine_handle<> coroutine);
  std::optional<Incoming> await_resume() {
    if (mailbox_.empty()) return std::nullopt;
    return mailbox_.take();
  }

 private:
  Mailbox& mailbox_;
  MonoTime deadline_;
  Waiter waiter_;
};

inline Mailbox::Receive Mailbox::receive() { return Receive(*this); }
inline Mailbox::ReceiveUntil Mailbox::receive_until(MonoTime deadline) {
  return ReceiveUntil(*this, deadline);
}

}  // namespace leasehold::sim
