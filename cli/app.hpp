#pragma once

#include "models/algorithm.hpp"

namespace leasehold::cli {

/// The whole command line of leasehold over the given locks: what main() calls, here and in a
/// program that adds a lock of its own. Returns the exit code.
int run(int argc, char** argv, const models::AlgorithmRegistry& algorithms);

}  // namespace leasehold::cli
