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

/// Has the waiter woken at that moment. Last of all, so that the rarer way is a jump and what
/// comes before keeps nothing for it.
[[gnu::always_inline]] inline void Kernel::enqueue(Waiter& waiter, std::int64_t when_ns) {
  if (!queue_.is_near(when_ns)) return enqueue_far(waiter, when_ns);
  waiter.ticket_ = queue_.push_near(when_ns, waiter.slot_);
}

/// Gives up the waiter's timer, if it has one.
[[gnu::always_inline]] inline void Kernel::disarm(Waiter& waiter) {
  if (!waiter.has_timer()) return;
  if (waiter.queued()) [[likely]] {
    queue_.erase(waiter.ticket_);
  }
  slots_.give_back(std::exchange(waiter.slot_, Waiter::kNoSlot));
}

/// REQUIRES: it has no timer.
[[gnu::always_inline]] inline void Kernel::sleep(Waiter& waiter, ClockKind clock,
                                                 std::int64_t deadline_ns) {
  const Process& process = *waiter.process_;
  LH_ASSERT(process.alive());
  if (slots_.exhausted() || !process.clock_->runs_to(deadline_ns)) [[unlikely]] {
    return sleep_in_trouble(waiter, clock, deadline_ns);
  }
  waiter.slot_ = slots_.take(Matter(waiter));
  waiter.follows_ = bit_of(clock);
  waiter.deadline_ns_ = deadline_ns;
  const TrueTime when = process.clock_->when_running(clock, deadline_ns, now_);
  enqueue(waiter, when.since_zero().ns());
}

/// At a moment of true time. REQUIRES: it has no timer, and slots_ is not exhausted.
[[gnu::always_inline]] inline void Kernel::sleep_until(Waiter& waiter, std::int64_t when_ns) {
  waiter.slot_ = slots_.take(Matter(waiter));
  waiter.follows_ = 0;
  enqueue(waiter, when_ns);
}

[[gnu::always_inline]] inline void Process::arm(Waiter& waiter, MonoTime deadline) {
  if (deadline.is_never()) return;
  kernel_->sleep(waiter, ClockKind::mono, deadline.since_zero().ns());
}

/// Waits for what is left of it, at the speed that the CPU has now.
[[gnu::always_inline]] inline void Kernel::go_on_computing(Process::Compute& computation) {
  const std::uint64_t slowdown = hosts_[computation.process_->host_]->cpu_slowdown;
  const bool usual = slowdown == 1 && computation.slowdown_ == 1;
  if (!usual || slots_.exhausted()) [[unlikely]] {
    return go_on_in_trouble(computation);
  }
  sleep_until(computation, computation.due_ns_);
}

[[gnu::always_inline]] inline void Kernel::compute(Process::Compute& computation) {
  const Process& process = *computation.process_;
  LH_ASSERT(process.alive());
  computation.due_ns_ = (now_ + computation.span_).since_zero().ns();
  computation.stopped_before_ns_ = process.stopped_total_ns_;
  go_on_computing(computation);
}

/// Makes it ready for the caller to run or to put in a list. False if it is not parked. REQUIRES:
/// in no list.
[[gnu::always_inline]] inline bool Kernel::rouse(Waiter& waiter) {
  const Process& process = *waiter.process_;
  if (!waiter.parked()) return false;
  if (!process.alive()) [[unlikely]] {
    LH_ASSERT(process.life_ == Process::Life::dying);
    return false;
  }
  disarm(waiter);
  waiter.state_ = Waiter::State::ready;
  return true;
}

/// Takes the letter in; returns the waiter that receives from here, if there is one.
[[gnu::always_inline]] inline Waiter* Mailbox::add(Letter& letter) {
  letter.next = nullptr;
  *end_ = &letter;
  end_ = &letter.next;
  return std::exchange(receiver_, nullptr);
}

// --------------------------------------------------------------------------------------- packets

/// Nothing ever takes it off the queue.
[[gnu::always_inline]] inline void Kernel::enqueue(const Parcel& parcel, TrueTime when) {
  const std::int64_t when_ns = when.since_zero().ns();
  if (queue_.is_near(when_ns)) [[likely]] {
    queue_.push_near(when_ns, parcel.slot);
  } else {
    queue_.push_far(when_ns, parcel.slot);
  }
}

/// A packet for the caller to fill.
[[gnu::always_inline]] inline Packet& Kernel::post_packet(TrueTime when) {
  Parcel& parcel = packets_.take_or_grow();
  enqueue(parcel, when);
  return parcel;
}

[[gnu::always_inline]] inline Network::Link::Draw Network::Link::draw() {
  const std::uint64_t word = streams->delay.next();
  // While no packet can be lost, the words of the loss stream are only counted.
  if (loss_per_million == 0) {
    ++streams->loss_words_due;
    return {word, false};
  }
  return {word, streams->loss.below(1'000'000) < loss_per_million};
}

/// Sends a packet on its way; false when it is lost at once.
[[gnu::always_inline]] inline bool Network::travel(Link& l, TrueTime& arrival) {
  if (l.exceptions > 0) [[unlikely]] {
    return travel_in_trouble(l, arrival);
  }
  const Link::Draw draw = l.draw();
  if (draw.lost) [[unlikely]] {
    return false;
  }
  arrival = kernel_.now_ + l.delay.at(draw.delay) + l.extra_delay;
  return true;
}

[[gnu::always_inline]] inline bool Network::reachable(std::uint32_t host) const {
  const Kernel::Host& machine = *kernel_.hosts_[host];
  return machine.powered && machine.stops == 0;
}

/// Whether a packet that left `from` earlier gets through to `to` now.
[[gnu::always_inline]] inline bool Network::arrives(std::uint32_t from, std::uint32_t to) const {
  const bool there = link(from, to).shut == 0;
  if (!there) [[unlikely]] {
    tell_of_stray(from, to);
  }
  return there;
}

/// Returns the waiter that is to receive it, if there is one.
[[gnu::always_inline]] inline Waiter* Network::arrive_datagram(Packet& packet) {
  Process& process = kernel_.process(packet.to);
  const bool there = process.alive() && links_[packet.link].shut == 0;
  if (!there) [[unlikely]] {
    if (process.alive()) tell_of_stray(kernel_.host_of(packet.from()), process.host_);
    lose_datagram(packet.from(), packet.to, packet.message());
    kernel_.packets_.give_back(packet);
    return nullptr;
  }
  if (kernel_.watched()) {
    kernel_.trace({.kind = TraceEvent::Kind::datagram_delivered,
                   .process = packet.to,
                   .peer = packet.from(),
                   .message = &packet.message()});
  }
  return process.inbox_.add(packet);
}

}  // namespace leasehold::sim
