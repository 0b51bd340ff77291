#pragma once

#include <utility>

#include "sim/world/kernel.hpp"

/// What nearly every event of a run goes through: waking and arming, sending and delivering.
/// Inline, so that each of the few functions that begin such a step is one piece of code without
/// calls.
namespace leasehold::sim {

// ---------------------------------------------------------------------------------------- clocks

[[gnu::always_inline]] inline std::int64_t Process::read(ClockKind clock) const {
  if (watched_clocks_ != 0) [[unlikely]] {
    return read_watched(clock);
  }
  return clock_->read(clock, kernel_->now_);
}

// ------------------------------------------------------------------------------- waiting, waking

[[gnu::always_inline]] inline void Kernel::enqueue(Event& event, std::int64_t when_ns) {
  event.ticket = queue_.push(when_ns, event.slot);
  event.queued = true;
}

[[gnu::always_inline]] inline Event& Kernel::take_wake(Waiter& waiter) {
  Event& event = events_.take(Event::Kind::wake);
  event.waiter = &waiter;
  waiter.timer_ = &event;
  return event;
}

/// Gives up the waiter's timer, if it has one.
[[gnu::always_inline]] inline void Kernel::disarm(Waiter& waiter) {
  if (waiter.timer_ == nullptr) return;
  Event& event = *std::exchange(waiter.timer_, nullptr);
  if (event.queued) queue_.erase(event.ticket);
  events_.give_back(event);
}

/// REQUIRES: it has no timer.
[[gnu::always_inline]] inline void Kernel::sleep(Waiter& waiter, ClockKind clock,
                                                 std::int64_t deadline_ns) {
  const Process& process = *waiter.process_;
  LH_ASSERT(process.alive() && waiter.timer_ == nullptr);
  const TrueTime when = process.clock_->when(clock, deadline_ns, now_);
  Event& event = take_wake(waiter);
  event.clocked = true;
  event.clock = clock;
  event.host = process.host_;
  event.deadline_ns = deadline_ns;
  if (!when.is_never()) [[likely]] {
    enqueue(event, when.since_zero().ns());
  }
}

[[gnu::always_inline]] inline void Process::arm(Waiter& waiter, MonoTime deadline) {
  if (deadline.is_never()) return;
  kernel_->sleep(waiter, ClockKind::mono, deadline.since_zero().ns());
}

/// Waits for what is left of it, at the speed that the CPU has now.
[[gnu::always_inline]] inline void Kernel::go_on_computing(Process::Compute& computation) {
  Host& machine = *hosts_[computation.process_->host_];
  const std::uint64_t before = std::exchange(computation.slowdown_, machine.cpu_slowdown);
  if (before != machine.cpu_slowdown) [[unlikely]] {
    stretch(computation, before, machine.cpu_slowdown);
  }
  if (machine.cpu_slowdown > 1) touched(FaultWatcher::Touch::cpu, computation.process_->id_);
  machine.computing.push_back(computation);
  enqueue(take_wake(computation), computation.due_ns_);
}

[[gnu::always_inline]] inline void Kernel::compute(Process::Compute& computation) {
  const Process& process = *computation.process_;
  LH_ASSERT(process.alive());
  computation.due_ns_ = (now_ + computation.span_).since_zero().ns();
  computation.stopped_before_ns_ = process.stopped_total_ns_;
  go_on_computing(computation);
}

/// Makes it ready for the caller to run or to put in a list. False if it is not parked.
[[gnu::always_inline]] inline bool Kernel::rouse(Waiter& waiter) {
  const Process& process = *waiter.process_;
  if (waiter.state_ != Waiter::State::parked) return false;
  if (!process.alive()) [[unlikely]] {
    LH_ASSERT(process.life_ == Process::Life::dying);
    return false;
  }
  disarm(waiter);
  if (waiter.linked()) waiter.unlink();
  waiter.state_ = Waiter::State::ready;
  return true;
}

/// Puts a message in the mailbox; returns the waiter that receives from it, if there is one.
[[gnu::always_inline]] inline Waiter* Mailbox::add(Incoming::Kind kind, ProcessId from,
                                                   ConnectionId connection,
                                                   const Message& message) {
  if (size_ == capacity_) [[unlikely]] {
    grow();
  }
  Incoming& incoming = ring_[place(size_++)];
  incoming.kind = kind;
  incoming.from = from;
  incoming.connection = connection;
  incoming.message = message;
  return receivers_.empty() ? nullptr : static_cast<Waiter*>(receivers_.front());
}

// --------------------------------------------------------------------------------------- packets

/// A packet for the caller to fill. Nothing ever takes it off the queue.
[[gnu::always_inline]] inline Packet& Kernel::post_packet(TrueTime when) {
  Event& event = events_.take(Event::Kind::packet);
  queue_.push(when.since_zero().ns(), event.slot);
  return *event.packet;
}

/// Sends a packet on its way; false when it is lost at once.
[[gnu::always_inline]] inline bool Network::travel(std::uint32_t from, std::uint32_t to,
                                                   TrueTime& arrival) {
  Link& l = link(from, to);
  if (!l.streams) [[unlikely]] {
    seed_streams(l, std::uint64_t{from} << 32 | to);
  }
  // Both words are drawn whatever happens: see the class comment. While no packet can be lost, the
  // words of the loss stream are only counted.
  const std::uint64_t word = l.streams->delay.next();
  bool lost = false;
  if (l.loss_per_million == 0) {
    ++l.streams->loss_words_due;
  } else {
    lost = l.streams->loss.below(1'000'000) < l.loss_per_million;
  }
  if (l.watches > 0) [[unlikely]] {
    tell_watcher(from, to, lost);
  }
  if (lost || l.cuts > 0) return false;
  arrival = kernel_.now_ + l.delay.at(word) + l.extra_delay;
  return true;
}

[[gnu::always_inline]] inline bool Network::reachable(std::uint32_t host) const {
  const Kernel::Host& machine = *kernel_.hosts_[host];
  return machine.powered && machine.stops == 0;
}

/// Whether a packet that left `from` earlier gets through to `to` now.
[[gnu::always_inline]] inline bool Network::arrives(std::uint32_t from, std::uint32_t to) const {
  const bool there = link(from, to).cuts == 0 && reachable(to);
  if (!there) [[unlikely]] {
    tell_of_stray(from, to);
  }
  return there;
}

/// Returns the waiter that is to receive it, if there is one.
[[gnu::always_inline]] inline Waiter* Network::arrive_datagram(const Packet& packet) {
  Process& process = kernel_.process(packet.to);
  if (!process.alive() || !arrives(kernel_.host_of(packet.from), process.host_)) [[unlikely]] {
    lose_datagram(packet.from, packet.to, packet.message);
    return nullptr;
  }
  if (kernel_.watched()) {
    kernel_.trace({.kind = TraceEvent::Kind::datagram_delivered,
                   .process = packet.to,
                   .peer = packet.from,
                   .message = &packet.message});
  }
  return process.inbox_.add(Incoming::Kind::datagram, packet.from, 0, packet.message);
}

}  // namespace leasehold::sim
