#pragma once

#include "sim/process/process.hpp"

namespace leasehold::models {

/// A moment on one of the process's own clocks, which clock being the algorithm's choice.
class Deadline {
 public:
  /// Never comes.
  Deadline() = default;
  template <class Clock>
  Deadline(sim::Instant<Clock> reading)  // NOLINT(google-explicit-constructor): a reading is one
      : clock_(Clock::kKind), reading_ns_(reading.since_zero().ns()) {}

  /// When the given clock reads that.
  static Deadline at(sim::ClockKind clock, sim::Duration reading) {
    Deadline deadline;
    deadline.clock_ = clock;
    deadline.reading_ns_ = reading.ns();
    return deadline;
  }
  /// `span` from now on the given clock of the process.
  static Deadline after(const sim::Process& self, sim::ClockKind clock, sim::Duration span) {
    return at(clock, read(self, clock) + span);
  }

  bool is_never() const { return reading_ns_ == sim::Duration::max().ns(); }
  sim::ClockKind clock() const { return clock_; }
  sim::Duration reading() const { return sim::Duration::nanoseconds(reading_ns_); }
  bool has_passed(const sim::Process& self) const {
    return !is_never() && read(self, clock_) >= reading();
  }

  friend bool operator==(const Deadline&, const Deadline&) = default;

  static sim::Duration read(const sim::Process& self, sim::ClockKind clock) {
    switch (clock) {
      case sim::ClockKind::wall:
        return self.wall_now().since_zero();
      case sim::ClockKind::mono:
        return self.mono_now().since_zero();
      case sim::ClockKind::boot:
        break;
    }
    return self.boot_now().since_zero();
  }

 private:
  sim::ClockKind clock_ = sim::ClockKind::mono;
  std::int64_t reading_ns_ = sim::Duration::max().ns();
};

}  // namespace leasehold::models
