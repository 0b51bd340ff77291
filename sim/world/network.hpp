#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sim/process/connection.hpp"
#include "sim/process/distribution.hpp"
#include "sim/process/mailbox.hpp"
#include "sim/process/random.hpp"
#include "sim/world/packet.hpp"
#include "sim/world/true_time.hpp"

namespace leasehold::sim {

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
/// acts when a packet is sent and when it would arrive. The n-th packet of a link takes the n-th
/// word of the link's streams whatever becomes of it, so that a fault more or less leaves the
/// others' draws alone.
///
/// A lost segment is sent again after 200 ms, then with doubling timeouts up to 120 s; what follows
/// it waits at the receiver and everything is delivered in order, late. Once a timeout has struck,
/// nothing new is sent until something is acknowledged. Acknowledgements are not packets here: data
/// is acknowledged when the way back is open at its arrival. Receive buffers have no limit.
class Network {
 public:
  Network(Kernel& kernel, std::uint64_t seed) : kernel_(kernel), seed_(seed) {}

  void add_host();

  // Settings and faults of the link from one host to another. Cuts nest.
  /// REQUIRES: no negative delays.
  void set_delay(std::uint32_t from, std::uint32_t to, const Distribution& delay);
  /// On top of the link's delay; a negative `extra` takes back what was added.
  void add_delay(std::uint32_t from, std::uint32_t to, Duration extra);
  /// More than a million acts as a million: all packets are lost.
  void set_loss(std::uint32_t from, std::uint32_t to, std::uint32_t per_million);
  void cut(std::uint32_t from, std::uint32_t to);
  void mend(std::uint32_t from, std::uint32_t to);
  /// Tells the kernel's watcher of what faults do to packets of the link. Watches nest.
  void watch(std::uint32_t from, std::uint32_t to);
  void unwatch(std::uint32_t from, std::uint32_t to);
  bool is_cut(std::uint32_t from, std::uint32_t to) const { return link(from, to).cuts > 0; }
  /// Breaks every connection between the two processes, at both ends, at once.
  void reset_connections(ProcessId a, ProcessId b);

  std::uint32_t loss(std::uint32_t from, std::uint32_t to) const {
    return link(from, to).loss_per_million;
  }

  /// Whether an end of a connection between the two is or may come to be in use.
  bool are_connected(ProcessId a, ProcessId b) const;

  const NetworkCounters& counters() const { return counters_; }
  /// Datagrams, and segments with data, that were ever sent over the link, whatever became of them.
  std::uint64_t messages_sent(std::uint32_t from, std::uint32_t to) const {
    return link(from, to).messages;
  }
  /// Whether anything the process has sent can still arrive somewhere. Cost: a look at every
  /// pending event and connection.
  bool anything_on_its_way_from(ProcessId process) const;
  /// What has been sent and has not been delivered, in no particular order. The same cost.
  std::vector<Message> messages_on_their_way() const;
  /// When the end of the connection at `process` will cease to exist by itself, if nothing else
  /// happens: never, while the other end is there and answers. Empty: it cannot be told, for
  /// something is on its way.
  std::optional<TrueTime> breaks_at(ConnectionId id, ProcessId process);
  /// Connections of which something is left, at either end or in flight.
  std::size_t live_connections() const { return live_; }

 private:
  friend class Kernel;
  friend class Process;
  friend class Connection;

  struct Link {
    Distribution delay = Distribution::constant(Duration::microseconds(100));
    Duration extra_delay;
    std::uint32_t loss_per_million = 0;
    std::uint32_t cuts = 0;
    std::uint32_t watches = 0;
    std::uint32_t shut = 0;  ///< what keeps packets from arriving: cuts, and a host that is down
    std::uint32_t exceptions = 1;  ///< cuts, watches, and one until the streams are seeded
    std::uint64_t messages = 0;    ///< see messages_sent()
    struct Streams {
      Rng delay;
      Rng loss;
      std::uint32_t loss_words_due;  ///< not drawn yet; none while packets can be lost
    };
    std::optional<Streams> streams;  ///< seeded by the first packet: most links carry none
    struct Draw {
      std::uint64_t delay;  ///< the word
      bool lost;
    };
    /// What the next packet draws, whatever becomes of it. REQUIRES streams.
    Draw draw();
  };

