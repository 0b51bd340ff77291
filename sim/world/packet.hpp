#pragma once

#include <cstdint>

#include "sim/process/mailbox.hpp"

namespace leasehold::sim {

/// What travels over a link, as the kernel's queue carries it. If it has something to tell, it is
/// the letter that its receiver finds.
struct Packet : Letter {
  enum class Kind : std::uint8_t {
    datagram,
    syn,
    syn_ack,
    established,  ///< the client's answer to syn_ack: its segment 0
    data,
    fin,
    duplicate,  ///< of a segment that arrived: only asks for its acknowledgement again
    reset,
    none,  ///< not on its way
  };
  Kind kind = Kind::none;
  std::uint8_t side = 0;       ///< of a connection: who sent it
  bool retransmitted = false;  ///< its sender still holds it
  ProcessId to = 0;
  std::uint32_t link = 0;      ///< of a datagram: the number of its link
  std::uint32_t sequence = 0;  ///< of a segment, in its direction
  std::int64_t sent_ns = 0;    ///< true time

  ProcessId from() const { return incoming.from; }
  ConnectionId connection() const { return incoming.connection; }
  const Message& message() const { return incoming.message; }
  bool is_segment() const { return kind >= Kind::established && kind <= Kind::fin; }
};

/// A timer of one end of a connection, kept by its host's kernel on the host's monotonic clock.
struct SocketTimer {
  enum class Kind : std::uint8_t { connect, retransmit, keepalive };
  Kind kind{};
  std::uint8_t side = 0;
  ConnectionId connection = 0;
};

}  // namespace leasehold::sim
