#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/world/event_path.hpp"

namespace leasehold::sim {

inline std::uint8_t other(std::uint8_t side) { return static_cast<std::uint8_t>(1 - side); }

/// Puts a segment where its sequence belongs, once.
inline void insert_by_sequence(std::vector<Packet>& segments, const Packet& segment) {
  auto place = segments.end();
  while (place != segments.begin() && (place - 1)->sequence > segment.sequence) --place;
  if (place != segments.begin() && (place - 1)->sequence == segment.sequence) return;
  segments.insert(place, segment);
}

inline std::int64_t Network::mono_ns(const End& end) const {
  return kernel_.read_clock(end.host, ClockKind::mono);
}

inline Network::Stream* Network::find(ConnectionId id) {
  const std::uint32_t slot = id & kSlotMask;
  LH_ASSERT(slot < streams_.size());
  Stream* const stream = streams_[slot].get();
  return stream->id == id ? stream : nullptr;
}

inline void Network::heard(End& end) {
  if (end.options.keepalive_idle <= Duration::zero()) return;
  end.last_heard_ns = mono_ns(end);
  end.probes = 0;
}

/// Puts a packet on its way from that side, for the caller to fill; nothing if it is lost at once.
[[gnu::always_inline]] inline Packet* Network::post(Stream& stream, std::uint8_t side) {
  End& sender = stream.end[side];
  TrueTime arrival;
  if (!travel(link(sender.host, stream.end[other(side)].host), arrival)) return nullptr;
  sender.out.last_arrival = std::max(sender.out.last_arrival, arrival);
  ++stream.in_flight;
  return &kernel_.post_packet(sender.out.last_arrival);
}

inline bool Network::launch(Stream& stream, const Packet& packet) {
  Packet* const sent = post(stream, packet.side);
  if (sent == nullptr) return false;
  *sent = packet;
  return true;
}

}  // namespace leasehold::sim
