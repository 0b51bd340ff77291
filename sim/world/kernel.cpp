#include "sim/world/event_path.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "support/uint128.hpp"

namespace leasehold::sim {
namespace {

/// With more pending events than this, what they touch does not stay in the cache between two uses.
constexpr std::size_t kCached = 512;

/// What is left of a computation once the CPU is `now` times slower instead of `before` times;
/// bounded, so that its end can be told in nanoseconds.
std::int64_t stretched(std::int64_t left_ns, std::uint64_t before, std::uint64_t now) {
  constexpr std::int64_t kLongest = std::numeric_limits<std::int64_t>::max() / 4;
  const auto left = static_cast<support::Uint128>(left_ns);
  return static_cast<std::int64_t>(std::min<support::Uint128>(left * now / before, kLongest));
}

}  // namespace

Kernel::Kernel(std::uint64_t seed) : seed_(seed), network_(*this, seed), recorder_(*this) {}

Kernel::~Kernel() {
  // The end of the world is no event of it: whoever looked on may be gone already.
  trace_to_ = nullptr;
  records_to_ = nullptr;
  for (const auto& process : processes_) {
    process->life_ = Process::Life::dying;
    while (!process->roots_.empty()) delete static_cast<RootTask*>(process->roots_.back());
  }
}

HostId Kernel::add_host(const HostSettings& settings) {
  const auto id = static_cast<HostId>(hosts_.size());
  hosts_.push_back(std::make_unique<Host>(seed_, id, settings));
  network_.add_host();
  return id;
}

Process& Kernel::add_process(HostId host, std::string name, Process::Body body) {
  LH_ASSERT(host < hosts_.size());
  Host& machine = *hosts_[host];
  const auto id = static_cast<ProcessId>(processes_.size());
  processes_.push_back(
      std::make_unique<Process>(*this, id, host, machine.clock, std::move(name), std::move(body)));
  Process& process = *processes_.back();
  machine.processes.push_back(id);
  for (std::uint32_t i = 0; i < machine.stops; ++i) stop(process);
  if (machine.powered) start(process);
  return process;
}

// --------------------------------------------------------------------------------------- events

[[gnu::noinline]] void Kernel::enqueue_far(Waiter& waiter, std::int64_t when_ns) {
  waiter.ticket_ = queue_.push_far(when_ns, waiter.slot_);
}

inline void Kernel::enqueue(Event& event, std::int64_t when_ns) {
  event.ticket = queue_.push(when_ns, event.slot);
  event.queued = true;
}

inline void Kernel::enqueue_clocked(Event& event) {
  const TrueTime when = hosts_[event.host]->clock.when(event.clock, event.deadline_ns, now_);
  if (!when.is_never()) enqueue(event, when.since_zero().ns());
}

inline void Kernel::enqueue_clocked(Waiter& waiter) {
  const auto clock = static_cast<ClockKind>(std::countr_zero(waiter.follows_));
  const TrueTime when = waiter.process_->clock_->when(clock, waiter.deadline_ns_, now_);
  waiter.ticket_.time_ns = -1;
  if (!when.is_never()) enqueue(waiter, when.since_zero().ns());
}

/// The table of slots is full, or it may be that the clock never reads that.
[[gnu::cold, gnu::noinline]] void Kernel::sleep_in_trouble(Waiter& waiter, ClockKind clock,
                                                           std::int64_t deadline_ns) {
  if (slots_.exhausted()) slots_.grow();
  waiter.slot_ = slots_.take(Matter(waiter));
  waiter.follows_ = bit_of(clock);
  waiter.deadline_ns_ = deadline_ns;
  waiter.ticket_.sequence = ~0u;  // after all that were in the queue, should it stay off
  enqueue_clocked(waiter);
}

inline TimerId Kernel::arm_clocked(Event& event, HostId host, ClockKind clock,
                                   std::int64_t deadline_ns) {
  event.host = host;
  event.clock = clock;
  event.deadline_ns = deadline_ns;
  event.slot = slots_.take_or_grow(Matter(event));
  event.ticket.sequence = ~0u;
  enqueue_clocked(event);
  return TimerId{event.index, ++event.generation};
}

TimerId Kernel::arm_socket_timer(HostId host, std::int64_t deadline_ns, const SocketTimer& timer) {
  Event& event = events_.take(Event::Kind::socket_timer);
  event.socket_timer = timer;
  return arm_clocked(event, host, ClockKind::mono, deadline_ns);
}

TimerId Kernel::arm_observer(HostId host, ClockKind clock, std::int64_t deadline_ns,
                             const Event::Observation& observation) {
  Event& event = events_.take(Event::Kind::observe);
  event.observation = observation;
  return arm_clocked(event, host, clock, deadline_ns);
}

void Kernel::cancel_armed(TimerId timer) {
  Event& event = events_[timer.slot];
  // An action leaves the generation alone.
  const bool named = event.kind == Event::Kind::observe || event.kind == Event::Kind::socket_timer;
  if (!named || event.generation != timer.generation) return;
  if (event.queued) queue_.erase(event.ticket);
  slots_.give_back(event.slot);
  events_.give_back(event);
}

void Kernel::rearm(Matter timer) {
  if (timer.kind() == Matter::Kind::waiter) {
    Waiter& waiter = timer.waiter();
    if (waiter.queued()) queue_.erase(waiter.ticket_);
    enqueue_clocked(waiter);
  } else {
    Event& event = timer.event();
    if (std::exchange(event.queued, false)) queue_.erase(event.ticket);
    enqueue_clocked(event);
  }
}

/// In the order in which they were armed: those that come at one time stay in order.
void Kernel::rearm_clocks(HostId host) {
  std::vector<std::pair<std::uint32_t, Matter>> timers;  // by sequence
  for (std::uint32_t slot = 0; slot < slots_.size(); ++slot) {
    const Matter matter = slots_[slot];
    if (matter.kind() == Matter::Kind::waiter) {
      const Waiter& waiter = matter.waiter();
      const bool follows = waiter.follows_ != 0 && waiter.process_->host_ == host;
      if (follows) timers.emplace_back(waiter.ticket_.sequence, matter);
    } else if (matter.kind() == Matter::Kind::event) {
      const Event& event = matter.event();
      if (event.clocked() && event.host == host) timers.emplace_back(event.ticket.sequence, matter);
    }
  }
  std::stable_sort(timers.begin(), timers.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [sequence, timer] : timers) rearm(timer);
}

bool Kernel::any_packet_from(ProcessId process) {
  for (std::uint32_t slot = 0; slot < slots_.size(); ++slot) {
    if (slots_[slot].kind() != Matter::Kind::packet) continue;
    const Packet& packet = slots_[slot].packet();
    const bool message = packet.kind == Packet::Kind::datagram || packet.is_segment();
    if (message && packet.from() == process) return true;
  }
  return false;
}

std::vector<Message> Kernel::messages_in_packets() {
  std::vector<Message> messages;
  for (std::uint32_t slot = 0; slot < slots_.size(); ++slot) {
    if (slots_[slot].kind() != Matter::Kind::packet) continue;
    const Packet& packet = slots_[slot].packet();
    if (packet.kind == Packet::Kind::datagram || packet.kind == Packet::Kind::data) {
      messages.push_back(packet.message());
    }
  }
  return messages;
}

void Kernel::at(TrueTime when, Action& action, std::uint64_t cookie) {
  LH_ASSERT(when >= now_);
  Event& event = events_.take(Event::Kind::action);
  event.deed = {&action, cookie};
  event.slot = slots_.take_or_grow(Matter(event));
  enqueue(event, when.since_zero().ns());
}

// -------------------------------------------------------------------------- waiting and running

void Kernel::spawn(Process& process, Task<void> task) {
  LH_ASSERT(process.alive());
  auto* const root = new RootTask(process, std::move(task));
  process.roots_.push_back(*root);
  root->start.park(root->task.prepare(trampoline_, *root));
  wake(root->start);
}

void Kernel::wake(Waiter& waiter) {
  // One that is ready is in a list too, which it is not to leave.
  if (waiter.parked() && waiter.linked()) waiter.unlink();
  if (!rouse(waiter)) return;
  Process& process = *waiter.process_;
  if (process.stops_ > 0) {
    process.backlog_.push_back(waiter);
    touched(FaultWatcher::Touch::stopped, process.id_);
  } else {
    ready_.push_back(waiter);
  }
}

void Kernel::abandon(Waiter& waiter) {
  disarm(waiter);
  if (waiter.linked()) waiter.unlink();
  waiter.state_ = Waiter::State::idle;
}

/// It is woken, and the process has been stopped meanwhile.
void Kernel::compute_on(Process::Compute& computation) {
  computation.state_ = Waiter::State::parked;
  go_on_computing(computation);
}

/// On a CPU that is or was slowed, or the table of slots is full.
void Kernel::go_on_in_trouble(Process::Compute& computation) {
  const std::uint64_t slowdown = hosts_[computation.process_->host_]->cpu_slowdown;
  const std::uint64_t before = std::exchange(computation.slowdown_, slowdown);
  if (before != slowdown) stretch(computation, before, slowdown);
  if (slowdown > 1) touched(FaultWatcher::Touch::cpu, computation.process_->id_);
  if (slots_.exhausted()) slots_.grow();
  sleep_until(computation, computation.due_ns_);
}

/// The CPU is `now` times slower than usual and no longer `before` times.
void Kernel::stretch(Process::Compute& computation, std::uint64_t before, std::uint64_t now) {
  const std::int64_t now_ns = now_.since_zero().ns();
  const std::int64_t left_ns = std::max<std::int64_t>(computation.due_ns_ - now_ns, 0);
  computation.due_ns_ = now_ns + stretched(left_ns, before, now);
}

/// Only time in which the process ran counts.
inline bool Kernel::still_computing(Process::Compute& computation) {
  const std::int64_t stopped = computation.process_->stopped_total_ns_;
  computation.due_ns_ += stopped - std::exchange(computation.stopped_before_ns_, stopped);
  return computation.due_ns_ > now_.since_zero().ns();
}

/// Its time has come: it is ready, for the caller to run.
[[gnu::always_inline]] inline Waiter& Kernel::ring(Waiter& waiter) {
  LH_ASSERT(waiter.state_ == Waiter::State::parked && waiter.process_->alive());
  waiter.slot_ = Waiter::kNoSlot;
  waiter.timed_out_ = true;
  if (waiter.purpose_ >= Waiter::Purpose::wait) [[unlikely]] {
    if (waiter.purpose_ == Waiter::Purpose::sync) finish_sync(static_cast<Process::Sync&>(waiter));
    if (waiter.linked()) waiter.unlink();
  }
  waiter.state_ = Waiter::State::ready;
  return waiter;
}

/// REQUIRES: ready, and in no list.
[[gnu::always_inline]] inline void Kernel::run(Waiter& waiter) {
  Process& process = *waiter.process_;
  if (process.stops_ > 0) [[unlikely]] {
    process.backlog_.push_back(waiter);
    touched(FaultWatcher::Touch::stopped, process.id_);
    return;
  }
  if (waiter.purpose_ == Waiter::Purpose::computation) {
    auto& computation = static_cast<Process::Compute&>(waiter);
    if (still_computing(computation)) [[unlikely]] {
      return compute_on(computation);
    }
  }
  waiter.state_ = Waiter::State::idle;
  if (watched()) trace({.kind = TraceEvent::Kind::woken, .process = process.id_});
  running_ = &process;
  RootTask* const completed = trampoline_.resume(waiter.coroutine_);
  running_ = nullptr;
  if (completed != nullptr) [[unlikely]] {
    delete completed;
  }
}

/// Takes the first that is ready; nothing if none is.
inline Waiter* Kernel::next_ready() {
  if (ready_.empty()) return nullptr;
  auto& waiter = static_cast<Waiter&>(*ready_.front());
  waiter.unlink();
  return &waiter;
}

/// Runs `first`, if there is one, and then all that is ready or becomes so.
[[gnu::always_inline]] inline void Kernel::run_ready(Waiter* first) {
  for (Waiter* waiter = first != nullptr ? first : next_ready(); waiter != nullptr;
       waiter = next_ready()) {
    run(*waiter);
  }
}

void Kernel::sync(Process::Sync& sync) {
  const Process& process = *sync.process_;
  LH_ASSERT(process.alive());
  ++counters_.fsyncs;
  if (hosts_[process.host_]->disk.is_faulty()) touched(FaultWatcher::Touch::disk, process.host_);
  const TrueTime done = hosts_[process.host_]->disk.begin_sync(now_, sync.pending_);
  if (slots_.exhausted()) slots_.grow();
  sleep_until(sync, done.since_zero().ns());
}

void Kernel::finish_sync(Process::Sync& sync) {
  hosts_[sync.process_->host_]->disk.finish_sync(sync.pending_);
  note({.kind = TraceEvent::Kind::synced,
        .process = sync.process_->id_,
        .detail = sync.pending_.ok ? 1u : 0u});
}

// ------------------------------------------------------------------------------------- the loop

[[gnu::always_inline]] inline Waiter* Kernel::dispatch_packet(Packet& packet) {
  const std::uint64_t way = std::uint64_t{packet.from()} << 32 ^ packet.to;
  if (packet.kind != Packet::Kind::datagram) {
    mix_event(Happening::segment, way);
    digest_.mix(std::uint64_t{packet.connection()} << 32 ^ packet.sequence,
                static_cast<std::uint64_t>(packet.kind) << 8 ^ packet.side);
    return network_.arrive(packet);
  }
  mix_event(Happening::datagram, way);
  packet.kind = Packet::Kind::none;
  Waiter* const receiver = network_.arrive_datagram(packet);
  return receiver != nullptr && rouse(*receiver) ? receiver : nullptr;
}

void Kernel::dispatch_other(Event& event) {
  slots_.give_back(event.slot);
  switch (event.kind) {
    case Event::Kind::observe: {
      const Event::Observation observation = event.observation;
      mix_event(Happening::observe, observation.cookie);
      events_.give_back(event);
      if (watched()) trace({.kind = TraceEvent::Kind::observed, .detail = observation.cookie});
      observation.observer->on_deadline(observation.cookie);
      break;
    }
    case Event::Kind::action: {
      const Event::Deed deed = event.deed;
      mix_event(Happening::action, deed.cookie);
      events_.give_back(event);
      if (watched()) trace({.kind = TraceEvent::Kind::action, .detail = deed.cookie});
      deed.action->act(deed.cookie);
      break;
    }
    case Event::Kind::socket_timer: {
      const SocketTimer timer = event.socket_timer;
      mix_event(Happening::socket_timer, std::uint64_t{timer.connection} << 16 ^
                                             static_cast<std::uint64_t>(timer.kind) << 8 ^
                                             timer.side);
      events_.give_back(event);
      network_.expire(timer);
      break;
    }
    default:
      LH_ASSERT(false);
  }
}

/// Does what the event is about; returns the waiter that is to run for it, if there is one.
[[gnu::always_inline]] inline Waiter* Kernel::dispatch(std::uint32_t slot) {
  const Matter matter = slots_[slot];
  if (matter.kind() == Matter::Kind::packet) return dispatch_packet(matter.packet());
  if (matter.kind() == Matter::Kind::waiter) {
    Waiter& waiter = matter.waiter();
    mix_event(Happening::wake, waiter.process_->id_);
    slots_.give_back(slot);
    return &ring(waiter);
  }
  dispatch_other(matter.event());
  return nullptr;
}

/// Brings into the cache what the next events will touch, step by step while others run: the event,
/// then its waiter, then the waiter's frame. Inline for sure: g++ drops calls of a function that
/// does nothing but prefetch, for it has no effect.
[[gnu::always_inline]] inline void Kernel::fetch_ahead() {
  const std::size_t known = queue_.sorted();
  const auto waiter_after = [this](std::size_t n) -> const Waiter* {
    const Matter matter = slots_[queue_.slot_after_first(n)];
    return matter.kind() == Matter::Kind::waiter ? &matter.waiter() : nullptr;
  };
  if (known > 2) {
    if (const Waiter* const waiter = waiter_after(2)) {
      __builtin_prefetch(waiter);
      __builtin_prefetch(waiter + 1);
    }
  }
  if (known > 1) {
    if (const Waiter* const waiter = waiter_after(1)) {
      __builtin_prefetch(waiter->coroutine_.address());
    }
  }
}

bool Kernel::run_until(TrueTime end) {
  LH_ASSERT(running_ == nullptr && end >= now_);
  run_ready(nullptr);
  const auto last_ns = static_cast<std::uint64_t>(end.since_zero().ns());
  while (queue_.next_time() <= last_ns) {
    if (counters_.events == events_allowed_) [[unlikely]] {
      return false;
    }
    const EventQueue::Entry entry = queue_.pop();
    const TrueTime when = TrueTime::at(Duration::nanoseconds(entry.time_ns));
    if (queue_.unsorted() > kCached) [[unlikely]] {
      fetch_ahead();
    }
    now_ = when;
    ++counters_.events;
    run_ready(dispatch(entry.slot));
  }
  now_ = end;
  return true;
}

// ------------------------------------------------------------------------------ what can be seen

void Kernel::emit(std::uint16_t kind, const void* record, const std::uint64_t* words,
                  std::size_t count) {
  digest_.mix(kind, count);
  for (std::size_t i = 0; i + 1 < count; i += 2) digest_.mix(words[i], words[i + 1]);
  if (count % 2 != 0) digest_.mix(words[count - 1]);
  hand_on(kind, record);
}

void Kernel::hand_on(std::uint16_t kind, const void* record) {
  if (watched()) {
    trace({.kind = TraceEvent::Kind::record,
           .process = running_ != nullptr ? running_->id_ : TraceEvent::kNobody,
           .detail = kind,
           .record = record});
  }
  const std::uint64_t sequence = counters_.records++;
  if (records_to_ != nullptr) records_to_->on_record(now_, sequence, kind, record);
}

void Kernel::trace(TraceEvent event) {
  event.at = now_;
  event.digest = digest_.value();
  trace_to_->on_event(event);
}

void Kernel::note(const TraceEvent& event) {
  digest_.mix(std::uint64_t{event.process} << 32 ^ event.peer,
              event.detail << 8 ^ static_cast<std::uint64_t>(event.kind));
  if (watched()) trace(event);
}

}  // namespace leasehold::sim
