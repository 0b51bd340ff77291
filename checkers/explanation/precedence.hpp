#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "checkers/linearizability/history.hpp"

namespace leasehold::checkers {

/// Something that lasts: a call, or a hold from the acquire to the release that ended it.
struct Span {
  std::size_t first = 0;  ///< the call that begins it
  std::size_t last = 0;   ///< the call that ends it; the same for a call
  Position first_responded = kNever;
  Position last_invoked = kNever;  ///< kNever: nothing ended it
  Token token = 0;
};

/// Why one comes before another.
struct Precedence {
  enum class Reason : std::uint8_t {
    real_time,  ///< the one had begun before the other's end was even asked for
    token,      ///< the one has the smaller token
    answers     ///< in no order that explains the answers the other comes first
  };
  std::size_t before = 0;  ///< an index of a span, or of a call
  std::size_t after = 0;
  Reason reason{};
};

/// The shortest cycle that such edges make among so many calls; empty if there is none.
std::vector<Precedence> shortest_cycle(std::size_t calls, const std::vector<Precedence>& edges);

/// The shortest cycle in what must come before what among spans no two of which may overlap: each
/// edge says that its second cannot precede its first. Empty if there is none.
std::vector<Precedence> shortest_cycle(const std::vector<Span>& spans);

}  // namespace leasehold::checkers
