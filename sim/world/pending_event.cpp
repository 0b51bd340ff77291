#include "sim/world/pending_event.hpp"

#include <algorithm>

namespace leasehold::sim {

void SortedEvents::centre() {
  PendingEvent* const centred = storage_.data() + (storage_.size() - size()) / 2;
  if (centred > first_) {
    std::copy_backward(first_, end_, centred + size());
  } else {
    std::copy(first_, end_, centred);
  }
  settle(size());
}

bool SortedEvents::holds(std::uint64_t time, std::uint32_t sequence) const {
  return std::any_of(first_, end_, [&](const PendingEvent& event) {
    return event.time == time && event.sequence() == sequence;
  });
}

}  // namespace leasehold::sim
