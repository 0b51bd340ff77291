#pragma once

#include <ctime>

namespace leasehold::bench {

/// The CPU time of this thread, in ns: what others do on the machine hardly shows in it.
inline double cpu_time_ns() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

}  // namespace leasehold::bench
