#pragma once

#include "sim/process/waiter.hpp"

namespace leasehold::sim {

/// Lets coroutines of one process wait for one another. A notification that nobody awaits is lost:
/// wait in a loop that tests the condition.
class Signal {
 public:
  explicit Signal(Process& process) : process_(&process) {}

  class Wait {
   public:
    Wait(Signal& signal, MonoTime deadline)
        : signal_(signal), deadline_(deadline), waiter_(*signal.process_) {}
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> coroutine);
    /// False when the deadline came first.
    bool await_resume() const { return !waiter_.timed_out(); }

   private:
    Signal& signal_;
    MonoTime deadline_;
    Waiter waiter_;
  };

  Wait wait() { return Wait(*this, MonoTime::never()); }
  /// Until notified or until the process's monotonic clock reads `deadline`.
  Wait wait_until(MonoTime deadline) { return Wait(*this, deadline); }
  void notify_all();

 private:
  Process* process_;
  WaitList waiting_;
};

}  // namespace leasehold::sim
