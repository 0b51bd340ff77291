// The part of Network that behaves like TCP: see the class comment of network.hpp for what is and
// what is not simulated.
#include <algorithm>
#include <utility>

#include "sim/world/connection_parts.hpp"

namespace leasehold::sim {

namespace {

// Linux: the first SYN timeout.
constexpr std::int64_t kFirstConnectRetryNs = 1'000'000'000;

}  // namespace

// ------------------------------------------------------------------------------------- plumbing

void Network::forget(Stream& stream) {
  const std::uint32_t slot = stream.id & kSlotMask;
  const ConnectionId next = stream.id + (1u << kSlotBits);
  stream = Stream();
  stream.id = next;
  --live_;
  // A slot whose ids are used up is never used again: an old id names no later connection.
  if (next > kSlotMask) free_.push_back(slot);
}

inline Packet Network::packet(const Stream& stream, std::uint8_t side, Packet::Kind kind,
                              std::uint32_t sequence, const Message& message) const {
  Packet packet;
  packet.incoming = {Incoming::Kind::data, stream.end[side].process, stream.id, message};
  packet.kind = kind;
  packet.side = side;
  packet.to = stream.end[other(side)].process;
  packet.sequence = sequence;
  packet.sent_ns = kernel_.now_.since_zero().ns();
  return packet;
}

Packet Network::packet(const Stream& stream, std::uint8_t side, Packet::Kind kind) const {
  return packet(stream, side, kind, 0, Message());
}

TimerId Network::arm(const Stream& stream, std::uint8_t side, SocketTimer::Kind kind,
                     std::int64_t deadline_ns) {
  SocketTimer timer;
  timer.kind = kind;
  timer.side = side;
  timer.connection = stream.id;
  return kernel_.arm_socket_timer(stream.end[side].host, deadline_ns, timer);
}

inline void Network::tell(End& end, ConnectionId id, Incoming::Kind kind, ProcessId from,
                          const Message& message) {
  LH_ASSERT(end.mailbox != nullptr);
  end.mailbox->put(kind, from, id, message);
}

Waiter* Network::arrive(Packet& packet) {
  Stream* const found = find(packet.connection());
  LH_ASSERT(found != nullptr && found->in_flight > 0);
  Stream& stream = *found;
  --stream.in_flight;
  End& sender = stream.end[packet.side];
  End& receiver = stream.end[other(packet.side)];
  const bool gets_through = arrives(sender.host, receiver.host);
  if (gets_through && is_usual(packet, sender, receiver)) [[likely]] {
    return arrive_as_usual(stream, packet, sender, receiver);
  }
  arrive_otherwise(stream, packet, gets_through);
  kernel_.packets_.give_back(packet);
  forget_if_over(stream);
  return nullptr;
}

/// Almost every segment: the next one, between two open ends of which nothing is overdue.
[[gnu::always_inline]] inline bool Network::is_usual(const Packet& packet, const End& sender,
                                                     const End& receiver) {
  return packet.kind == Packet::Kind::data && packet.sequence == receiver.expected &&
         receiver.state == End::State::open && sender.state == End::State::open &&
         receiver.early.empty() && !sender.out.timer;
}

/// What arrive_segment() comes to for a usual one.
[[gnu::always_inline]] inline Waiter* Network::arrive_as_usual(Stream& stream, Packet& segment,
                                                               End& sender, End& receiver) {
  heard(receiver);
  ++receiver.expected;
  if (kernel_.watched()) trace_delivery(stream, segment);
  LH_ASSERT(receiver.mailbox != nullptr);
  const std::int64_t sent_ns = segment.sent_ns;
  const std::uint8_t sender_side = segment.side;
  segment.kind = Packet::Kind::none;
  Waiter* reader = receiver.mailbox->add(segment);
  if (reader != nullptr && !kernel_.rouse(*reader)) reader = nullptr;
  if (arrives(receiver.host, sender.host)) [[likely]] {
    heard(sender);
    sender.out.acknowledged = receiver.expected;
  } else {
    start_retransmission(stream, sender_side, sent_ns);
  }
  return reader;
}

void Network::arrive_otherwise(Stream& stream, const Packet& packet, bool gets_through) {
  if (!packet.is_segment()) {
    if (gets_through) arrive_control(stream, packet);
  } else if (gets_through) {
    arrive_segment(stream, packet);
  } else if (!packet.retransmitted) {
    hold(stream, packet);
  }
}

void Network::arrive_control(Stream& stream, const Packet& packet) {
  switch (packet.kind) {
    case Packet::Kind::syn:
      return arrive_syn(stream);
    case Packet::Kind::syn_ack:
      return arrive_syn_ack(stream);
    case Packet::Kind::duplicate:
      if (stream.end[other(packet.side)].state == End::State::gone) {
        return send_reset(stream, other(packet.side));
      }
      return acknowledge(stream, packet.side, packet.sent_ns);
    default:
      LH_ASSERT(packet.kind == Packet::Kind::reset);
      return arrive_reset(stream, packet.side);
  }
}

void Network::expire(const SocketTimer& timer) {
  Stream* const stream = find(timer.connection);
  LH_ASSERT(stream != nullptr);
  switch (timer.kind) {
    case SocketTimer::Kind::connect:
      stream->end[timer.side].out.timer = TimerId{};
      request(*stream);
      break;
    case SocketTimer::Kind::retransmit:
      stream->end[timer.side].out.timer = TimerId{};
      retransmit(*stream, timer.side);
      break;
    case SocketTimer::Kind::keepalive:
      stream->end[timer.side].keepalive_timer = TimerId{};
      keepalive(*stream, timer.side);
      break;
  }
  forget_if_over(*stream);
}

// -------------------------------------------------------------------------------------- opening

ConnectionId Network::connect(Process& client, Mailbox& mailbox, ProcessId to,
                              const ConnectionOptions& options) {
  if (free_.empty()) {
    LH_ASSERT(streams_.size() <= kSlotMask);
    free_.push_back(static_cast<std::uint32_t>(streams_.size()));
    streams_.push_back(std::make_unique<Stream>());
    streams_.back()->id = free_.back();
  }
  Stream& stream = *streams_[free_.back()];
  free_.pop_back();
  ++live_;
  End& end = stream.end[0];
  end.state = End::State::opening;
  end.process = client.id();
  end.host = client.host_;
  end.mailbox = &mailbox;
  end.options = options;
  end.opening_since_ns = mono_ns(end);
  stream.end[1].process = to;
  stream.end[1].host = kernel_.host_of(to);
  client.endpoints_.push_back(stream.id);
  request(stream);
  return stream.id;
}

void Network::request(Stream& stream) {
  End& client = stream.end[0];
  const std::int64_t now = mono_ns(client);
  const std::int64_t give_up = client.opening_since_ns + client.options.connect_timeout.ns();
  if (now >= give_up) return break_end(stream, 0, Incoming::Kind::timed_out);
  if (kernel_.watched()) {
    kernel_.trace({.kind = TraceEvent::Kind::connection_requested,
                   .process = client.process,
                   .peer = stream.end[1].process,
                   .detail = stream.id});
  }
  launch(stream, packet(stream, 0, Packet::Kind::syn));
  const std::int64_t retry = now + (kFirstConnectRetryNs << client.connect_attempts++);
  client.out.timer = arm(stream, 0, SocketTimer::Kind::connect, std::min(retry, give_up));
}

void Network::arrive_syn(Stream& stream) {
  End& server = stream.end[1];
  Process& process = kernel_.process(server.process);
  // An old request, repeated before its answer came: the connection is past that.
  if (server.state > End::State::answered) return;
  if (!process.listening_) return send_reset(stream, 1);
  server.state = End::State::answered;
  server.incarnation = process.incarnation_;
  launch(stream, packet(stream, 1, Packet::Kind::syn_ack));
}

void Network::arrive_syn_ack(Stream& stream) {
  End& client = stream.end[0];
  if (client.state == End::State::gone) return send_reset(stream, 0);
  if (client.state != End::State::opening) return;
  kernel_.cancel(std::exchange(client.out.timer, TimerId{}));
  client.state = End::State::open;
  ++counters_.connections_opened;
  if (kernel_.watched()) {
    kernel_.trace({.kind = TraceEvent::Kind::connection_opened,
                   .process = client.process,
                   .peer = stream.end[1].process,
                   .detail = stream.id});
  }
  start_keepalive(stream, 0);
  transmit(stream, 0, Packet::Kind::established, Message());
  tell(client, stream.id, Incoming::Kind::opened, stream.end[1].process, Message());
}

bool Network::accept(Stream& stream) {
  End& server = stream.end[1];
  Process& process = kernel_.process(server.process);
  if (!process.listening_ || process.incarnation_ != server.incarnation) return false;
  server.state = End::State::open;
  server.mailbox = &process.inbox_;
  server.options = process.accepted_options_;
  process.endpoints_.push_back(stream.id);
  if (kernel_.watched()) {
    kernel_.trace({.kind = TraceEvent::Kind::connection_accepted,
                   .process = server.process,
                   .peer = stream.end[0].process,
                   .detail = stream.id});
  }
  start_keepalive(stream, 1);
  tell(server, stream.id, Incoming::Kind::opened, stream.end[0].process, Message());
  server.expected = 1;  // any segment of the client's confirms, be its segment 0 lost
  return true;
}

// ----------------------------------------------------------------------------------------- data

void Network::send(Stream& stream, std::uint8_t side, const Message& message) {
  const End& end = stream.end[side];
  LH_ASSERT(end.state != End::State::opening);  // its process must await `opened` first
  if (end.state != End::State::open) return;
  ++counters_.segments_sent;
  ++link(end.host, stream.end[other(side)].host).messages;
  kernel_.sent(message, stream.id);
  if (kernel_.watched()) {
    kernel_.trace({.kind = TraceEvent::Kind::segment_sent,
                   .process = end.process,
                   .peer = stream.end[other(side)].process,
                   .detail = stream.id,
                   .message = &message});
  }
  transmit(stream, side, Packet::Kind::data, message);
}

[[gnu::always_inline]] inline void Network::transmit(Stream& stream, std::uint8_t side,
                                                     Packet::Kind kind, const Message& message) {
  Outgoing& out = stream.end[side].out;
  const std::uint32_t sequence = out.next++;
  if (out.attempts > 0) {
    out.again.push_back(packet(stream, side, kind, sequence, message));
  } else if (Packet* const segment = post(stream, side)) {
    *segment = packet(stream, side, kind, sequence, message);
  } else {
    hold(stream, packet(stream, side, kind, sequence, message));
  }
}

void Network::arrive_segment(Stream& stream, const Packet& segment) {
  using State = End::State;
  const std::uint8_t to_side = other(segment.side);
  End& receiver = stream.end[to_side];
  if (receiver.state == State::answered && !accept(stream)) {
    vanish(stream, to_side, State::gone);
  }
  const bool new_data = segment.kind == Packet::Kind::data && segment.sequence >= receiver.expected;
  const bool nobody = receiver.state == State::gone || receiver.state == State::unborn;
  if (nobody && segment.kind == Packet::Kind::fin) {
    receiver.expected = stream.end[segment.side].out.next;  // both ends agree that it is over
  } else if (nobody || (receiver.state == State::closing && new_data)) {
    // Nobody is there to read it. Until its sender learns that, it stays unacknowledged.
    vanish(stream, to_side, State::gone);
    send_reset(stream, to_side);
    if (!segment.retransmitted) hold(stream, segment);
    return;
  }
  heard(receiver);
  put_in_order(stream, segment);
  acknowledge(stream, segment.side, segment.sent_ns);
}

void Network::put_in_order(Stream& stream, const Packet& segment) {
  End& receiver = stream.end[other(segment.side)];
  if (segment.sequence < receiver.expected) return;
  if (segment.sequence > receiver.expected) {
    return insert_by_sequence(receiver.early, segment);
  }
  deliver(stream, segment);
  while (!receiver.early.empty() && receiver.early.front().sequence == receiver.expected) {
    const Packet next = receiver.early.front();
    receiver.early.erase(receiver.early.begin());
    deliver(stream, next);
  }
}

void Network::trace_delivery(const Stream& stream, const Packet& segment) {
  kernel_.trace({.kind = TraceEvent::Kind::segment_delivered,
                 .process = segment.to,
                 .peer = segment.from(),
                 .detail = stream.id,
                 .message = &segment.message()});
}

void Network::deliver(Stream& stream, const Packet& segment) {
  const std::uint8_t side = other(segment.side);
  End& receiver = stream.end[side];
  ++receiver.expected;
  if (receiver.state != End::State::open) return;
  if (segment.kind == Packet::Kind::data) {
    if (kernel_.watched()) trace_delivery(stream, segment);
    tell(receiver, stream.id, Incoming::Kind::data, segment.from(), segment.message());
  } else if (segment.kind == Packet::Kind::fin) {
    if (kernel_.watched()) {
      kernel_.trace({.kind = TraceEvent::Kind::connection_closed,
                     .process = segment.to,
                     .peer = segment.from(),
                     .detail = stream.id});
    }
    tell(receiver, stream.id, Incoming::Kind::closed, segment.from(), Message());
    // `expected` stays, for the peer to see what was acknowledged.
    vanish(stream, side, End::State::gone);
  }
}

void Network::acknowledge(Stream& stream, std::uint8_t sender_side, std::int64_t sent_ns) {
  End& sender = stream.end[sender_side];
  Outgoing& out = sender.out;
  if (sender.state == End::State::gone) return;
  const End& receiver = stream.end[other(sender_side)];
  if (!arrives(receiver.host, sender.host)) {
    return start_retransmission(stream, sender_side, sent_ns);
  }
  heard(sender);
  const bool progress = out.acknowledged < receiver.expected;
  out.acknowledged = receiver.expected;
  if (progress && out.timer) go_on_sending(stream, sender_side);
  if (sender.state == End::State::closing && out.acknowledged == out.next) {
    vanish(stream, sender_side, End::State::gone);
  }
}

// -------------------------------------------------------------------------------------- closing

void Network::close(ConnectionId id, std::uint8_t side) {
  Stream* const stream = find(id);
  if (stream == nullptr) return;
  End& end = stream->end[side];
  if (end.state == End::State::open) {
    detach(*stream, side, End::State::closing);
    transmit(*stream, side, Packet::Kind::fin, Message());
  } else if (end.state == End::State::opening) {
    vanish(*stream, side, End::State::gone);
  }
  forget_if_over(*stream);
}

void Network::let_go(ConnectionId id) {
  Stream* const stream = find(id);
  LH_ASSERT(stream != nullptr && stream->held);
  stream->held = false;
  close(id, 0);
}

void Network::close_all(Process& process) {
  while (!process.endpoints_.empty()) {
    const ConnectionId id = process.endpoints_.front();
    Stream& stream = *find(id);
    const std::uint8_t side =
        stream.end[0].mailbox != nullptr && stream.end[0].process == process.id() ? 0 : 1;
    close(id, side);
  }
}

void Network::power_lost(std::uint32_t host) {
  for (const auto& stream : streams_) {
    for (const std::uint8_t side : {std::uint8_t{0}, std::uint8_t{1}}) {
      End& end = stream->end[side];
      if (end.host != host || end.state == End::State::unborn) continue;
      const bool half = end.state == End::State::answered;
      vanish(*stream, side, half ? End::State::unborn : End::State::gone);
    }
    forget_if_over(*stream);
  }
}

void Network::detach(Stream& stream, std::uint8_t side, End::State state) {
  End& end = stream.end[side];
  end.state = state;
  kernel_.cancel(std::exchange(end.keepalive_timer, TimerId{}));
  if (end.mailbox == nullptr) return;
  end.mailbox = nullptr;
  std::erase(kernel_.process(end.process).endpoints_, stream.id);
}

void Network::vanish(Stream& stream, std::uint8_t side, End::State state) {
  detach(stream, side, state);
  End& end = stream.end[side];
  kernel_.cancel(std::exchange(end.out.timer, TimerId{}));
  end.out.again.clear();
  end.out.attempts = 0;
  end.early.clear();
}

void Network::send_reset(Stream& stream, std::uint8_t from_side) {
  launch(stream, packet(stream, from_side, Packet::Kind::reset));
}

void Network::arrive_reset(Stream& stream, std::uint8_t from_side) {
  break_end(stream, other(from_side), Incoming::Kind::reset);
}

void Network::break_end(Stream& stream, std::uint8_t side, Incoming::Kind how) {
  End& end = stream.end[side];
  if (end.state == End::State::unborn || end.state == End::State::gone) return;
  Mailbox* const mailbox = end.mailbox;
  vanish(stream, side, End::State::gone);
  if (mailbox == nullptr) return;
  const ProcessId peer = stream.end[other(side)].process;
  if (kernel_.watched()) {
    kernel_.trace({.kind = TraceEvent::Kind::connection_broken,
                   .process = end.process,
                   .peer = peer,
                   .detail = stream.id});
  }
  mailbox->put(how, peer, stream.id, Message());
}

bool Network::is_between(const Stream& stream, ProcessId a, ProcessId b) {
  const ProcessId one = stream.end[0].process;
  const ProcessId other = stream.end[1].process;
  return (one == a && other == b) || (one == b && other == a);
}

bool Network::are_connected(ProcessId a, ProcessId b) const {
  return std::any_of(streams_.begin(), streams_.end(), [a, b](const auto& stream) {
    const auto in_use = [](const End& end) {
      return end.state != End::State::unborn && end.state != End::State::gone;
    };
    return is_between(*stream, a, b) && (in_use(stream->end[0]) || in_use(stream->end[1]));
  });
}

void Network::reset_connections(ProcessId a, ProcessId b) {
  for (const auto& stream : streams_) {
    if (!is_between(*stream, a, b)) continue;
    break_end(*stream, 0, Incoming::Kind::reset);
    break_end(*stream, 1, Incoming::Kind::reset);
    forget_if_over(*stream);
  }
}

}  // namespace leasehold::sim
