#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "sim/process/mailbox.hpp"
#include "sim/process/time.hpp"

namespace leasehold::sim {

/// How one end of a connection treats silence, with the names and defaults of Linux TCP.
struct ConnectionOptions {
  /// Keepalive: probes start after `keepalive_idle` without hearing from the peer, come every
  /// `keepalive_interval` and give up after `keepalive_count` unanswered ones. Zero idle: off.
  Duration keepalive_idle = Duration::zero();
  Duration keepalive_interval = Duration::seconds(75);
  std::uint32_t keepalive_count = 9;
  /// Gives up when sent data stays unacknowledged this long, and bounds keepalive. Zero: 15
  /// retransmissions instead, 13 to 30 minutes.
  Duration user_timeout = Duration::zero();
  /// How long a connect may take. Its attempts are repeated after 1, 3, 7 … seconds.
  Duration connect_timeout = Duration::seconds(127);
};

/// The client's end of a connection: an ordered, reliable stream that a lost segment or a cut link
/// stalls and that delivers late, after the network heals. Move-only; closes when destroyed.
class Connection {
 public:
  Connection() = default;
  Connection(Process& process, ConnectionId id, std::unique_ptr<Mailbox> mailbox)
      : process_(&process), id_(id), mailbox_(std::move(mailbox)) {}
  Connection(Connection&& other) noexcept { swap(other); }
  Connection& operator=(Connection&& other) noexcept {
    swap(other);
    return *this;
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  explicit operator bool() const { return process_ != nullptr; }
  ConnectionId id() const { return id_; }
  /// `opened`, then data, then at most one of closed, reset and timed_out.
  Mailbox& mailbox() { return *mailbox_; }
  /// Hands a message to the kernel: it is on its way, whatever becomes of this process. Nothing
  /// happens when the connection is broken. REQUIRES: `opened` was received.
  void send(const Message& message);
  /// Wakes whoever receives from it with a `closed`, as shutting a socket down does for another
  /// coroutine of the process that reads from it. That one destroys the connection.
  void shut_down();

 private:
  void swap(Connection& other) noexcept {
    std::swap(process_, other.process_);
    std::swap(id_, other.id_);
    std::swap(mailbox_, other.mailbox_);
  }

  Process* process_ = nullptr;
  ConnectionId id_ = 0;
  std::unique_ptr<Mailbox> mailbox_;
};

}  // namespace leasehold::sim
