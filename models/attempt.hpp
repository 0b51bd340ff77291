#pragma once

#include "checkers/record/record.hpp"

namespace leasehold::models {

/// Attempts are numbered so that each tells its client: the only place that knows how.
constexpr checkers::AttemptId attempt_id(checkers::ClientId client, std::uint32_t incarnation,
                                         std::uint32_t ordinal) {
  return (std::uint64_t{client} + 1) << 40 | std::uint64_t{incarnation & 0xffu} << 32 | ordinal;
}

constexpr checkers::ClientId client_of(checkers::AttemptId attempt) {
  return static_cast<checkers::ClientId>((attempt >> 40) - 1);
}

}  // namespace leasehold::models
