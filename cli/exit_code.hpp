#pragma once

namespace leasehold::cli {

/// What leasehold ends with; 70 outranks 1, 1 outranks 3, 3 outranks 2.
enum ExitCode : int {
  kHolds = 0,
  kViolated = 1,
  kInconclusive = 2,
  kWorse = 3,
  kNothingRan = 4,
  kBadInput = 64,
  kInternalError = 70,
  kInterrupted = 130,
};

}  // namespace leasehold::cli
