#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace leasehold::bench {

/// Times between events, in ns: exponential with a mean of 1 ms, the same in every program that is
/// compared. Their number is a power of two, large enough that no branch predictor learns them.
const std::vector<std::uint32_t>& increments();

/// Goes round the increments.
class NextIncrement {
 public:
  std::uint32_t operator()() {
    const std::uint32_t value = table_[position_];
    position_ = (position_ + 1) & (table_.size() - 1);
    return value;
  }

 private:
  const std::vector<std::uint32_t>& table_ = increments();
  std::size_t position_ = 0;
};

}  // namespace leasehold::bench
