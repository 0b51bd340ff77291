#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "checkers/linearizability/history.hpp"
#include "checkers/linearizability/transitions.hpp"

namespace leasehold::checkers {

/// A call as the search sees it.
struct LetteredCall {
  Position invoked = 0;
  Position responded = kNever;
  Letter letter = 0;
  Manner manner{};

  [[nodiscard]] bool indeterminate() const { return responded == kNever; }
};

using CallIndex = std::uint32_t;
using EventIndex = std::uint32_t;

inline constexpr EventIndex kNoEvent = std::numeric_limits<EventIndex>::max();

/// The invocations and responses in their order, without those that never matter: observers that
/// are indeterminate, and what was invoked after the last response.
struct Timeline {
  struct Event {
    CallIndex call;
    bool response;
  };
  std::vector<Event> events;            ///< the last one is a response
  std::vector<EventIndex> invocations;  ///< of each call
  std::vector<EventIndex> responses;    ///< of each call; kNoEvent: never
  /// Each call has a slot while it is undecided: from its invocation to its response, or for ever.
  std::vector<std::uint32_t> slots;
  std::uint32_t required_slots = 0;  ///< those of calls that respond: the first ones
  std::uint32_t optional_slots = 0;  ///< those of the others: the next
};

Timeline timeline_of(const std::vector<LetteredCall>& calls);

}  // namespace leasehold::checkers
