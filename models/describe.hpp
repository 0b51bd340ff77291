#pragma once

#include <string>

#include "sim/process/message.hpp"

namespace leasehold::models {

/// A message in the words of its protocol, such as `SET lock c3#7 NX PX 10000`, for traces. The
/// number of its type for a protocol that is not leasehold's own.
std::string describe(const sim::Message& message);

/// An attempt as traces show it: `c3#7`, the seventh of client 3.
std::string attempt_name(std::uint64_t attempt);

}  // namespace leasehold::models
