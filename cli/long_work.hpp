#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "reports/progress.hpp"

/// What every command that works for long has in common: it tells how far it is, and Ctrl-C ends it
/// in good order.
namespace leasehold::cli {

/// From now on Ctrl-C and a polite kill set what is returned, rather than ending the program.
const std::atomic<bool>& catch_interrupts();

/// As many as were asked for; of 0 as many as the machine has cores.
unsigned threads_of(unsigned jobs);

/// Tells on stderr how far the work is.
class ProgressPrinter {
 public:
  ProgressPrinter(reports::ProgressMode mode, std::uint64_t planned);
  void update(std::uint64_t done);
  void finish();

 private:
  std::int64_t elapsed_ns() const;

  reports::Progress progress_;
  std::chrono::steady_clock::time_point started_;
  std::uint64_t done_ = 0;
};

}  // namespace leasehold::cli
