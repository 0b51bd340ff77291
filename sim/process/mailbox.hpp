#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

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

/// An incoming that waits in a mailbox, or will. In one list at a time.
struct Letter {
  Incoming incoming;
  Letter* next = nullptr;
};

/// Letters in no use: the last one put back is the first one taken.
class SpentLetters {
 public:
  bool empty() const { return first_ == nullptr; }
  void put(Letter& letter) {
    letter.next = first_;
    first_ = &letter;
  }
  /// REQUIRES: not empty.
  Letter& take() { return *std::exchange(first_, first_->next); }

 private:
  Letter* first_ = nullptr;
};

/// Where messages wait for a process: the kernel fills it, paused or not, in order of arrival, and
/// one coroutine at a time receives from it. Dies with its process's volatile state.
///
/// A message lies still from when it is sent until it is taken: what waits here is the letter that
/// travelled.
class Mailbox {
 public:
  explicit Mailbox(Process& process);
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;
  /// Who still receives from it will wake no more, but for a deadline.
  ~Mailbox();

  class Receive;
  class ReceiveUntil;
  /// Awaits the next incoming. REQUIRES, as receive_until: no other coroutine is receiving.
  Receive receive();
  /// Awaits the next incoming until the process's monotonic clock reads `deadline`; empty if
  /// nothing came.
  ReceiveUntil receive_until(MonoTime deadline);

  bool empty() const { return first_ == nullptr; }
  /// Cost: a look at each.
  std::size_t size() const;
  /// Takes the first incoming. REQUIRES: not empty.
  Incoming take() {
    LH_ASSERT(!empty());
    Letter& letter = *first_;
    first_ = letter.next;
    if (first_ == nullptr) end_ = &first_;
    spent_->put(letter);
    return letter.incoming;
  }
  /// Drops everything that waits.
  void clear();

 private:
  friend class Connection;
  friend class Network;
  friend class Kernel;

  /// Takes the letter in; returns the waiter that receives from here, if there is one.
  Waiter* add(Letter& letter);
  /// Adds it and wakes who receives.
  void put(Incoming::Kind kind, ProcessId from, ConnectionId connection, const Message& message);

  Process* process_;
  SpentLetters* spent_;  ///< where letters come from and go to
  Letter* first_ = nullptr;
  Letter** end_ = &first_;      ///< where the next letter is to be named
  Waiter* receiver_ = nullptr;  ///< a Receive
};

class Mailbox::Receive : protected Waiter {
 public:
  explicit Receive(Mailbox& mailbox)
      : Waiter(*mailbox.process_, Purpose::reception), mailbox_(&mailbox) {}
  ~Receive() {
    if (waiting()) leave();
  }
  Receive(const Receive&) = delete;
  Receive& operator=(const Receive&) = delete;
  bool await_ready() const { return !mailbox_->empty(); }
  void await_suspend(std::coroutine_handle<> coroutine) {
    // One that has timed out may still be registered, until it runs.
    LH_ASSERT(mailbox_->receiver_ == nullptr || !mailbox_->receiver_->parked());
    park(coroutine);
    mailbox_->receiver_ = this;
  }
  Incoming await_resume() { return mailbox_->take(); }

 protected:
  friend class Mailbox;

  /// Receives no more.
  void leave() {
    if (mailbox_ != nullptr && mailbox_->receiver_ == this) mailbox_->receiver_ = nullptr;
  }

  Mailbox* mailbox_;  ///< nothing once it is destroyed
};

class Mailbox::ReceiveUntil : Receive {
 public:
  ReceiveUntil(Mailbox& mailbox, MonoTime deadline) : Receive(mailbox), deadline_(deadline) {}
  using Receive::await_ready;
  void await_suspend(std::coroutine_handle<> coroutine);
  std::optional<Incoming> await_resume() {
    leave();
    if (mailbox_->empty()) return std::nullopt;
    return mailbox_->take();
  }

 private:
  MonoTime deadline_;
};

inline Mailbox::Receive Mailbox::receive() { return Receive(*this); }
inline Mailbox::ReceiveUntil Mailbox::receive_until(MonoTime deadline) {
  return ReceiveUntil(*this, deadline);
}

}  // namespace leasehold::sim
