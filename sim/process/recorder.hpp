#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "sim/process/time.hpp"
#include "sim/process/waiter.hpp"
#include "support/fields.hpp"

namespace leasehold::sim {

/// Told when a deadline it asked for has come.
class DeadlineObserver {
 public:
  virtual void on_deadline(std::uint64_t cookie) = 0;

 protected:
  ~DeadlineObserver() = default;
};

/// The omniscient observer's side of a run: models write to it and never read from it. What they
/// emit is stamped with true time, folded into the digest and handed to the run's sink; nothing in
/// the simulated world depends on it. It outlives crashes.
class Recorder {
 public:
  explicit Recorder(Kernel& kernel) : kernel_(&kernel) {}

  /// R: a plain struct of integers, enumerations and booleans, with a static kRecordKind.
  template <class R>
  void emit(const R& record) {
    static_assert(std::is_trivially_copyable_v<R>);
    const auto words = support::field_words(record);
    emit_words(R::kRecordKind, &record, words.data(), words.size());
  }

  /// For what is only known by looking at the run, as when a fault was felt: stamped and handed to
  /// the sinks as emit() does, and left out of the digest.
  template <class R>
  void remark(const R& record) {
    static_assert(std::is_trivially_copyable_v<R>);
    hand_on(R::kRecordKind, &record);
  }

  /// Calls the observer when a clock of `on`'s host reads `deadline`, whatever has become of the
  /// process: a promise is about the clock, not about who made it. The observer must outlive it.
  /// `reading` is the clock's time since its zero.
  TimerId at(const Process& on, ClockKind clock, Duration reading, DeadlineObserver& observer,
             std::uint64_t cookie);
  void cancel(TimerId timer);

 private:
  void emit_words(std::uint16_t kind, const void* record, const std::uint64_t* words,
                  std::size_t count);
  void hand_on(std::uint16_t kind, const void* record);

  Kernel* kernel_;
};

}  // namespace leasehold::sim
