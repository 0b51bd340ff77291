#pragma once

namespace leasehold::support {

/// Reports a bug in leasehold itself on stderr and ends the process with exit code 70.
/// Never used for bad input (a Diagnostic) nor for what a protocol may return (a value).
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace leasehold::support

/// An invariant of leasehold. Stays on in release builds: a wrong table costs more than a compare.
#define LH_ASSERT(condition)                                                    \
  (__builtin_expect(!(condition), 0)                                            \
       ? ::leasehold::support::assertion_failed(#condition, __FILE__, __LINE__) \
       : static_cast<void>(0))
