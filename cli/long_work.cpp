#include "cli/long_work.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <string>
#include <thread>

namespace leasehold::cli {
namespace {

/// Set by Ctrl-C. A signal handler reaches nothing but globals.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<bool> interrupted = false;

void interrupt(int) { interrupted = true; }

void write(const std::string& text) {
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace

const std::atomic<bool>& catch_interrupts() {
  std::signal(SIGINT, interrupt);
  std::signal(SIGTERM, interrupt);
  return interrupted;
}

unsigned threads_of(unsigned jobs) {
  return jobs > 0 ? jobs : std::max(1U, std::thread::hardware_concurrency());
}

ProgressPrinter::ProgressPrinter(reports::ProgressMode mode, std::uint64_t planned)
    : progress_(mode, planned), started_(std::chrono::steady_clock::now()) {
  write(progress_.start());
}

void ProgressPrinter::update(std::uint64_t done) {
  done_ = done;
  write(progress_.update(done, elapsed_ns()));
}

void ProgressPrinter::finish() { write(progress_.finish(done_, elapsed_ns())); }

std::int64_t ProgressPrinter::elapsed_ns() const {
  const auto elapsed = std::chrono::steady_clock::now() - started_;
  return std::chrono::duration_cast<std::chrono::nanoseconds>(elapsed).count();
}

}  // namespace leasehold::cli
