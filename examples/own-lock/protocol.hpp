#pragma once

#include "models/lock_client.hpp"
#include "models/message_types.hpp"

/// The ticket server as its clients see it: datagrams, each of which may be lost, and each of which
/// may safely be sent again.
namespace own_lock {

namespace models = leasehold::models;
namespace sim = leasehold::sim;

enum class Verb : std::uint64_t {
  take,   ///< a ticket for the attempt, or another look at the one it has
  leave,  ///< the line, or the lock
};

struct Ask {
  static constexpr std::uint16_t kMessageType = models::message_types::kOutside;
  Verb verb;
  models::AttemptId attempt;
  std::uint64_t call;  ///< comes back in the answer
};

struct Answer {
  static constexpr std::uint16_t kMessageType = models::message_types::kOutside + 1;
  std::uint64_t call;
  std::uint64_t ticket;  ///< leave: 1 if the lock was the attempt's, else 0
  std::int64_t left_ns;  ///< of its turn; 0 while another is served
};

}  // namespace own_lock
