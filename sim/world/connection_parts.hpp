#pragma once

#include <cstdint>
#include <vector>

#include "sim/world/network.hpp"

namespace leasehold::sim {

inline std::uint8_t other(std::uint8_t side) { return static_cast<std::uint8_t>(1 - side); }

/// Puts a segment where its sequence belongs, once.
inline void insert_by_sequence(std::vector<Packet>& segments, const Packet& segment) {
  auto place = segments.end();
  while (place != segments.begin() && (place - 1)->sequence > segment.sequence) --place;
  if (place != segments.begin() && (place - 1)->sequence == segment.sequence) return;
  segments.insert(place, segment);
}

}  // namespace leasehold::sim