  /// One direction of a connection, as its sender's kernel sees it. Times are readings of the
  /// sender's monotonic clock, but for last_arrival.
  struct Outgoing {
    TrueTime last_arrival;                     ///< packets of a connection do not overtake
    std::uint32_t next = 0;                    ///< sequence number of the next segment
    std::uint32_t acknowledged = 0;            ///< all segments before it are
    std::uint32_t attempts = 0;                ///< retransmissions since something was acknowledged
    std::int64_t unacknowledged_since_ns = 0;  ///< meaningful while the timer runs
    std::int64_t timeout_ns = 0;
    TimerId timer;              ///< runs while something is known to be unacknowledged
    std::vector<Packet> again;  ///< lost, or not sent while nothing is acknowledged; by sequence
  };

  struct End {
    enum class State : std::uint8_t {
      unborn,    ///< the server's, before a connection request
      opening,   ///< the client's, until the server answers
      answered,  ///< the server's, until the client confirms
      open,
      closing,  ///< its process is done with it; its kernel still delivers what was sent
      gone,     ///< nothing is left of it: whatever asks for it is answered with a reset
    };
    State state = State::unborn;
    ProcessId process = 0;
    std::uint32_t host = 0;
    std::uint32_t incarnation = 0;  ///< of the listener that answered
    Mailbox* mailbox = nullptr;
    ConnectionOptions options;
    Outgoing out;
    std::uint32_t expected = 0;  ///< sequence number of the next segment to deliver
    std::vector<Packet> early;   ///< arrived after a gap; by sequence
    std::uint32_t connect_attempts = 0;
    std::uint32_t probes = 0;
    std::int64_t last_heard_ns = 0;     ///< on its monotonic clock; kept if keepalive is on
    std::int64_t opening_since_ns = 0;  ///< on its monotonic clock
    TimerId keepalive_timer;
  };

  struct Stream {
    End end[2];  ///< 0: who connected, 1: who accepted
    ConnectionId id = 0;
    std::uint32_t in_flight = 0;  ///< packets
    bool held = true;             ///< the client's Connection still exists
  };

  // Links.
  std::uint32_t number(std::uint32_t from, std::uint32_t to) const { return from * stride_ + to; }
  Link& link(std::uint32_t from, std::uint32_t to) { return links_[number(from, to)]; }
  const Link& link(std::uint32_t from, std::uint32_t to) const { return links_[number(from, to)]; }
  bool travel(Link& link, TrueTime& arrival);
  [[gnu::cold]] bool travel_in_trouble(Link& link, TrueTime& arrival);
  bool arrives(std::uint32_t from, std::uint32_t to) const;
  bool reachable(std::uint32_t host) const;
  /// Nothing arrives at the host any more; nests.
  void shut(std::uint32_t host);
  void open(std::uint32_t host);
  void tell_watcher(std::uint32_t from, std::uint32_t to, bool lost) const;
  [[gnu::cold]] void tell_of_stray(std::uint32_t from, std::uint32_t to) const;
  void link_changed(std::uint32_t from, std::uint32_t to, std::uint64_t detail);

  // Datagrams.
  void send_datagram(const Process& from, ProcessId to, const Message& message);
  void send_in_trouble(const Process& from, ProcessId to, const Message& message);
  void announce(Link& link, const Process& from, ProcessId to, const Message& message);
  void post_datagram(std::uint32_t link, TrueTime arrival, ProcessId from, ProcessId to,
                     const Message& message);
  Waiter* arrive_datagram(Packet& packet);
  [[gnu::cold]] void lose_datagram(ProcessId from, ProcessId to, const Message& message);

  // What processes ask for.
  ConnectionId connect(Process& client, Mailbox& mailbox, ProcessId to,
                       const ConnectionOptions& options);
  /// 1 if the process accepted the connection, else 0.
  static std::uint8_t side_of(const Stream& stream, ProcessId process) {
    return stream.end[1].process == process ? 1 : 0;
  }
  static bool is_between(const Stream& stream, ProcessId a, ProcessId b);
  void send(Stream& stream, std::uint8_t side, const Message& message);
  void close(ConnectionId id, std::uint8_t side);
  /// The client's Connection is destroyed.
  void let_go(ConnectionId id);
  /// The process died: its host's kernel closes what it had open.
  void close_all(Process& process);
  /// Nothing is left of any end on this host.
  void power_lost(std::uint32_t host);

