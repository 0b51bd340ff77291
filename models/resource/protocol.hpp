#pragma once

#include <cstdint>

#include "checkers/record/record.hpp"
#include "models/message_types.hpp"

/// What travels between a worker and the resource that the lock protects.
namespace leasehold::models::resource {

/// What an effect is done to.
enum class Place : std::uint8_t {
  value,        ///< the one value that the resource is
  first_free,   ///< of its rows the first that nobody has claimed: to be found by a read
  row,          ///< the row that `job` names: claimed, whoever has it
  row_if_free,  ///< the same, unless somebody has it
};

/// Rows from this number on are known by a key.
inline constexpr std::uint64_t kFirstKey = std::uint64_t{1} << 32;

/// Asks for one effect. Sent again with the same `request` after a broken connection.
struct EffectRequest {
  static constexpr std::uint16_t kMessageType = message_types::kResource;
  /// checkers::Effect::Kind in the lowest byte, Place in the next, the client in the upper half.
  std::uint64_t kind_and_client;
  checkers::AttemptId attempt;
  checkers::Token token;
  std::uint64_t request;
  std::uint64_t based_on;  ///< write: the version that the new value was computed from
  std::uint64_t job;
};

struct EffectReply {
  static constexpr std::uint16_t kMessageType = message_types::kResource + 1;
  std::uint64_t request;
  std::uint64_t outcome;  ///< checkers::Effect::Outcome, or kTaken
  std::uint64_t version;
  std::uint64_t job;  ///< of the last accepted write; of `first_free`: the row
};

/// The row was not free: an update whose condition no row met, and so has only looked.
inline constexpr std::uint64_t kTaken = 2;

constexpr checkers::Effect::Kind kind_of(const EffectRequest& request) {
  return static_cast<checkers::Effect::Kind>(request.kind_and_client & 0xff);
}
constexpr Place place_of(const EffectRequest& request) {
  return static_cast<Place>(request.kind_and_client >> 8 & 0xff);
}
constexpr checkers::ClientId client_of(const EffectRequest& request) {
  return static_cast<checkers::ClientId>(request.kind_and_client >> 32);
}

}  // namespace leasehold::models::resource
