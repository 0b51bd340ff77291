// How the two ends of a connection notice silence: see the class comment of network.hpp.
#include <algorithm>
#include <utility>

#include "sim/world/connection_parts.hpp"

namespace leasehold::sim {

namespace {

// Linux: TCP_RTO_MIN, TCP_RTO_MAX, tcp_retries2, tcp_orphan_retries.
constexpr std::int64_t kFirstTimeoutNs = 200'000'000;
constexpr std::int64_t kLongestTimeoutNs = 120'000'000'000;
constexpr std::uint32_t kMostRetransmissions = 15;
constexpr std::uint32_t kMostRetransmissionsAfterClose = 8;

}  // namespace

// ------------------------------------------------------------------------------- retransmission

/// The segment did not arrive: its sender keeps it until a retransmission does.
void Network::hold(Stream& stream, const Packet& segment) {
  End& sender = stream.end[segment.side];
  if (sender.state == End::State::gone) return;
  if (segment.sequence < sender.out.acknowledged) return;  // one of two copies
  ++counters_.stalled;
  if (kernel_.watched()) {
    kernel_.trace({.kind = TraceEvent::Kind::segment_stalled,
                   .process = segment.from(),
                   .peer = segment.to,
                   .detail = stream.id});
  }
  insert_by_sequence(sender.out.again, segment);
  start_retransmission(stream, segment.side, segment.sent_ns);
}

/// The timer is armed only when something is known to have failed, as if it had run since then.
void Network::start_retransmission(Stream& stream, std::uint8_t side, std::int64_t sent_ns) {
  End& sender = stream.end[side];
  Outgoing& out = sender.out;
  if (out.timer || out.acknowledged == out.next) return;
  const std::int64_t age = kernel_.now_.since_zero().ns() - sent_ns;
  out.unacknowledged_since_ns = mono_ns(sender) - age;
  out.timeout_ns = kFirstTimeoutNs;
  out.timer = arm(stream, side, SocketTimer::Kind::retransmit,
                  out.unacknowledged_since_ns + out.timeout_ns);
}

void Network::retransmit(Stream& stream, std::uint8_t side) {
  End& end = stream.end[side];
  Outgoing& out = end.out;
  LH_ASSERT(out.acknowledged < out.next);
  const std::int64_t now = mono_ns(end);
  const std::int64_t user_timeout = end.options.user_timeout.ns();
  const std::uint32_t most =
      end.state == End::State::closing ? kMostRetransmissionsAfterClose : kMostRetransmissions;
  const bool expired =
      user_timeout > 0 ? now - out.unacknowledged_since_ns >= user_timeout : out.attempts >= most;
  if (expired) return break_end(stream, side, Incoming::Kind::timed_out);
  ++out.attempts;
  out.timeout_ns = std::min(2 * out.timeout_ns, kLongestTimeoutNs);
  std::int64_t next = now + out.timeout_ns;
  if (user_timeout > 0) next = std::min(next, out.unacknowledged_since_ns + user_timeout);
  out.timer = arm(stream, side, SocketTimer::Kind::retransmit, next);
  const bool head_lost = !out.again.empty() && out.again.front().sequence == out.acknowledged;
  Packet head = head_lost ? out.again.front() : packet(stream, side, Packet::Kind::duplicate);
  head.retransmitted = true;
  head.sent_ns = kernel_.now_.since_zero().ns();
  launch(stream, head);
}

/// More was acknowledged while the timer ran.
void Network::go_on_sending(Stream& stream, std::uint8_t side) {
  Outgoing& out = stream.end[side].out;
  while (!out.again.empty() && out.again.front().sequence < out.acknowledged) {
    out.again.erase(out.again.begin());
  }
  // A loss that no timeout has noticed yet waits for its timeout.
  if (!out.again.empty() && out.attempts == 0) return;
  kernel_.cancel(std::exchange(out.timer, TimerId{}));
  out.attempts = 0;
  const std::vector<Packet> again = std::exchange(out.again, {});
  for (Packet segment : again) {
    segment.sent_ns = kernel_.now_.since_zero().ns();
    if (!launch(stream, segment)) hold(stream, segment);
  }
}

// ------------------------------------------------------------------------------------ keepalive

void Network::start_keepalive(Stream& stream, std::uint8_t side) {
  End& end = stream.end[side];
  const std::int64_t idle = end.options.keepalive_idle.ns();
  if (idle <= 0) return;
  end.last_heard_ns = mono_ns(end);
  end.keepalive_timer = arm(stream, side, SocketTimer::Kind::keepalive, end.last_heard_ns + idle);
}

/// Linux's tcp_keepalive_timer(). A probe and its answer are judged at once.
void Network::keepalive(Stream& stream, std::uint8_t side) {
  End& end = stream.end[side];
  const End& peer = stream.end[other(side)];
  const ConnectionOptions& options = end.options;
  const auto again_at = [&](std::int64_t deadline_ns) {
    end.keepalive_timer = arm(stream, side, SocketTimer::Kind::keepalive, deadline_ns);
  };
  const std::int64_t now = mono_ns(end);
  const std::int64_t silent = now - end.last_heard_ns;
  // Unacknowledged data has its own timer.
  if (end.out.timer) return again_at(now + options.keepalive_idle.ns());
  if (silent < options.keepalive_idle.ns()) {
    return again_at(end.last_heard_ns + options.keepalive_idle.ns());
  }
  const bool expired = options.user_timeout > Duration::zero()
                           ? silent >= options.user_timeout.ns() && end.probes > 0
                           : end.probes >= options.keepalive_count;
  if (expired) {
    send_reset(stream, side);
    return break_end(stream, side, Incoming::Kind::timed_out);
  }
  ++end.probes;
  TrueTime arrival;
  const bool asked = travel(link(end.host, peer.host), arrival) && reachable(peer.host);
  const bool answered = asked && travel(link(peer.host, end.host), arrival);
  if (!answered) return again_at(now + options.keepalive_interval.ns());
  if (peer.state == End::State::gone || peer.state == End::State::unborn) {
    return break_end(stream, side, Incoming::Kind::reset);
  }
  heard(end);
  again_at(now + options.keepalive_idle.ns());
}

// ----------------------------------------------------------------------------------- foretelling

std::optional<TrueTime> Network::breaks_at(ConnectionId id, ProcessId process) {
  using State = End::State;
  const Stream* const stream = find(id);
  if (stream == nullptr) return kernel_.now_;
  const std::uint8_t side = side_of(*stream, process);
  const End& end = stream->end[side];
  const End& peer = stream->end[other(side)];
  const auto reads = [this](const End& of, std::int64_t reading) {
    return kernel_.clock(of.host).when(ClockKind::mono, reading, kernel_.now_);
  };
  const auto due = [this](TimerId timer) { return kernel_.events_[timer.slot].deadline_ns; };
  if (end.state != State::open) return kernel_.now_;
  if (stream->in_flight > 0) return std::nullopt;
  if (peer.state == State::open) {
    const bool quiet = !end.out.timer && !peer.out.timer;
    return quiet ? std::optional(TrueTime::never()) : std::nullopt;
  }
  // What closes sends its last word until that arrives.
  if (peer.state == State::closing && peer.out.timer) return reads(peer, due(peer.out.timer));
  if (peer.state != State::gone) return std::nullopt;
  const bool answered = reachable(peer.host);
  if (end.out.timer) return reads(end, gives_up_at(end, answered));
  if (!end.keepalive_timer) return TrueTime::never();
  return reads(end, probes_end_at(end, answered));
}

/// Unacknowledged data goes out again, to a host that resets it or is not there.
std::int64_t Network::gives_up_at(const End& end, bool answered) const {
  const std::int64_t next = kernel_.events_[end.out.timer.slot].deadline_ns;
  if (answered) return next;
  const std::int64_t user_timeout = end.options.user_timeout.ns();
  if (user_timeout > 0) return end.out.unacknowledged_since_ns + user_timeout;
  std::int64_t at = next;
  std::int64_t timeout = end.out.timeout_ns;
  for (std::uint32_t i = end.out.attempts; i < kMostRetransmissions; ++i) {
    timeout = std::min(2 * timeout, kLongestTimeoutNs);
    at += timeout;
  }
  return at;
}

/// The next probe is answered with a reset, or one after the other with silence.
std::int64_t Network::probes_end_at(const End& end, bool answered) const {
  const ConnectionOptions& options = end.options;
  std::int64_t at = std::max(kernel_.events_[end.keepalive_timer.slot].deadline_ns,
                             end.last_heard_ns + options.keepalive_idle.ns());
  if (answered) return at;
  const std::int64_t user_timeout = options.user_timeout.ns();
  for (std::uint32_t probes = end.probes;; ++probes) {
    const bool expired = user_timeout > 0 ? at - end.last_heard_ns >= user_timeout && probes > 0
                                          : probes >= options.keepalive_count;
    if (expired) return at;
    at += options.keepalive_interval.ns();
  }
}

}  // namespace leasehold::sim
