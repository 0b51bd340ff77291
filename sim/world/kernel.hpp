#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "sim/process/process.hpp"
#include "sim/world/disk.hpp"
#include "sim/world/event_queue.hpp"
#include "sim/world/host_clock.hpp"
#include "sim/world/network.hpp"
#include "sim/world/trace.hpp"
#include "sim/world/true_time.hpp"

namespace leasehold::sim {

using HostId = std::uint32_t;

struct HostSettings {
  Duration wall_offset = Duration::zero();
  std::int64_t rate_ppb = 0;  ///< of its oscillator, against true time
  Distribution fsync = Distribution::constant(Duration::milliseconds(1));
};

/// Something the world does at a moment of true time: a fault, the end of a phase.
class Action {
 public:
  virtual void act(std::uint64_t cookie) = 0;

 protected:
  ~Action() = default;
};

/// What a run has done so far; every count is of true events.
struct KernelCounters {
  std::uint64_t events = 0;
  std::uint64_t records = 0;
  std::uint64_t fsyncs = 0;
};

/// One simulated world: hosts with their clocks and disks, processes, the network, and the queue of
/// events that moves them. It owns all that a run touches, so that many worlds live in one program.
///
/// Everything happens in the total order (true time, sequence). Same seed, same calls: same digest.
/// Faults are named by process, host and link; roles are the business of the scenarios.
/// Not thread-safe: one thread at a time per world.
class Kernel {
 public:
  explicit Kernel(std::uint64_t seed);
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;
  ~Kernel();

  // Building. All hosts come before the first run_until.
  HostId add_host(const HostSettings& settings = {});
  /// Its body starts at the current time. The reference stays valid as long as the world.
  Process& add_process(HostId host, std::string name, Process::Body body);

  std::uint64_t seed() const { return seed_; }
  TrueTime now() const { return now_; }
  /// Runs every event up to and including `end`, then stands at `end`.
  void run_until(TrueTime end);
  /// True when no event is pending at all.
  bool idle() const { return queue_.empty(); }

  void set_record_sink(RecordSink* sink) { records_to_ = sink; }
  void set_trace_sink(TraceSink* sink) { trace_to_ = sink; }
  std::uint64_t digest() const { return digest_.value(); }
  const KernelCounters& counters() const { return counters_; }

  void at(TrueTime when, Action& action, std::uint64_t cookie);

  // Faults. Stops of one process nest: it runs again when all have ended.
  void pause(ProcessId process);
  void resume(ProcessId process);
  /// Destroys the process; its host's kernel closes its connections. REQUIRES: not running now.
  void crash(ProcessId process);
  void restart(ProcessId process);
  /// All processes of the host die, its disk loses what was not synced, its connections vanish.
  void power_loss(HostId host);
  void power_on(HostId host);
  void suspend_machine(HostId host);
  void unsuspend_machine(HostId host);
  void freeze_machine(HostId host);
  void thaw_machine(HostId host);
  void step_wall_clock(HostId host, Duration by);
  /// Changes the rate error of the host's oscillator; several changes add up.
  void change_clock_rate(HostId host, std::int64_t by_ppb);
  void change_clock_slew(HostId host, std::int64_t by_ppb);

  Network& network() { return network_; }
  const Network& network() const { return network_; }
  Recorder& recorder() { return recorder_; }
  Disk& disk(HostId host) { return hosts_[host]->disk; }
  Process& process(ProcessId id) { return processes_[id]; }
  std::size_t process_count() const { return processes_.size(); }
  HostId host_of(ProcessId id) const { return processes_[id].host_; }
  bool alive(ProcessId id) const { return processes_[id].alive_; }
  bool stopped(ProcessId id) const { return processes_[id].stops_ > 0; }
  const HostClock& clock(HostId host) const { return hosts_[host]->clock; }

 private:
  friend class Process;
  friend class Recorder;
  friend class Network;
  friend class Disk;
  friend class Waiter;

  enum class EventKind : std::uint8_t { none, wake, observe, action, synced, network };

  /// A pending event. Its place in the queue is `ticket`; clocked ones move when their clock does.
  struct Event {
    EventKind kind = EventKind::none;
    bool clocked = false;
    bool queued = false;
    ClockKind clock{};
    HostId host = 0;
    std::uint32_t generation = 0;
    EventQueue::Ticket ticket{};
    std::int64_t deadline_ns = 0;  ///< on `clock` of `host`
    union {
      Waiter* waiter = nullptr;
      DeadlineObserver* observer;
      Action* action;
    };
    std::uint64_t cookie = 0;
    NetworkEvent packet;
  };

  struct Host {
    Host(std::uint64_t seed, HostId id, const HostSettings& settings)
        : clock(settings.wall_offset, settings.rate_ppb), disk(seed, id, settings.fsync) {}
    HostClock clock;
    Disk disk;
    bool powered = true;
    std::uint32_t stops = 0;
    std::vector<ProcessId> processes;
  };

  std::uint32_t new_event(EventKind kind);
  void release(std::uint32_t slot);
  void enqueue(std::uint32_t slot, TrueTime when);
  /// Puts a clocked event where its clock now says; off the queue while that is never.
  void enqueue_clocked(std::uint32_t slot);
  TimerId arm_clocked(EventKind kind, HostId host, ClockKind clock, std::int64_t deadline_ns);
  void cancel(TimerId timer);
  void rearm_clocks(HostId host);
  std::uint32_t post_packet(TrueTime when, const NetworkEvent& packet);
  bool any_packet_from(ProcessId process) const;
  void dispatch(std::uint32_t slot);

  void spawn(Process& process, Task<void> task);
  void wake(Waiter& waiter);
  void abandon(Waiter& waiter);
  void sleep(Waiter& waiter, ClockKind clock, std::int64_t deadline_ns);
  void compute(Waiter& waiter, Duration span);
  void arm_computation(Waiter& waiter);
  void run_ready();
  bool still_computing(Waiter& waiter);

  void start(Process& process);
  void destroy(Process& process);
  void stop(Process& process);
  void unstop(Process& process);
  void stop_machine(HostId host);
  void unstop_machine(HostId host);

  std::int64_t read_clock(const Process& process, ClockKind clock) const {
    return hosts_[process.host_]->clock.read(clock, now_);
  }
  void sync(PendingSync& sync);
  void finish_sync(Waiter& waiter);
  void emit(std::uint16_t kind, const void* record);
  void trace(TraceEvent event) {
    if (trace_to_ != nullptr) {
      event.at = now_;
      event.digest = digest_.value();
      trace_to_->on_event(event);
    }
  }

  std::uint64_t seed_;
  TrueTime now_;
  EventQueue queue_;
  std::vector<Event> events_;
  std::vector<std::uint32_t> free_events_;
  std::deque<Process> processes_;
  std::vector<std::unique_ptr<Host>> hosts_;
  Network network_;
  Recorder recorder_;
  WaitList ready_;
  Trampoline trampoline_;
  const Process* running_ = nullptr;
  RecordSink* records_to_ = nullptr;
  TraceSink* trace_to_ = nullptr;
  Digest digest_;
  KernelCounters counters_;
};

}  // namespace leasehold::sim
