#pragma once

#include <cstdint>
#include <optional>
#include <vector>

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
  /// Awaits the next incoming.
  Receive receive();
  /// Awaits the next incoming until the process's monotonic clock reads `deadline`; empty if
  /// nothing came.
  ReceiveUntil receive_until(MonoTime deadline);

  bool empty() const { return first_ == items_.size(); }
  Incoming take();
  void put(const Incoming& incoming);
  void clear();

 private:
  Process* process_;
  std::vector<Incoming> items_;
  std::size_t first_ = 0;
  WaitList receivers_;
};

class Mailbox::Receive {
 public:
  explicit Receive(Mailbox& mailbox) : mailbox_(mailbox), waiter_(*mailbox.process_) {}
  bool await_ready() const { return !mailbox_.empty(); }
  void await_suspend(std::coroutine_handle<> coroutine) {
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
