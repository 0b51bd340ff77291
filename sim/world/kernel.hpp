#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "sim/process/process.hpp"
#include "sim/world/disk.hpp"
#include "sim/world/event_pool.hpp"
#include "sim/world/event_queue.hpp"
#include "sim/world/host_clock.hpp"
#include "sim/world/network.hpp"
#include "sim/world/slots.hpp"
#include "sim/world/trace.hpp"
#include "sim/world/true_time.hpp"

namespace leasehold::sim {

using HostId = std::uint32_t;

struct HostSettings {
  Duration wall_offset = Duration::zero();
  std::int64_t rate_ppb = 0;  ///< of its oscillator, against true time
  Distribution fsync = Distribution::constant(Duration::milliseconds(1));
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
  /// Runs every event up to and including `end`, then stands at `end`: true. False where one more
  /// event would be more than are allowed: it stands at the last one. REQUIRES: not called from
  /// within a run, end >= now().
  bool run_until(TrueTime end);
  /// How many events there may be from the first on; without it, any number.
  void allow_events(std::uint64_t most) { events_allowed_ = most; }
  /// True when nothing is pending at all: without help from outside the world stands still.
  bool idle() const { return queue_.empty() && ready_.empty(); }

  void set_record_sink(RecordSink* sink) { records_to_ = sink; }
  void set_trace_sink(TraceSink* sink) { trace_to_ = sink; }
  void set_fault_watcher(FaultWatcher* watcher) { watcher_ = watcher; }
  /// The clocks of the host, a bit for each ClockKind, of which the watcher wants to hear.
  void watch_clocks(HostId host, std::uint8_t clocks);
  std::uint64_t digest() const { return digest_.value(); }
  const KernelCounters& counters() const { return counters_; }

  void at(TrueTime when, Action& action, std::uint64_t cookie);

  // Faults. Stops of one process nest: it runs again when all have ended.
  void pause(ProcessId process);
  void resume(ProcessId process);
  /// Destroys the process; its host's kernel closes its connections. REQUIRES: not running now, so
  /// a sink or an observer that wants it posts an action at now().
  void crash(ProcessId process);
  void restart(ProcessId process);
  /// All processes of the host die, its disk loses what was not synced, its connections vanish.
  void power_loss(HostId host);
  void power_on(HostId host);
  void suspend_machine(HostId host);
  void unsuspend_machine(HostId host);
  void freeze_machine(HostId host);
  void thaw_machine(HostId host);
  /// Computing on that host takes so many times as long from now on, what is under way included.
  void set_cpu_slowdown(HostId host, std::uint64_t factor);
  std::uint64_t cpu_slowdown(HostId host) const { return hosts_[host]->cpu_slowdown; }
  void step_wall_clock(HostId host, Duration by);
  void set_clock_rate(HostId host, std::int64_t rate_ppb);
  void set_clock_slew(HostId host, std::int64_t slew_ppb);

  Network& network() { return network_; }
  const Network& network() const { return network_; }
  Recorder& recorder() { return recorder_; }
  Disk& disk(HostId host) { return hosts_[host]->disk; }
  Process& process(ProcessId id) { return *processes_[id]; }
  std::size_t process_count() const { return processes_.size(); }
  HostId host_of(ProcessId id) const { return processes_[id]->host_; }
  bool alive(ProcessId id) const { return processes_[id]->alive(); }
  /// Whether the process uses its CPU now: it would notice a pause at once.
  bool computing(ProcessId id);
  /// Whether a timer of the host waits for one of these clocks, a bit for each ClockKind.
  bool has_timers(HostId host, std::uint8_t clocks);
  bool stopped(ProcessId id) const { return processes_[id]->stops_ > 0; }
  const HostClock& clock(HostId host) const { return hosts_[host]->clock; }

 private:
  friend class Connection;
  friend class Mailbox;
  friend class Process;
  friend class Recorder;
  friend class Network;
  friend class Waiter;

  struct Host {
    Host(std::uint64_t seed, HostId id, const HostSettings& settings)
        : clock(settings.wall_offset, settings.rate_ppb), disk(seed, id, settings.fsync) {}
    HostClock clock;
    Disk disk;
    bool powered = true;
    std::uint32_t stops = 0;
    std::uint64_t cpu_slowdown = 1;
    std::vector<ProcessId> processes;
  };

  static std::uint8_t bit_of(ClockKind clock) {
    return static_cast<std::uint8_t>(1u << static_cast<unsigned>(clock));
  }

  /// What an event is, for the digest.
  enum class Happening : std::uint8_t { wake, observe, action, datagram, segment, socket_timer };

