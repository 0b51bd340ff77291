// The part of Network that behaves like TCP: see the class comment of network.hpp for what is and
// what is not simulated.
#include <algorithm>

#include "sim/world/kernel.hpp"
#include "sim/world/network.hpp"

namespace leasehold::sim {

namespace {

using Kind = TraceEvent::Kind;

constexpr std::int64_t kFirstTimeoutNs = 200'000'000;
constexpr std::int64_t kLongestTimeoutNs = 120'000'000'000;
constexpr std::uint32_t kMostRetransmissions = 15;
constexpr std::int64_t kFirstConnectRetryNs = 1'000'000'000;

std::uint8_t other(std::uint8_t side) { return static_cast<std::uint8_t>(1 - side); }

}  // namespace

Network::Link& Network::link_of(const Stream& stream, std::uint8_t side) {
  return link(kernel_.host_of(stream.end[side].process),
              kernel_.host_of(stream.end[other(side)].process));
}

void Network::post(NetworkEvent::Kind kind, ConnectionId id, std::uint8_t side,
                   std::int64_t at_ns) {
  NetworkEvent event;
  event.kind = kind;
  event.side = side;
  event.connection = id;
  kernel_.post_packet(TrueTime::at(Duration::nanoseconds(at_ns)), event);
}

void Network::deliver(End& end, ConnectionId id, Incoming::Kind kind, ProcessId from,
                      const Message& message) {
  LH_ASSERT(end.mailbox != nullptr);
  Incoming incoming;
  incoming.kind = kind;
  incoming.from = from;
  incoming.connection = id;
  incoming.message = message;
  end.mailbox->put(incoming);
}

// -------------------------------------------------------------------------------------- opening

ConnectionId Network::connect(Process& client, Mailbox& mailbox, ProcessId to,
                              const ConnectionOptions& options) {
  const auto id = static_cast<ConnectionId>(streams_.size());
  Stream& stream = streams_.emplace_back();
  stream.opening_since_ns = kernel_.now_.since_zero().ns();
  End& end = stream.end[0];
  end.state = End::State::opening;
  end.process = client.id();
  end.mailbox = &mailbox;
  end.options = options;
  stream.end[1].process = to;
  client.endpoints_.push_back(id);
  request(id);
  return id;
}

void Network::request(ConnectionId id) {
  Stream& stream = streams_[id];
  End& client = stream.end[0];
  if (client.state != End::State::opening) return;
  const std::int64_t now = kernel_.now_.since_zero().ns();
  const std::int64_t give_up = stream.opening_since_ns + client.options.connect_timeout.ns();
  if (now >= give_up) return break_end(id, 0, Incoming::Kind::timed_out);
  kernel_.trace({.kind = Kind::connection_requested,
                 .process = client.process,
                 .peer = stream.end[1].process,
                 .detail = id});
  Link& forward = link_of(stream, 0);
  if (reachable(client.process) && passes(forward)) {
    post(NetworkEvent::Kind::syn, id, 0, now + delay_of(forward).ns());
  }
  const std::int64_t retry = now + (kFirstConnectRetryNs << client.connect_attempts++);
  post(NetworkEvent::Kind::connect_again, id, 0, std::min(retry, give_up));
}

void Network::arrive_syn(ConnectionId id) {
  Stream& stream = streams_[id];
  End& server = stream.end[1];
  Process& process = kernel_.process(server.process);
  if (link_of(stream, 0).cuts > 0 || !reachable(server.process)) return;
  if (!process.alive_ || !process.listening_ || server.state == End::State::closed) {
    return send_reset(id, 1);
  }
  if (server.state == End::State::unborn) {
    server.state = End::State::open;
    server.mailbox = &process.inbox_;
    server.options = process.accepted_options_;
    process.endpoints_.push_back(id);
    kernel_.trace({.kind = Kind::connection_accepted,
                   .process = server.process,
                   .peer = stream.end[0].process,
                   .detail = id});
    start_keepalive(id, 1);
    deliver(server, id, Incoming::Kind::opened, stream.end[0].process, Message());
  }
  Link& back = link_of(stream, 1);
  if (passes(back)) {
    const std::int64_t now = kernel_.now_.since_zero().ns();
    post(NetworkEvent::Kind::syn_ack, id, 1, now + delay_of(back).ns());
  }
}

void Network::arrive_syn_ack(ConnectionId id) {
  Stream& stream = streams_[id];
  End& client = stream.end[0];
  if (link_of(stream, 1).cuts > 0 || !reachable(client.process)) return;
  if (client.state == End::State::closed) return send_reset(id, 0);
  if (client.state == End::State::open) return;
  client.state = End::State::open;
  ++counters_.connections_opened;
  kernel_.trace({.kind = Kind::connection_opened,
                 .process = client.process,
                 .peer = stream.end[1].process,
                 .detail = id});
  start_keepalive(id, 0);
  deliver(client, id, Incoming::Kind::opened, stream.end[1].process, Message());
}

// ----------------------------------------------------------------------------------------- data

void Network::send(ConnectionId id, ProcessId sender, const Message& message) {
  Stream& stream = streams_[id];
  const std::uint8_t side = stream.end[0].process == sender ? 0 : 1;
  if (stream.end[side].state != End::State::open) return;
  ++counters_.segments_sent;
  kernel_.trace({.kind = Kind::segment_sent,
                 .process = sender,
                 .peer = stream.end[other(side)].process,
                 .detail = id,
                 .message = &message});
  Segment segment;
  segment.message = message;
  transmit(id, side, segment);
}

void Network::transmit(ConnectionId id, std::uint8_t side, const Segment& segment) {
  Stream& stream = streams_[id];
  Direction& out = stream.end[side].out;
  if (out.stalled) {
    out.waiting.push_back(segment);
    return;
  }
  Link& forward = link_of(stream, side);
  if (!passes(forward)) {
    out.waiting.push_back(segment);
    return stall(id, side);
  }
  NetworkEvent packet;
  packet.kind = segment.fin ? NetworkEvent::Kind::fin : NetworkEvent::Kind::segment;
  packet.side = side;
  packet.connection = id;
  packet.from = stream.end[side].process;
  packet.to = stream.end[other(side)].process;
  packet.message = segment.message;
  const std::int64_t arrival = (kernel_.now_ + delay_of(forward)).since_zero().ns();
  out.last_arrival_ns = std::max(out.last_arrival_ns, arrival);
  kernel_.post_packet(TrueTime::at(Duration::nanoseconds(out.last_arrival_ns)), packet);
}

void Network::arrive_segment(const NetworkEvent& packet) {
  Stream& stream = streams_[packet.connection];
  Direction& out = stream.end[packet.side].out;
  if (out.stalled || link_of(stream, packet.side).cuts > 0 || !reachable(packet.to)) {
    Segment segment;
    segment.fin = packet.kind == NetworkEvent::Kind::fin;
    segment.message = packet.message;
    out.waiting.push_back(segment);
    if (!out.stalled) stall(packet.connection, packet.side);
    return;
  }
  accept_segment(packet.connection, packet.side, packet);
}

void Network::accept_segment(ConnectionId id, std::uint8_t side, const NetworkEvent& packet) {
  Stream& stream = streams_[id];
  End& receiver = stream.end[other(side)];
  if (receiver.state != End::State::open) {
    // A closing end may still be owed its peer's close: only data finds a socket missing.
    if (packet.kind == NetworkEvent::Kind::segment) send_reset(id, other(side));
    return acknowledge(id, side);
  }
  receiver.last_heard_ns = kernel_.now_.since_zero().ns();
  receiver.probes = 0;
  acknowledge(id, side);
  if (packet.kind == NetworkEvent::Kind::fin) {
    receiver.state = End::State::closed;
    kernel_.trace(
        {.kind = Kind::connection_closed, .process = packet.to, .peer = packet.from, .detail = id});
    deliver(receiver, id, Incoming::Kind::closed, packet.from, Message());
    return;
  }
  kernel_.trace({.kind = Kind::segment_delivered,
                 .process = packet.to,
                 .peer = packet.from,
                 .detail = id,
                 .message = &packet.message});
  deliver(receiver, id, Incoming::Kind::data, packet.from, packet.message);
}

void Network::acknowledge(ConnectionId id, std::uint8_t sender_side) {
  Stream& stream = streams_[id];
  End& sender = stream.end[sender_side];
  if (link_of(stream, other(sender_side)).cuts > 0) {
    if (!sender.out.stalled) stall(id, sender_side);
    return;
  }
  sender.last_heard_ns = kernel_.now_.since_zero().ns();
  sender.probes = 0;
  sender.out.unacknowledged_since_ns = -1;
  sender.out.attempts = 0;
}

// ------------------------------------------------------------------------------- retransmission

void Network::stall(ConnectionId id, std::uint8_t side) {
  Stream& stream = streams_[id];
  Direction& out = stream.end[side].out;
  ++counters_.stalled;
  kernel_.trace({.kind = Kind::segment_stalled,
                 .process = stream.end[side].process,
                 .peer = stream.end[other(side)].process,
                 .detail = id});
  const std::int64_t now = kernel_.now_.since_zero().ns();
  out.stalled = true;
  if (out.unacknowledged_since_ns < 0) {
    out.unacknowledged_since_ns = now;
    out.timeout_ns = kFirstTimeoutNs;
  }
  post(NetworkEvent::Kind::retransmit, id, side, now + out.timeout_ns);
}

void Network::retransmit(ConnectionId id, std::uint8_t side) {
  Stream& stream = streams_[id];
  End& end = stream.end[side];
  Direction& out = end.out;
  if (!out.stalled) return;
  const std::int64_t now = kernel_.now_.since_zero().ns();
  const std::int64_t waited = now - out.unacknowledged_since_ns;
  const std::int64_t user_timeout = end.options.user_timeout.ns();
  const bool expired =
      user_timeout > 0 ? waited >= user_timeout : out.attempts >= kMostRetransmissions;
  if (expired) {
    out.stalled = false;
    out.waiting.clear();
    return break_end(id, side, Incoming::Kind::timed_out);
  }
  ++out.attempts;
  out.timeout_ns = std::min(2 * out.timeout_ns, kLongestTimeoutNs);
  const bool through = reachable(end.process) && passes(link_of(stream, side)) &&
                       reachable(stream.end[other(side)].process) &&
                       (!out.waiting.empty() || round_trip_possible(stream, side));
  if (!through) {
    std::int64_t next = now + out.timeout_ns;
    if (user_timeout > 0) next = std::min(next, out.unacknowledged_since_ns + user_timeout);
    return post(NetworkEvent::Kind::retransmit, id, side, next);
  }
  out.stalled = false;
  if (out.waiting.empty()) return acknowledge(id, side);
  std::vector<Segment> waiting;
  waiting.swap(out.waiting);
  for (const Segment& segment : waiting) transmit(id, side, segment);
}

bool Network::round_trip_possible(const Stream& stream, std::uint8_t side) {
  return link_of(stream, side).cuts == 0 && link_of(stream, other(side)).cuts == 0;
}

// ------------------------------------------------------------------------------------ keepalive

void Network::start_keepalive(ConnectionId id, std::uint8_t side) {
  End& end = streams_[id].end[side];
  end.last_heard_ns = kernel_.now_.since_zero().ns();
  const std::int64_t idle = end.options.keepalive_idle.ns();
  if (idle > 0) post(NetworkEvent::Kind::keepalive, id, side, end.last_heard_ns + idle);
}

void Network::keepalive(ConnectionId id, std::uint8_t side) {
  Stream& stream = streams_[id];
  End& end = stream.end[side];
  if (end.state != End::State::open) return;
  const ConnectionOptions& options = end.options;
  const std::int64_t now = kernel_.now_.since_zero().ns();
  const std::int64_t silent = now - end.last_heard_ns;
  if (silent < options.keepalive_idle.ns() || end.out.stalled) {
    const std::int64_t from = end.out.stalled ? now : end.last_heard_ns;
    return post(NetworkEvent::Kind::keepalive, id, side, from + options.keepalive_idle.ns());
  }
  const bool expired = options.user_timeout > Duration::zero()
                           ? silent >= options.user_timeout.ns() && end.probes > 0
                           : end.probes >= options.keepalive_count;
  if (expired) {
    send_reset(id, side);
    return break_end(id, side, Incoming::Kind::timed_out);
  }
  const End& peer = stream.end[other(side)];
  ++end.probes;
  if (reachable(end.process) && reachable(peer.process) && round_trip_possible(stream, side)) {
    if (peer.state != End::State::open) return break_end(id, side, Incoming::Kind::reset);
    end.last_heard_ns = now;
    end.probes = 0;
    return post(NetworkEvent::Kind::keepalive, id, side, now + options.keepalive_idle.ns());
  }
  post(NetworkEvent::Kind::keepalive, id, side, now + options.keepalive_interval.ns());
}

// -------------------------------------------------------------------------------------- closing

void Network::close(ConnectionId id, ProcessId closer) {
  Stream& stream = streams_[id];
  const std::uint8_t side = stream.end[0].process == closer ? 0 : 1;
  End& end = stream.end[side];
  const bool was_open = end.state == End::State::open;
  end.state = End::State::closed;
  end.mailbox = nullptr;
  std::erase(kernel_.process(closer).endpoints_, id);
  if (!was_open) return;
  Segment fin;
  fin.fin = true;
  transmit(id, side, fin);
}

void Network::abandon_process(Process& process, bool host_died) {
  const std::vector<ConnectionId> endpoints = std::move(process.endpoints_);
  process.endpoints_.clear();
  for (const ConnectionId id : endpoints) {
    if (!host_died) {
      close(id, process.id());
      continue;
    }
    for (End& end : streams_[id].end) {
      if (end.process != process.id()) continue;
      end.state = End::State::closed;
      end.mailbox = nullptr;
      end.out = Direction();
    }
  }
}

void Network::send_reset(ConnectionId id, std::uint8_t from_side) {
  Stream& stream = streams_[id];
  Link& l = link_of(stream, from_side);
  if (!passes(l)) return;
  post(NetworkEvent::Kind::reset, id, from_side, (kernel_.now_ + delay_of(l)).since_zero().ns());
}

void Network::arrive_reset(ConnectionId id, std::uint8_t side) {
  Stream& stream = streams_[id];
  End& end = stream.end[other(side)];
  if (link_of(stream, side).cuts > 0 || !reachable(end.process)) return;
  end.out.stalled = false;
  end.out.waiting.clear();
  break_end(id, other(side), Incoming::Kind::reset);
}

void Network::break_end(ConnectionId id, std::uint8_t side, Incoming::Kind how) {
  Stream& stream = streams_[id];
  End& end = stream.end[side];
  if (end.state != End::State::open && end.state != End::State::opening) return;
  end.state = End::State::closed;
  kernel_.trace({.kind = Kind::connection_broken,
                 .process = end.process,
                 .peer = stream.end[other(side)].process,
                 .detail = id});
  deliver(end, id, how, stream.end[other(side)].process, Message());
}

void Network::reset_connections(ProcessId a, ProcessId b) {
  for (ConnectionId id = 0; id < streams_.size(); ++id) {
    const End* end = streams_[id].end;
    const bool between = (end[0].process == a && end[1].process == b) ||
                         (end[0].process == b && end[1].process == a);
    if (!between) continue;
    break_end(id, 0, Incoming::Kind::reset);
    break_end(id, 1, Incoming::Kind::reset);
  }
}

}  // namespace leasehold::sim
