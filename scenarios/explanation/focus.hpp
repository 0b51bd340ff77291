#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "scenarios/explanation/chronicle.hpp"

namespace leasehold::scenarios {

struct Party {
  checkers::ClientId client = 0;
  checkers::AttemptId attempt = 0;

  friend bool operator==(const Party&, const Party&) = default;
};

/// The first violation of one property in one run: who took part, and the two events whose order
/// made it one.
struct Focus {
  checkers::Property property{};
  checkers::Stamp at;                 ///< from then on it is one
  std::optional<Party> earlier;       ///< whose lock was the older; of a standstill, who blocks
  std::optional<Party> later;         ///< whose was the younger; of a standstill, who waits longest
  std::optional<std::size_t> first;   ///< a moment of the chronicle: this came first …
  std::optional<std::size_t> second;  ///< … and then this, if it came at all
  std::optional<std::int64_t> due_ns;  ///< of a job that ran early: when it might have, at least
};

/// Whether the hold that was broken into is the same in both; of a standstill, who blocks. Nobody
/// is to blame for a rhythm.
bool is_same_story(const Focus& focus, const Focus& other);

/// REQUIRES: the run, of which this is the chronicle, violates the property.
Focus focus_on(checkers::Property property, const RunResult& result, const Chronicle& chronicle);

}  // namespace leasehold::scenarios
