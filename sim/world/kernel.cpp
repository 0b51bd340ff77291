#include "sim/world/kernel.hpp"

#include <algorithm>
#include <utility>

namespace leasehold::sim {

using Kind = TraceEvent::Kind;

Kernel::Kernel(std::uint64_t seed) : seed_(seed), network_(*this, seed), recorder_(*this) {
  events_.reserve(64);
}

Kernel::~Kernel() {
  for (Process& process : processes_) process.roots_.clear();
}

HostId Kernel::add_host(const HostSettings& settings) {
  const auto id = static_cast<HostId>(hosts_.size());
  hosts_.push_back(std::make_unique<Host>(seed_, id, settings));
  network_.add_host();
  return id;
}

Process& Kernel::add_process(HostId host, std::string name, Process::Body body) {
  LH_ASSERT(host < hosts_.size());
  const auto id = static_cast<ProcessId>(processes_.size());
  Process& process = processes_.emplace_back(*this, id, host, std::move(name), std::move(body));
  hosts_[host]->processes.push_back(id);
  start(process);
  return process;
}

// --------------------------------------------------------------------------------------- events

std::uint32_t Kernel::new_event(EventKind kind) {
  std::uint32_t slot = 0;
  if (free_events_.empty()) {
    slot = static_cast<std::uint32_t>(events_.size());
    events_.emplace_back();
  } else {
    slot = free_events_.back();
    free_events_.pop_back();
  }
  Event& event = events_[slot];
  event.kind = kind;
  event.clocked = false;
  event.queued = false;
  ++event.generation;
  return slot;
}

void Kernel::release(std::uint32_t slot) {
  events_[slot].kind = EventKind::none;
  free_events_.push_back(slot);
}

void Kernel::enqueue(std::uint32_t slot, TrueTime when) {
  events_[slot].ticket = queue_.push(when.since_zero().ns(), slot);
  events_[slot].queued = true;
}

void Kernel::enqueue_clocked(std::uint32_t slot) {
  Event& event = events_[slot];
  const TrueTime when = hosts_[event.host]->clock.when(event.clock, event.deadline_ns, now_);
  if (!when.is_never()) enqueue(slot, when);
}

TimerId Kernel::arm_clocked(EventKind kind, HostId host, ClockKind clock,
                            std::int64_t deadline_ns) {
  const std::uint32_t slot = new_event(kind);
  Event& event = events_[slot];
  event.clocked = true;
  event.host = host;
  event.clock = clock;
  event.deadline_ns = deadline_ns;
  enqueue_clocked(slot);
  return TimerId{slot, event.generation};
}

void Kernel::cancel(TimerId timer) {
  if (!timer) return;
  Event& event = events_[timer.slot];
  if (event.generation != timer.generation || event.kind == EventKind::none) return;
  if (event.queued) queue_.erase(event.ticket);
  release(timer.slot);
}

void Kernel::rearm_clocks(HostId host) {
  for (std::uint32_t slot = 0; slot < events_.size(); ++slot) {
    Event& event = events_[slot];
    if (event.kind == EventKind::none || !event.clocked || event.host != host) continue;
    if (event.queued) queue_.erase(event.ticket);
    event.queued = false;
    enqueue_clocked(slot);
  }
}

std::uint32_t Kernel::post_packet(TrueTime when, const NetworkEvent& packet) {
  const std::uint32_t slot = new_event(EventKind::network);
  events_[slot].packet = packet;
  enqueue(slot, when);
  return slot;
}

bool Kernel::any_packet_from(ProcessId process) const {
  return std::any_of(events_.begin(), events_.end(), [process](const Event& event) {
    return event.kind == EventKind::network && event.packet.from == process &&
           event.packet.kind <= NetworkEvent::Kind::fin;
  });
}

void Kernel::at(TrueTime when, Action& action, std::uint64_t cookie) {
  LH_ASSERT(when >= now_);
  const std::uint32_t slot = new_event(EventKind::action);
  events_[slot].action = &action;
  events_[slot].cookie = cookie;
  enqueue(slot, when);
}

void Kernel::run_until(TrueTime end) {
  run_ready();
  const std::int64_t end_ns = end.since_zero().ns();
  while (!queue_.empty() && queue_.top().time_ns <= end_ns) {
    const EventQueue::Entry entry = queue_.pop();
    now_ = TrueTime::at(Duration::nanoseconds(entry.time_ns));
    ++counters_.events;
    dispatch(entry.slot);
    run_ready();
  }
  now_ = end;
}

void Kernel::dispatch(std::uint32_t slot) {
  Event& event = events_[slot];
  digest_.mix(static_cast<std::uint64_t>(now_.since_zero().ns()) << 3 ^
              static_cast<std::uint64_t>(event.kind));
  switch (event.kind) {
    case EventKind::wake:
    case EventKind::synced: {
      Waiter& waiter = *event.waiter;
      const bool synced = event.kind == EventKind::synced;
      digest_.mix(waiter.process_->id_);
      release(slot);
      waiter.timer_ = TimerId{};
      waiter.timed_out_ = true;
      if (synced) finish_sync(waiter);
      wake(waiter);
      break;
    }
    case EventKind::observe: {
      DeadlineObserver& observer = *event.observer;
      const std::uint64_t cookie = event.cookie;
      digest_.mix(cookie);
      release(slot);
      trace({.kind = Kind::observed, .detail = cookie});
      observer.on_deadline(cookie);
      break;
    }
    case EventKind::action: {
      Action& action = *event.action;
      const std::uint64_t cookie = event.cookie;
      digest_.mix(cookie);
      release(slot);
      trace({.kind = Kind::action, .detail = cookie});
      action.act(cookie);
      break;
    }
    case EventKind::network: {
      const NetworkEvent packet = event.packet;
      release(slot);
      digest_.mix(static_cast<std::uint64_t>(packet.kind) << 56 ^
                  static_cast<std::uint64_t>(packet.connection) << 24 ^ packet.from << 12 ^
                  packet.to << 4 ^ packet.side);
      for (std::size_t i = 0; i < packet.message.words(); ++i) {
        digest_.mix(packet.message.word(i));
      }
      network_.handle(packet);
      break;
    }
    case EventKind::none:
      LH_ASSERT(false);
  }
}

// -------------------------------------------------------------------------- waiting and running

void Kernel::spawn(Process& process, Task<void> task) {
  LH_ASSERT(process.alive_);
  std::erase_if(process.roots_, [](const auto& root) { return root->task.done(); });
  auto& root =
      process.roots_.emplace_back(std::make_unique<Process::Root>(process, std::move(task)));
  root->start.park(root->task.prepare(trampoline_));
  wake(root->start);
}

void Kernel::wake(Waiter& waiter) {
  LH_ASSERT(waiter.process_->alive_);
  if (waiter.state_ != Waiter::State::parked) return;
  cancel(std::exchange(waiter.timer_, TimerId{}));
  if (waiter.linked()) waiter.unlink();
  waiter.state_ = Waiter::State::ready;
  (waiter.process_->stops_ > 0 ? waiter.process_->backlog_ : ready_).push_back(waiter);
}

void Kernel::abandon(Waiter& waiter) {
  cancel(std::exchange(waiter.timer_, TimerId{}));
  if (waiter.linked()) waiter.unlink();
  waiter.state_ = Waiter::State::idle;
}

void Kernel::sleep(Waiter& waiter, ClockKind clock, std::int64_t deadline_ns) {
  LH_ASSERT(waiter.process_->alive_);
  waiter.timer_ = arm_clocked(EventKind::wake, waiter.process_->host_, clock, deadline_ns);
  events_[waiter.timer_.slot].waiter = &waiter;
}

void Kernel::compute(Waiter& waiter, Duration span) {
  waiter.computing_ = true;
  waiter.due_ns_ = (now_ + span).since_zero().ns();
  waiter.stopped_before_ns_ = waiter.process_->stopped_total_ns_;
  arm_computation(waiter);
}

void Kernel::arm_computation(Waiter& waiter) {
  const std::uint32_t slot = new_event(EventKind::wake);
  events_[slot].waiter = &waiter;
  waiter.timer_ = TimerId{slot, events_[slot].generation};
  enqueue(slot, TrueTime::at(Duration::nanoseconds(waiter.due_ns_)));
}

bool Kernel::still_computing(Waiter& waiter) {
  const std::int64_t stopped = waiter.process_->stopped_total_ns_;
  waiter.due_ns_ += stopped - std::exchange(waiter.stopped_before_ns_, stopped);
  if (waiter.due_ns_ <= now_.since_zero().ns()) return false;
  waiter.state_ = Waiter::State::parked;
  arm_computation(waiter);
  return true;
}

void Kernel::run_ready() {
  while (!ready_.empty()) {
    auto& waiter = static_cast<Waiter&>(*ready_.front());
    waiter.unlink();
    Process& process = *waiter.process_;
    if (process.stops_ > 0) {
      process.backlog_.push_back(waiter);
      continue;
    }
    if (waiter.computing_ && still_computing(waiter)) continue;
    waiter.state_ = Waiter::State::idle;
    trace({.kind = Kind::woken, .process = process.id_});
    running_ = &process;
    trampoline_.resume(waiter.coroutine_);
    running_ = nullptr;
  }
}

void Kernel::sync(PendingSync& sync) {
  Process& process = sync.waiter->process();
  const TrueTime done = hosts_[process.host_]->disk.begin_sync(now_, sync);
  ++counters_.fsyncs;
  const std::uint32_t slot = new_event(EventKind::synced);
  events_[slot].waiter = sync.waiter;
  sync.waiter->sync_ = &sync;
  sync.waiter->timer_ = TimerId{slot, events_[slot].generation};
  enqueue(slot, done);
}

void Kernel::finish_sync(Waiter& waiter) {
  hosts_[waiter.process_->host_]->disk.finish_sync(*waiter.sync_);
  trace({.kind = Kind::synced, .process = waiter.process_->id_});
}

void Kernel::emit(std::uint16_t kind, const void* record) {
  digest_.mix(kind);
  trace({.kind = Kind::record,
         .process = running_ != nullptr ? running_->id_ : TraceEvent::kNobody,
         .detail = kind,
         .record = record});
  const std::uint64_t sequence = counters_.records++;
  if (records_to_ != nullptr) records_to_->on_record(now_, sequence, kind, record);
}

}  // namespace leasehold::sim
