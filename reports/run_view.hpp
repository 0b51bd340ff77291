#pragma once

#include <string>

#include "scenarios/resolve.hpp"
#include "scenarios/run.hpp"

namespace leasehold::reports {

/// One run's verdicts with their evidence, its digest and its recipe: what `run` and `replay`
/// print.
std::string run_view(const scenarios::ResolvedCell& cell, const scenarios::RunResult& result);

}  // namespace leasehold::reports