  // Events.
  void enqueue(Waiter& waiter, std::int64_t when_ns);
  void enqueue_far(Waiter& waiter, std::int64_t when_ns);
  void enqueue(Event& event, std::int64_t when_ns);
  /// Puts a clocked event where its clock now says; off the queue while that is never.
  void enqueue_clocked(Waiter& waiter);
  void enqueue_clocked(Event& event);
  TimerId arm_clocked(Event& event, HostId host, ClockKind clock, std::int64_t deadline_ns);
  TimerId arm_socket_timer(HostId host, std::int64_t deadline_ns, const SocketTimer& timer);
  TimerId arm_observer(HostId host, ClockKind clock, std::int64_t deadline_ns,
                       const Event::Observation& observation);
  void disarm(Waiter& waiter);
  void cancel(TimerId timer) {
    if (timer) cancel_armed(timer);
  }
  void cancel_armed(TimerId timer);
  void rearm_clocks(HostId host);
  void rearm(Matter timer);
  Packet& post_packet(TrueTime when);
  void enqueue(const Parcel& parcel, TrueTime when);
  bool any_packet_from(ProcessId process);
  std::vector<Message> messages_in_packets();
  Waiter* dispatch(std::uint32_t slot);
  void fetch_ahead();
  Waiter* dispatch_packet(Packet& packet);
  void dispatch_other(Event& event);

  // Waiting and running.
  void spawn(Process& process, Task<void> task);
  bool rouse(Waiter& waiter);
  void wake(Waiter& waiter);
  void abandon(Waiter& waiter);
  void sleep(Waiter& waiter, ClockKind clock, std::int64_t deadline_ns);
  void sleep_in_trouble(Waiter& waiter, ClockKind clock, std::int64_t deadline_ns);
  void sleep_until(Waiter& waiter, std::int64_t when_ns);
  void compute(Process::Compute& computation);
  std::vector<Process::Compute*> computations_of(HostId host);
  bool still_computing(Process::Compute& computation);
  [[gnu::cold]] void compute_on(Process::Compute& computation);
  void go_on_computing(Process::Compute& computation);
  [[gnu::cold]] void go_on_in_trouble(Process::Compute& computation);
  [[gnu::cold]] void stretch(Process::Compute& computation, std::uint64_t before,
                             std::uint64_t now);
  void sync(Process::Sync& sync);
  void finish_sync(Process::Sync& sync);
  Waiter& ring(Waiter& waiter);
  /// When the event comes, and what it is about.
  void mix_event(Happening kind, std::uint64_t what) {
    digest_.mix(static_cast<std::uint64_t>(now_.since_zero().ns()),
                what ^ static_cast<std::uint64_t>(kind) << 60);
  }
  Waiter* next_ready();
  void run(Waiter& waiter);
  void run_ready(Waiter* first);

  // Processes and machines.
  void start(Process& process);
  void destroy(Process& process);
  void stop(Process& process);
  void unstop(Process& process);
  void stop_machine(HostId host);
  void unstop_machine(HostId host);
  void clock_changed(HostId host, std::int64_t detail);

  std::int64_t read_clock(HostId host, ClockKind clock) const {
    return hosts_[host]->clock.read(clock, now_);
  }

  // What can be seen of a run. Everything that happens is folded into the digest: what is posted
  // when it comes, messages when they are sent, all else by note().
  void emit(std::uint16_t kind, const void* record, const std::uint64_t* words, std::size_t count);
  void hand_on(std::uint16_t kind, const void* record);
  void sent(const Message& message, std::uint64_t where) {
    Digest digest = digest_;
    digest.mix(where, std::uint64_t{message.type()} << 8 ^ message.words());
    // Words that the message does not use are zero.
    digest.mix(message.word(0), message.word(1));
    if (message.words() > 2) digest.mix(message.word(2), message.word(3));
    if (message.words() > 4) digest.mix(message.word(4), message.word(5));
    digest_ = digest;
  }
  void note(const TraceEvent& event);
  /// Asked before an event is described at all: usually nobody looks.
  bool watched() const { return trace_to_ != nullptr; }
  [[gnu::cold]] void trace(TraceEvent event);

  // What faults do, for the watcher.
  void touched(FaultWatcher::Touch touch, std::uint32_t where, std::uint32_t peer = 0) {
    if (watcher_ != nullptr) watcher_->on_touch(touch, where, peer);
  }
  void machine_missed(HostId host);
  void clock_read(const Process& process, ClockKind clock);

  std::uint64_t seed_;
  TrueTime now_;
  EventQueue queue_;
  Slots slots_;
  EventPool events_;
  PacketPool packets_{slots_};
  std::vector<std::unique_ptr<Process>> processes_;
  std::vector<std::unique_ptr<Host>> hosts_;
  Network network_;
  Recorder recorder_;
  WaitList ready_;
  Trampoline trampoline_;
  const Process* running_ = nullptr;
  RecordSink* records_to_ = nullptr;
  TraceSink* trace_to_ = nullptr;
  FaultWatcher* watcher_ = nullptr;
  Digest digest_;
  KernelCounters counters_;
  std::uint64_t events_allowed_ = std::numeric_limits<std::uint64_t>::max();
};

}  // namespace leasehold::sim
