#pragma once

#include <string>

#include "scenarios/incident/reproduction.hpp"

namespace leasehold::reports {

/// How a run went beside its recording: reproduced; diverged, and where; or recorded by another
/// replay version, and what still holds.
std::string replay_text(const scenarios::Recording& recorded, const scenarios::RunResult& result,
                        const scenarios::Comparison& comparison);

}  // namespace leasehold::reports