  // What the kernel's queue brings.
  /// Of a connection; returns the waiter that is to receive it, ready, if there is one.
  Waiter* arrive(Packet& packet);
  void expire(const SocketTimer& timer);

  // Opening.
  void request(Stream& stream);
  static bool is_usual(const Packet& packet, const End& sender, const End& receiver);
  Waiter* arrive_as_usual(Stream& stream, Packet& segment, End& sender, End& receiver);
  void arrive_otherwise(Stream& stream, const Packet& packet, bool gets_through);
  void arrive_control(Stream& stream, const Packet& packet);
  void arrive_syn(Stream& stream);
  void arrive_syn_ack(Stream& stream);
  bool accept(Stream& stream);

  // Data.
  void transmit(Stream& stream, std::uint8_t side, Packet::Kind kind, const Message& message);
  [[gnu::cold]] void trace_delivery(const Stream& stream, const Packet& segment);
  void arrive_segment(Stream& stream, const Packet& packet);
  void put_in_order(Stream& stream, const Packet& packet);
  void deliver(Stream& stream, const Packet& packet);
  void acknowledge(Stream& stream, std::uint8_t sender_side, std::int64_t sent_ns);

  // Retransmission.
  void hold(Stream& stream, const Packet& packet);
  void start_retransmission(Stream& stream, std::uint8_t side, std::int64_t sent_ns);
  void retransmit(Stream& stream, std::uint8_t side);
  void go_on_sending(Stream& stream, std::uint8_t side);

  // Keepalive.
  void start_keepalive(Stream& stream, std::uint8_t side);
  void heard(End& end);
  void keepalive(Stream& stream, std::uint8_t side);

  // Foretelling; readings of the end's monotonic clock.
  std::int64_t gives_up_at(const End& end, bool answered) const;
  std::int64_t probes_end_at(const End& end, bool answered) const;

  // Breaking and closing.
  void send_reset(Stream& stream, std::uint8_t from_side);
  void arrive_reset(Stream& stream, std::uint8_t from_side);
  /// The end ceases to exist; its process is told, unless it is done with it.
  void break_end(Stream& stream, std::uint8_t side, Incoming::Kind how);
  /// The process of an end hears no more of it.
  void detach(Stream& stream, std::uint8_t side, End::State state);
  /// Nothing is left of what an end's kernel knew.
  void vanish(Stream& stream, std::uint8_t side, End::State state);
  void forget_if_over(Stream& stream) {
    using State = End::State;
    const auto over = [](State state) {
      return state == State::gone || state == State::unborn || state == State::answered;
    };
    if (stream.held || stream.in_flight > 0) return;
    if (over(stream.end[0].state) && over(stream.end[1].state)) forget(stream);
  }
  void forget(Stream& stream);

  // Plumbing.
  /// Nothing if the connection is forgotten.
  Stream* find(ConnectionId id);
  Packet packet(const Stream& stream, std::uint8_t side, Packet::Kind kind, std::uint32_t sequence,
                const Message& message) const;
  Packet packet(const Stream& stream, std::uint8_t side, Packet::Kind kind) const;
  Packet* post(Stream& stream, std::uint8_t side);
  /// Posts the packet unless it is lost at once; false then.
  bool launch(Stream& stream, const Packet& packet);
  TimerId arm(const Stream& stream, std::uint8_t side, SocketTimer::Kind kind,
              std::int64_t deadline_ns);
  std::int64_t mono_ns(const End& end) const;
  void tell(End& end, ConnectionId id, Incoming::Kind kind, ProcessId from, const Message& message);

  // A ConnectionId is a slot of streams_ and how often that slot was used before.
  static constexpr std::uint32_t kSlotBits = 16;
  static constexpr std::uint32_t kSlotMask = (1u << kSlotBits) - 1;

  Kernel& kernel_;
  std::uint64_t seed_;
  std::uint32_t hosts_ = 0;
  std::uint32_t stride_ = 0;  ///< of links_, which has room for more hosts
  std::vector<Link> links_;
  std::vector<std::unique_ptr<Stream>> streams_;
  std::vector<std::uint32_t> free_;  ///< slots of streams_ to be used again
  std::size_t live_ = 0;
  NetworkCounters counters_;
};

}  // namespace leasehold::sim
