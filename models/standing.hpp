#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "checkers/record/record.hpp"
#include "models/deadline.hpp"

namespace leasehold::models {

/// How one server stands at a moment, as its own memory has it: for who looks at a run. Nothing in
/// the world acts by it, and nothing is asked of the world for it: reading a clock would count as
/// feeling a fault.
struct Standing {
  enum class Role : std::uint8_t { none, leader, candidate, follower, primary, standby };
  Role role = Role::none;  ///< none: its servers have no roles
  std::uint64_t term = 0;  ///< in which it has that role; 0: there are no terms
  bool answers = true;     ///< clients, or nobody yet
  /// Whom it keeps the lock for, 0 being nobody; empty: it keeps no lock.
  std::optional<checkers::AttemptId> holder;
  Deadline until;                            ///< the holder's, on a clock of the server's host
  std::vector<checkers::AttemptId> waiting;  ///< in line, as far as it knows

  friend bool operator==(const Standing&, const Standing&) = default;
};

}  // namespace leasehold::models
