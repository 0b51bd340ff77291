#pragma once
#include <cstdint>
#include <vector>
#include "support/assert.hpp"
namespace leasehold::sim {
class EventQueue {
 public:
  struct Ticket {
    std::int64_t time_ns = 0;
    std::uint64_t sequence = 0;
  };
  struct Entry {
    std::int64_t time_ns;
    std::uint64_t sequence;
    std::uint32_t slot;
  };
  Ticket push(std::int64_t t, std::uint32_t slot) {
    Entry e{t, next_++, slot};
    std::size_t i = v_.size();
    v_.push_back(e);
    while (i > 0 && v_[i - 1].time_ns <= t) {
      v_[i] = v_[i - 1];
      --i;
    }
    v_[i] = e;
    return {t, e.sequence};
  }
  bool empty() const { return v_.empty(); }
  const Entry& top() const { return v_.back(); }
  Entry pop() {
    Entry e = v_.back();
    v_.pop_back();
    return e;
  }
  void erase(Ticket k) {
    for (std::size_t i = v_.size(); i-- > 0;)
      if (v_[i].sequence == k.sequence) {
        v_.erase(v_.begin() + static_cast<std::ptrdiff_t>(i));
        return;
      }
    LH_ASSERT(false);
  }

 private:
  std::vector<Entry> v_;
  std::uint64_t next_ = 0;
};
}  // namespace leasehold::sim
