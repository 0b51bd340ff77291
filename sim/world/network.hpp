#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "sim/process/connection.hpp"
#include "sim/process/distribution.hpp"
#include "sim/process/mailbox.hpp"
#include "sim/process/random.hpp"
#include "sim/world/true_time.hpp"

namespace leasehold::sim {

/// One packet's event, as the kernel's queue carries it.
struct NetworkEvent {
  enum class Kind : std::uint8_t {
    datagram,
    segment,
    fin,
    reset,
    syn,
    syn_ack,  // arrivals
    retransmit,
    keepalive,
    connect_again,  // timers of a host's kernel
  };
  Kind kind{};
  std::uint8_t side = 0;   ///< of a connection: who sent it, or whose timer it is
  std::uint32_t from = 0;  ///< process
  std::uint32_t to = 0;    ///< process
  ConnectionId connection = 0;
  Message message;
};

struct NetworkCounters {
  std::uint64_t datagrams_sent = 0;
  std::uint64_t segments_sent = 0;  ///< with data; acknowledgements and handshakes not counted
  std::uint64_t connections_opened = 0;
  std::uint64_t lost = 0;     ///< datagrams that did not arrive
  std::uint64_t stalled = 0;  ///< segments that had to be sent again
};

/// Links between hosts, datagrams, and connections with the behaviour of TCP that locks depend on.
///
/// A link is an ordered pair of hosts: it can be cut, lossy or slow in one direction alone. A cut
/// acts when a packet is sent and when it would arrive. A lost segment stalls its direction until a
/// retransmission (after 200 ms, doubling up to 120 s) gets through: then everything arrives, late
/// and in order. Acknowledgements are not simulated one by one: data counts as acknowledged when
/// the way back was open at its arrival.
class Network {
 public:
  Network(Kernel& kernel, std::uint64_t seed) : kernel_(kernel), seed_(seed) {}

  void add_host();

  // Settings and faults of the link from one host to another. Cuts nest.
  void set_delay(std::uint32_t from, std::uint32_t to, const Distribution& delay);
  void add_delay(std::uint32_t from, std::uint32_t to, Duration extra);
  /// Changes the share of packets lost; several changes add up, and act as 100 % beyond it.
  void add_loss(std::uint32_t from, std::uint32_t to, std::int64_t per_million);
  void cut(std::uint32_t from, std::uint32_t to);
  void mend(std::uint32_t from, std::uint32_t to);
  bool is_cut(std::uint32_t from, std::uint32_t to) const { return link(from, to).cuts > 0; }
  /// Breaks every open connection between the two processes, at both ends.
  void reset_connections(ProcessId a, ProcessId b);

  const NetworkCounters& counters() const { return counters_; }
  /// Whether anything the process has sent can still arrive somewhere. Cost: a look at every
  /// pending event and connection.
  bool anything_on_its_way_from(ProcessId process) const;

 private:
  friend class Kernel;
  friend class Process;
  friend class Connection;

  struct Link {
    Link(std::uint64_t seed, std::uint32_t from, std::uint32_t to);

    Distribution delay = Distribution::constant(Duration::microseconds(100));
    Duration extra_delay;
    std::uint32_t cuts = 0;
    std::int64_t loss_per_million = 0;
    Rng delay_stream;
    Rng loss_stream;
  };

  struct Segment {
    bool fin = false;
    Message message;
  };

  /// One direction of a connection, as its sender's kernel sees it.
  struct Direction {
    std::int64_t last_arrival_ns = 0;
    /// Since when something is sent and not acknowledged because a packet was lost; -1: nothing.
    std::int64_t unacknowledged_since_ns = -1;
    std::int64_t timeout_ns = 0;
    std::uint32_t attempts = 0;
    bool stalled = false;
    std::vector<Segment> waiting;  ///< to be sent (again) when a retransmission gets through
  };

  struct End {
    enum class State : std::uint8_t { unborn, opening, open, closed };
    State state = State::unborn;
    ProcessId process = 0;
    Mailbox* mailbox = nullptr;
    ConnectionOptions options;
    Direction out;
    std::int64_t last_heard_ns = 0;
    std::uint32_t probes = 0;
    std::uint32_t connect_attempts = 0;
  };

  struct Stream {
    End end[2];  ///< 0: who connected, 1: who accepted
    std::int64_t opening_since_ns = 0;
  };

  // Links.
  Link& link(std::uint32_t from, std::uint32_t to) { return links_[from * hosts_ + to]; }
  const Link& link(std::uint32_t from, std::uint32_t to) const {
    return links_[from * hosts_ + to];
  }
  Link& link_of(const Stream& stream, std::uint8_t side);
  bool passes(Link& link);
  Duration delay_of(Link& link);
  bool reachable(ProcessId process) const;

  // Datagrams.
  void send_datagram(ProcessId from, ProcessId to, const Message& message);
  void arrive_datagram(const NetworkEvent& packet);

  // Connections: what processes ask for.
  ConnectionId connect(Process& client, Mailbox& mailbox, ProcessId to,
                       const ConnectionOptions& options);
  void send(ConnectionId id, ProcessId sender, const Message& message);
  void close(ConnectionId id, ProcessId closer);
  /// The process is gone: its host's kernel closes what it had open, or nothing is left of it.
  void abandon_process(Process& process, bool host_died);

  // Connections: packets and timers.
  void handle(const NetworkEvent& event);
  void transmit(ConnectionId id, std::uint8_t side, const Segment& segment);
  void arrive_segment(const NetworkEvent& packet);
  void accept_segment(ConnectionId id, std::uint8_t side, const NetworkEvent& packet);
  void acknowledge(ConnectionId id, std::uint8_t sender_side);
  void stall(ConnectionId id, std::uint8_t side);
  void retransmit(ConnectionId id, std::uint8_t side);
  void keepalive(ConnectionId id, std::uint8_t side);
  void start_keepalive(ConnectionId id, std::uint8_t side);
  void request(ConnectionId id);
  void arrive_syn(ConnectionId id);
  void arrive_syn_ack(ConnectionId id);
  void arrive_reset(ConnectionId id, std::uint8_t side);
  void send_reset(ConnectionId id, std::uint8_t from_side);
  void break_end(ConnectionId id, std::uint8_t side, Incoming::Kind how);
  void post(NetworkEvent::Kind kind, ConnectionId id, std::uint8_t side, std::int64_t at_ns);
  void deliver(End& end, ConnectionId id, Incoming::Kind kind, ProcessId from,
               const Message& message);
  bool round_trip_possible(const Stream& stream, std::uint8_t side);

  Kernel& kernel_;
  std::uint64_t seed_;
  std::uint32_t hosts_ = 0;
  std::vector<Link> links_;
  std::deque<Stream> streams_;
  NetworkCounters counters_;
};

}  // namespace leasehold::sim
