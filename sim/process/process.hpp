#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/process/connection.hpp"
#include "sim/process/disk.hpp"
#include "sim/process/distribution.hpp"
#include "sim/process/mailbox.hpp"
#include "sim/process/message.hpp"
#include "sim/process/random.hpp"
#include "sim/process/recorder.hpp"
#include "sim/process/signal.hpp"
#include "sim/process/task.hpp"
#include "sim/process/time.hpp"
#include "sim/process/waiter.hpp"

namespace leasehold::sim {

class HostClock;

/// A simulated process: all that the code inside it may touch. It reads only its own host's clocks
/// and knows nothing of true time, of pauses or of the faults around it.
///
/// A pause stops every coroutine of the process and nothing else: its host's clocks run on, its
/// sockets fill, its timers come due and are served, late, when it resumes. A crash destroys its
/// coroutines, mailboxes and connections; a restart runs its body anew with the next incarnation.
class Process {
 public:
  /// What a process runs, once for each incarnation.
  using Body = std::function<Task<void>(Process&)>;

  Process(Kernel& kernel, ProcessId id, std::uint32_t host, const HostClock& clock,
          std::string name, Body body);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  ProcessId id() const { return id_; }
  const std::string& name() const { return name_; }
  /// 0 for the first life, one more for each restart.
  std::uint32_t incarnation() const { return incarnation_; }

  WallTime wall_now() const;
  MonoTime mono_now() const;
  BootTime boot_now() const;

  class Sleep;
  class SleepUntil;
  class Compute;
  class Sync;
  /// Sleeps on the monotonic clock, as almost every runtime does.
  Sleep sleep(Duration span);
  /// Until that clock of the host reads `deadline`; at once if it already does.
  SleepUntil sleep_until(MonoTime deadline);
  SleepUntil sleep_until(BootTime deadline);
  SleepUntil sleep_until(WallTime deadline);
  /// Uses the CPU for `span` of time in which the process really runs: a pause adds to it.
  Compute compute(Duration span);

  /// Starts another coroutine of this process, after the current one suspends.
  void spawn(Task<void> task);

  /// An independent stream of chance of this process and incarnation for one purpose.
  Rng stream(std::uint64_t purpose) const;

  /// Sends a datagram: it may be lost, delayed or overtaken, and nobody is told.
  void send(ProcessId to, const Message& message);
  /// Datagrams, and everything of the connections accepted by listen().
  Mailbox& inbox() { return inbox_; }
  /// From now on the process accepts connections; their traffic arrives in inbox().
  void listen(const ConnectionOptions& accepted = {});
  /// Opens a connection; await its `opened` in the returned connection's mailbox.
  Connection connect(ProcessId to, const ConnectionOptions& options = {});
  /// Over an accepted connection of inbox(). Nothing happens when it is already broken.
  void send_over(ConnectionId accepted, const Message& message);
  void close(ConnectionId accepted);

  /// A file of this process on its host's disk, created empty.
  File& file(std::uint32_t name);
  /// Awaits fsync of everything written to `file` so far; false when the disk reports an error.
  Sync sync(File& file);

  Recorder& recorder();

  /// Makes a parked waiter of this process ready to run. Does nothing if it already is.
  void wake(Waiter& waiter);

  Kernel& kernel() const { return *kernel_; }

 private:
  friend class Connection;
  friend class Kernel;
  friend class Mailbox;
  friend class Network;
  friend class Signal;

  /// While `dying`, its frames are being destroyed: it may let go of things and do nothing else.
  enum class Life : std::uint8_t { dead, alive, dying };
  bool alive() const { return life_ == Life::alive; }
  /// Bounds a parked waiter by the monotonic clock.
  void arm(Waiter& waiter, MonoTime deadline);
  std::int64_t read(ClockKind clock) const;
  [[gnu::cold]] std::int64_t read_watched(ClockKind clock) const;

  Kernel* kernel_;
  const HostClock* clock_;
  ProcessId id_;
  std::uint32_t host_;
  std::uint32_t incarnation_ = 0;
  Life life_ = Life::dead;
  bool listening_ = false;
  std::uint8_t watched_clocks_ = 0;  ///< a bit for each ClockKind that a fault has changed
  std::uint32_t stops_ = 0;          ///< pauses and machine stops that hold it now
  std::int64_t stopped_since_ns_ = 0;
  std::int64_t stopped_total_ns_ = 0;
  Mailbox inbox_;
  WaitList backlog_;  ///< ready, but the process is stopped
  WaitList roots_;    ///< of RootTask, in the order of their start
  std::vector<ConnectionId> endpoints_;
  ConnectionOptions accepted_options_;
  std::string name_;
  Body body_;
};

/// A coroutine that nobody awaits, started through a waiter so that it waits out a pause.
struct RootTask : WaitLink {
  RootTask(Process& process, Task<void> t) : task(std::move(t)), start(process) {}
  ~RootTask() { unlink(); }
  static void* operator new(std::size_t bytes) { return allocate_frame(bytes); }
  static void operator delete(void* root, std::size_t bytes) noexcept { free_frame(root, bytes); }

  Task<void> task;
  Waiter start;
};

class Process::Sleep : Waiter {
 public:
  Sleep(Process& process, Duration span) : Waiter(process, Purpose::sleep), span_(span) {}
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> coroutine);
  void await_resume() const {}

 private:
  Duration span_;
};

class Process::SleepUntil : Waiter {
 public:
  SleepUntil(Process& process, ClockKind clock, std::int64_t deadline_ns)
      : Waiter(process, Purpose::sleep), clock_(clock), deadline_ns_(deadline_ns) {}
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> coroutine);
  void await_resume() const {}

 private:
  ClockKind clock_;
  std::int64_t deadline_ns_;
};

class Process::Compute : Waiter {
 public:
  Compute(Process& process, Duration span) : Waiter(process, Purpose::computation), span_(span) {}
  bool await_ready() const { return span_ <= Duration::zero(); }
  void await_suspend(std::coroutine_handle<> coroutine);
  void await_resume() const {}

 private:
  friend class Kernel;

  Duration span_;
  std::uint64_t slowdown_ = 1;          ///< of the CPU, when it was last reckoned
  std::int64_t due_ns_ = 0;             ///< when it would be done, in true time
  std::int64_t stopped_before_ns_ = 0;  ///< the process's stopped time when that was reckoned
};

class Process::Sync : Waiter {
 public:
  Sync(Process& process, File& file) : Waiter(process, Purpose::sync) { pending_.file = &file; }
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> coroutine);
  bool await_resume() const { return pending_.ok; }

 private:
  friend class Kernel;

  PendingSync pending_;
};

inline Process::Sleep Process::sleep(Duration span) { return Sleep(*this, span); }
inline Process::SleepUntil Process::sleep_until(MonoTime deadline) {
  return SleepUntil(*this, ClockKind::mono, deadline.since_zero().ns());
}
inline Process::SleepUntil Process::sleep_until(BootTime deadline) {
  return SleepUntil(*this, ClockKind::boot, deadline.since_zero().ns());
}
inline Process::SleepUntil Process::sleep_until(WallTime deadline) {
  return SleepUntil(*this, ClockKind::wall, deadline.since_zero().ns());
}
inline Process::Compute Process::compute(Duration span) { return Compute(*this, span); }
inline Process::Sync Process::sync(File& file) { return Sync(*this, file); }

}  // namespace leasehold::sim
