#include "sim/world/network.hpp"

#include <algorithm>

#include "sim/process/sampling.hpp"
#include "sim/world/event_path.hpp"

namespace leasehold::sim {

// ---------------------------------------------------------------------------------------- links

void Network::add_host() {
  if (hosts_ == stride_) {
    const std::uint32_t stride = std::max(8u, 2 * stride_);
    std::vector<Link> links(std::size_t{stride} * stride);
    for (std::uint32_t from = 0; from < hosts_; ++from) {
      for (std::uint32_t to = 0; to < hosts_; ++to) links[from * stride + to] = link(from, to);
    }
    links_ = std::move(links);
    stride_ = stride;
  }
  // A host that is down already is so for the new one.
  for (std::uint32_t to = 0; to < hosts_; ++to) {
    const Kernel::Host& machine = *kernel_.hosts_[to];
    link(hosts_, to).shut = machine.stops + (machine.powered ? 0 : 1);
  }
  ++hosts_;
}

void Network::set_delay(std::uint32_t from, std::uint32_t to, const Distribution& delay) {
  LH_ASSERT(delay.minimum() >= Duration::zero());
  link(from, to).delay = delay;
  link_changed(from, to, static_cast<std::uint64_t>(delay.at(std::uint64_t{1} << 63).ns()));
}

void Network::add_delay(std::uint32_t from, std::uint32_t to, Duration extra) {
  Link& l = link(from, to);
  l.extra_delay += extra;
  LH_ASSERT(l.extra_delay >= Duration::zero());
  link_changed(from, to, static_cast<std::uint64_t>(extra.ns()));
}

void Network::set_loss(std::uint32_t from, std::uint32_t to, std::uint32_t per_million) {
  Link& l = link(from, to);
  l.loss_per_million = per_million;
  if (l.streams && per_million > 0) {
    for (; l.streams->loss_words_due > 0; --l.streams->loss_words_due) l.streams->loss.next();
  }
  link_changed(from, to, per_million);
}

void Network::cut(std::uint32_t from, std::uint32_t to) {
  Link& l = link(from, to);
  ++l.cuts;
  ++l.shut;
  ++l.exceptions;
  link_changed(from, to, l.cuts);
}

void Network::mend(std::uint32_t from, std::uint32_t to) {
  Link& l = link(from, to);
  LH_ASSERT(l.cuts > 0);
  --l.cuts;
  --l.shut;
  --l.exceptions;
  link_changed(from, to, l.cuts);
}

void Network::watch(std::uint32_t from, std::uint32_t to) {
  ++link(from, to).watches;
  ++link(from, to).exceptions;
}

void Network::unwatch(std::uint32_t from, std::uint32_t to) {
  --link(from, to).watches;
  --link(from, to).exceptions;
}

void Network::shut(std::uint32_t host) {
  for (std::uint32_t from = 0; from < hosts_; ++from) ++link(from, host).shut;
}

void Network::open(std::uint32_t host) {
  for (std::uint32_t from = 0; from < hosts_; ++from) --link(from, host).shut;
}

void Network::link_changed(std::uint32_t from, std::uint32_t to, std::uint64_t detail) {
  kernel_.note(
      {.kind = TraceEvent::Kind::link_changed, .process = from, .peer = to, .detail = detail});
}

/// The first packet of the link, or one that is cut off or watched.
bool Network::travel_in_trouble(Link& l, TrueTime& arrival) {
  const auto number = static_cast<std::uint32_t>(&l - links_.data());
  const std::uint32_t from = number / stride_;
  const std::uint32_t to = number % stride_;
  if (!l.streams) {
    const std::uint64_t entity = std::uint64_t{from} << 32 | to;
    l.streams.emplace(Link::Streams{Rng::stream(seed_, entity, purpose("net.delay")),
                                    Rng::stream(seed_, entity, purpose("net.loss")), 0});
    --l.exceptions;
  }
  const Link::Draw draw = l.draw();
  if (l.watches > 0) tell_watcher(from, to, draw.lost);
  if (draw.lost || l.cuts > 0) return false;
  arrival = kernel_.now_ + l.delay.at(draw.delay) + l.extra_delay;
  return true;
}

void Network::tell_of_stray(std::uint32_t from, std::uint32_t to) const {
  if (link(from, to).watches > 0) tell_watcher(from, to, false);
  if (kernel_.hosts_[to]->stops > 0) kernel_.machine_missed(to);
}

void Network::tell_watcher(std::uint32_t from, std::uint32_t to, bool lost) const {
  using Touch = FaultWatcher::Touch;
  const Link& l = link(from, to);
  if (l.cuts > 0) kernel_.touched(Touch::cut, from, to);
  if (lost) kernel_.touched(Touch::lost, from, to);
  if (l.extra_delay > Duration::zero()) kernel_.touched(Touch::delayed, from, to);
}

bool Network::anything_on_its_way_from(ProcessId process) const {
  for (const std::unique_ptr<Stream>& stream : streams_) {
    if (!stream) continue;
    for (const End& end : stream->end) {
      if (end.process == process && !end.out.again.empty()) return true;
    }
  }
  return kernel_.any_packet_from(process);
}

std::vector<Message> Network::messages_on_their_way() const {
  std::vector<Message> messages = kernel_.messages_in_packets();
  const auto add = [&messages](const std::vector<Packet>& packets) {
    for (const Packet& packet : packets) {
      if (packet.kind == Packet::Kind::data) messages.push_back(packet.message());
    }
  };
  for (const std::unique_ptr<Stream>& stream : streams_) {
    for (const End& end : stream->end) {
      add(end.out.again);
      add(end.early);
    }
  }
  return messages;
}

// ------------------------------------------------------------------------------------ datagrams

[[gnu::always_inline]] inline void Network::announce(Link& link, const Process& from, ProcessId to,
                                                     const Message& message) {
  ++counters_.datagrams_sent;
  ++link.messages;
  kernel_.sent(message, std::uint64_t{from.id_} << 32 | to);
}

[[gnu::always_inline]] inline void Network::post_datagram(std::uint32_t link, TrueTime arrival,
                                                          ProcessId from, ProcessId to,
                                                          const Message& message) {
  Parcel& parcel = kernel_.packets_.take();
  parcel.kind = Packet::Kind::datagram;
  parcel.to = to;
  parcel.link = link;
  parcel.incoming.kind = Incoming::Kind::datagram;
  parcel.incoming.from = from;
  parcel.incoming.connection = 0;
  parcel.incoming.message = message;
  kernel_.enqueue(parcel, arrival);
}

/// Nothing is kept for the rarer ways, each of which is a jump to a function that does it all: the
/// usual one then needs few registers.
[[gnu::always_inline]] inline void Network::send_datagram(const Process& from, ProcessId to,
                                                          const Message& message) {
  const std::uint32_t way = number(from.host_, kernel_.host_of(to));
  Link& l = links_[way];
  const bool usual = l.exceptions == 0 && !kernel_.watched() && !kernel_.packets_.exhausted();
  if (!usual) [[unlikely]] {
    return send_in_trouble(from, to, message);
  }
  announce(l, from, to, message);
  const Link::Draw draw = l.draw();
  if (draw.lost) [[unlikely]] {
    return lose_datagram(from.id_, to, message);
  }
  const TrueTime arrival = kernel_.now_ + l.delay.at_here(draw.delay) + l.extra_delay;
  post_datagram(way, arrival, from.id_, to, message);
}

/// Somebody looks on, the link has exceptions, or there is no packet left.
[[gnu::cold, gnu::noinline]] void Network::send_in_trouble(const Process& from, ProcessId to,
                                                           const Message& message) {
  const std::uint32_t way = number(from.host_, kernel_.host_of(to));
  Link& l = links_[way];
  announce(l, from, to, message);
  if (kernel_.watched()) {
    kernel_.trace({.kind = TraceEvent::Kind::datagram_sent,
                   .process = from.id_,
                   .peer = to,
                   .message = &message});
  }
  TrueTime arrival;
  if (!travel(l, arrival)) return lose_datagram(from.id_, to, message);
  if (kernel_.packets_.exhausted()) kernel_.packets_.grow();
  post_datagram(way, arrival, from.id_, to, message);
}

void Process::send(ProcessId to, const Message& message) {
  LH_ASSERT(alive());
  kernel_->network_.send_datagram(*this, to, message);
}

void Network::lose_datagram(ProcessId from, ProcessId to, const Message& message) {
  ++counters_.lost;
  kernel_.note(
      {.kind = TraceEvent::Kind::datagram_lost, .process = to, .peer = from, .message = &message});
}

}  // namespace leasehold::sim
