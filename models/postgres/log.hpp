#pragma once

#include "sim/process/disk.hpp"

/// The write-ahead log, a file for each thing that it records.
namespace leasehold::models::postgres {

inline constexpr std::uint32_t kSequenceFile = 1;  ///< the part that a standby follows
inline constexpr std::uint32_t kJobFile = 2;

/// What recovery does first: the log ends before a record that was torn, and goes on there.
inline void drop_torn_end(sim::File& log) {
  if (log.size() > 0 && log[log.size() - 1].torn) log.truncate(log.size() - 1);
}

}  // namespace leasehold::models::postgres
