#include "sim/world/network.hpp"

#include <algorithm>

#include "sim/world/kernel.hpp"

namespace leasehold::sim {

using Kind = TraceEvent::Kind;

// ---------------------------------------------------------------------------------------- links

void Network::add_host() {
  const std::uint32_t before = hosts_;
  const std::uint32_t after = hosts_ + 1;
  std::vector<Link> links;
  links.reserve(std::size_t{after} * after);
  for (std::uint32_t from = 0; from < after; ++from) {
    for (std::uint32_t to = 0; to < after; ++to) {
      const bool existed = from < before && to < before;
      links.push_back(existed ? link(from, to) : Link(seed_, from, to));
    }
  }
  links_ = std::move(links);
  hosts_ = after;
}

Network::Link::Link(std::uint64_t seed, std::uint32_t from, std::uint32_t to)
    : delay_stream(Rng::stream(seed, std::uint64_t{from} << 32 | to, purpose("net.delay"))),
      loss_stream(Rng::stream(seed, std::uint64_t{from} << 32 | to, purpose("net.loss"))) {}

void Network::set_delay(std::uint32_t from, std::uint32_t to, const Distribution& delay) {
  link(from, to).delay = delay;
}

void Network::add_delay(std::uint32_t from, std::uint32_t to, Duration extra) {
  Link& l = link(from, to);
  l.extra_delay += extra;
  LH_ASSERT(l.extra_delay >= Duration::zero());
}

void Network::add_loss(std::uint32_t from, std::uint32_t to, std::int64_t per_million) {
  Link& l = link(from, to);
  l.loss_per_million += per_million;
  LH_ASSERT(l.loss_per_million >= 0);
}

void Network::cut(std::uint32_t from, std::uint32_t to) { ++link(from, to).cuts; }

void Network::mend(std::uint32_t from, std::uint32_t to) {
  LH_ASSERT(link(from, to).cuts > 0);
  --link(from, to).cuts;
}

bool Network::passes(Link& l) {
  if (l.cuts > 0) return false;
  if (l.loss_per_million == 0) return true;
  const auto lost = static_cast<std::uint64_t>(l.loss_per_million);
  return l.loss_stream.below(1'000'000) >= lost;
}

Duration Network::delay_of(Link& l) { return l.delay.sample(l.delay_stream) + l.extra_delay; }

bool Network::reachable(ProcessId process) const {
  const Kernel::Host& host = *kernel_.hosts_[kernel_.host_of(process)];
  return host.powered && host.stops == 0;
}

// ------------------------------------------------------------------------------------ datagrams

void Network::send_datagram(ProcessId from, ProcessId to, const Message& message) {
  ++counters_.datagrams_sent;
  kernel_.trace({.kind = Kind::datagram_sent, .process = from, .peer = to, .message = &message});
  Link& l = link(kernel_.host_of(from), kernel_.host_of(to));
  if (!passes(l)) {
    ++counters_.lost;
    kernel_.trace({.kind = Kind::datagram_lost, .process = to, .peer = from, .message = &message});
    return;
  }
  NetworkEvent packet;
  packet.kind = NetworkEvent::Kind::datagram;
  packet.from = from;
  packet.to = to;
  packet.message = message;
  kernel_.post_packet(kernel_.now_ + delay_of(l), packet);
}

void Network::arrive_datagram(const NetworkEvent& packet) {
  const Link& l = link(kernel_.host_of(packet.from), kernel_.host_of(packet.to));
  Process& process = kernel_.process(packet.to);
  if (l.cuts > 0 || !process.alive_ || !reachable(packet.to)) {
    ++counters_.lost;
    kernel_.trace({.kind = Kind::datagram_lost,
                   .process = packet.to,
                   .peer = packet.from,
                   .message = &packet.message});
    return;
  }
  kernel_.trace({.kind = Kind::datagram_delivered,
                 .process = packet.to,
                 .peer = packet.from,
                 .message = &packet.message});
  Incoming incoming;
  incoming.kind = Incoming::Kind::datagram;
  incoming.from = packet.from;
  incoming.message = packet.message;
  process.inbox_.put(incoming);
}

bool Network::anything_on_its_way_from(ProcessId process) const {
  for (const Stream& stream : streams_) {
    for (const End& end : stream.end) {
      if (end.process == process && !end.out.waiting.empty()) return true;
    }
  }
  return kernel_.any_packet_from(process);
}

void Network::handle(const NetworkEvent& event) {
  switch (event.kind) {
    case NetworkEvent::Kind::datagram:
      return arrive_datagram(event);
    case NetworkEvent::Kind::segment:
    case NetworkEvent::Kind::fin:
      return arrive_segment(event);
    case NetworkEvent::Kind::reset:
      return arrive_reset(event.connection, event.side);
    case NetworkEvent::Kind::syn:
      return arrive_syn(event.connection);
    case NetworkEvent::Kind::syn_ack:
      return arrive_syn_ack(event.connection);
    case NetworkEvent::Kind::retransmit:
      return retransmit(event.connection, event.side);
    case NetworkEvent::Kind::keepalive:
      return keepalive(event.connection, event.side);
    case NetworkEvent::Kind::connect_again:
      return request(event.connection);
  }
}

}  // namespace leasehold::sim
