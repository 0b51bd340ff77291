#pragma once

#include <string>

#include "scenarios/resolve.hpp"
#include "scenarios/run.hpp"

namespace leasehold::reports {

/// One run's verdicts with their evidence, its digest and how to have it again, by what it is named
/// (a recipe or a file): what `run` and `replay` print.
std::string run_view(const scenarios::ResolvedCell& cell, const scenarios::RunResult& result,
                     const std::string& named);

}  // namespace leasehold::reports
