#pragma once

#include "checkers/progress.hpp"
#include "models/algorithm.hpp"
#include "sim/world/kernel.hpp"

namespace leasehold::scenarios {

/// What the end of a run holds in store for those whom the lock starves: the deployment says what
/// would free it, the world when that will come. `release_under_way`: a live client is about to
/// give the lock back.
checkers::Outlook outlook(sim::Kernel& kernel, const models::Deployment& deployment,
                          bool release_under_way);

}  // namespace leasehold::scenarios
