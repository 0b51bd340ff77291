#pragma once

#include "models/lock_client.hpp"

namespace leasehold::models {

using checkers::Milestone;

/// Marks a point of a client's program, for faults that wait for it.
inline void reach(const LockClient& lock, Milestone::What what, AttemptId attempt) {
  lock.self().recorder().emit(Milestone{what, lock.client(), attempt});
}

}  // namespace leasehold::models
