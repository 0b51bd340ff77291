#pragma once

#include <cstdint>

#include "checkers/record/record.hpp"
#include "models/message_types.hpp"

/// What travels between a worker and the resource that the lock protects.
namespace leasehold::models::resource {

/// Asks for one effect. Sent again with the same `request` after a broken connection.
struct EffectRequest {
  static constexpr std::uint16_t kMessageType = message_types::kResource;
  std::uint64_t kind_and_client;  ///< checkers::Effect::Kind, then the client in the upper half
  checkers::AttemptId attempt;
  checkers::Token token;
  std::uint64_t request;
  std::uint64_t based_on;  ///< write: the version that the new value was computed from
  std::uint64_t job;
};

struct EffectReply {
  static constexpr std::uint16_t kMessageType = message_types::kResource + 1;
  std::uint64_t request;
  std::uint64_t outcome;  ///< checkers::Effect::Outcome
  std::uint64_t version;
  std::uint64_t job;  ///< of the last accepted write
};

}  // namespace leasehold::models::resource
