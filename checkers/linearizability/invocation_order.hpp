#pragma once

#include <cstdint>
#include <vector>

#include "checkers/linearizability/history.hpp"

namespace leasehold::checkers {

/// The indices of the calls in the order of their invocations. In O(n) where positions lie close to
/// one another, as those of the events of a file do, in whatever order the calls are listed.
std::vector<std::uint32_t> by_invocation(const LockHistory& history);

}  // namespace leasehold::checkers
