#pragma once

#include <cstdint>

/// The message types of every protocol, so that no two share one. A protocol numbers its own
/// messages upwards from its base.
namespace leasehold::models::message_types {

inline constexpr std::uint16_t kResource = 0x100;
inline constexpr std::uint16_t kRedis = 0x200;
inline constexpr std::uint16_t kPostgres = 0x300;
inline constexpr std::uint16_t kEtcd = 0x400;
inline constexpr std::uint16_t kRaft = 0x480;
/// From here on: locks that live outside leasehold.
inline constexpr std::uint16_t kOutside = 0x8000;

}  // namespace leasehold::models::message_types
