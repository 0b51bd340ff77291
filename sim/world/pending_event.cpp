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

bool SortedEvents::erase(std::uint64_t time, std::uint32_t sequence) {
  const auto is_wanted = [&](const PendingEvent& event) {
    return event.time == time && event.sequence() == sequence;
  };
  if (middle().time <= time) {
    PendingEvent* place = first_;
    while (place->time > time) ++place;
    while (place != end_ && !is_wanted(*place) && place->time == time) ++place;
    if (place == end_ || !is_wanted(*place)) return false;
    std::copy_backward(first_, place, place + 1);
    *first_++ = kSentinel;
  } else {
    PendingEvent* place = end_ - 1;
    while (place->time < time) --place;
    while (!is_wanted(*place) && place->time == time) --place;
    if (!is_wanted(*place)) return false;
    std::copy(place + 1, end_, place);
    --end_;
  }
  return true;
}

}  // namespace leasehold::sim
