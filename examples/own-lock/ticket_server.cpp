#include "examples/own-lock/ticket_server.hpp"

#include <algorithm>

#include "models/attempt.hpp"

namespace own_lock {

using leasehold::checkers::Grant;
using models::AttemptId;
using sim::MonoTime;
using sim::Task;

namespace {

constexpr std::uint32_t kLivesFile = 1;

}  // namespace

TicketServer::TicketServer(sim::Process& self, const Options& options, Promises& promises)
    : self_(self),
      options_(options),
      promises_(promises),
      service_time_(self.stream(sim::purpose("own-ticket.service"))),
      opens_(self.mono_now()) {
  promises_.server = this;
}

TicketServer::~TicketServer() { promises_.server = nullptr; }

Task<void> TicketServer::serve() {
  co_await open();
  while (true) {
    const std::optional<sim::Incoming> incoming = co_await self_.inbox().receive_until(turn_ends_);
    if (self_.mono_now() >= turn_ends_) {
      line_.pop_front();
      call_first();
    }
    if (!incoming) continue;
    co_await self_.compute(options_.service.sample(service_time_));
    const Answer reply = answer(incoming->message.as<Ask>());
    self_.send(incoming->from, sim::Message::of(reply));
  }
}

// A restarted server has forgotten the line. It waits until every turn that it may have promised is
// over, and numbers its tickets above all earlier ones: by its lives, of which it keeps count.
Task<void> TicketServer::open() {
  sim::File& lives = self_.file(kLivesFile);
  lives.append(sim::DiskRecord::of(std::uint64_t{1}));
  bool counted = false;
  while (!counted) counted = co_await self_.sync(lives);
  last_ticket_ = std::uint64_t{lives.size()} << 32;
  if (self_.incarnation() > 0) opens_ = self_.mono_now() + options_.lease;
  co_await self_.sleep_until(opens_);
  self_.inbox().clear();
}

Answer TicketServer::answer(const Ask& ask) {
  if (ask.verb == Verb::take) return take(ask);
  return {ask.call, leave(ask.attempt) ? 1u : 0u, 0};
}

Answer TicketServer::take(const Ask& ask) {
  const auto of_attempt = [&ask](const Place& place) { return place.attempt == ask.attempt; };
  auto place = std::find_if(line_.begin(), line_.end(), of_attempt);
  if (place == line_.end()) {
    line_.push_back({ask.attempt, ++last_ticket_});
    if (line_.size() == 1) call_first();
    place = line_.end() - 1;
  }
  const bool served = place == line_.begin();
  const std::int64_t left = served ? (turn_ends_ - self_.mono_now()).ns() : 0;
  return {ask.call, place->ticket, std::max(left, std::int64_t{0})};
}

bool TicketServer::leave(AttemptId attempt) {
  const bool was_first = !line_.empty() && line_.front().attempt == attempt;
  std::erase_if(line_, [attempt](const Place& place) { return place.attempt == attempt; });
  promises_.end(attempt, Grant::End::released);
  if (was_first) call_first();
  return was_first;
}

void TicketServer::call_first() {
  turn_ends_ = line_.empty() ? MonoTime::never() : self_.mono_now() + options_.lease;
  if (line_.empty()) return;
  promises_.begin(self_, line_.front().attempt, line_.front().ticket, turn_ends_);
}

models::WayOut TicketServer::way_out() const {
  const MonoTime until = line_.empty() ? opens_ : turn_ends_;
  return models::WayOut::by(
      models::WayOut::ClockReads{self_.id(), sim::ClockKind::mono, until.since_zero()});
}

// ------------------------------------------------------------------------------ for the observer

void Promises::begin(sim::Process& by, AttemptId attempt, models::Token ticket, MonoTime until) {
  recorder_ = &by.recorder();
  end(attempt, Grant::End::deadline);
  recorder_->emit(
      Grant{Grant::Phase::begun, Grant::End::none, models::client_of(attempt), attempt, ticket});
  promised_[attempt] = recorder_->at(by, sim::ClockKind::mono, until.since_zero(), *this, attempt);
}

void Promises::end(AttemptId attempt, Grant::End why) {
  const auto promised = promised_.find(attempt);
  if (promised == promised_.end()) return;
  recorder_->cancel(promised->second);
  promised_.erase(promised);
  recorder_->emit(Grant{Grant::Phase::ended, why, models::client_of(attempt), attempt, 0});
}

void Promises::on_deadline(std::uint64_t attempt) { end(attempt, Grant::End::deadline); }

}  // namespace own_lock
