#include "models/postgres/server.hpp"

#include <algorithm>
#include <utility>

#include "models/postgres/log.hpp"

namespace leasehold::models::postgres {

using sim::Duration;
using sim::Incoming;
using sim::Message;
using sim::MonoTime;
using sim::Task;

namespace {

/// Values of a sequence that are logged ahead (sequence.c, SEQ_LOG_VALS): a crash skips some of
/// them and repeats none.
constexpr std::uint64_t kLoggedAhead = 32;

Duration milliseconds(std::uint64_t ms) {
  return Duration::milliseconds(static_cast<std::int64_t>(ms));
}

}  // namespace

Server::Server(sim::Process& self, const ServerOptions& options, SessionGrant& grants,
               JobTable* jobs)
    : self_(self),
      options_(options),
      grants_(grants),
      jobs_(jobs),
      service_time_(self.stream(sim::purpose("postgres.service"))),
      confirmed_(self) {
  recover();
}

Standing Server::standing(std::uint64_t key) const {
  Standing standing;
  const auto attempt_of = [this](sim::ConnectionId session) {
    const auto backend = backends_.find(session);
    return backend == backends_.end() ? checkers::AttemptId{0} : backend->second->attempt;
  };
  const std::optional<sim::ConnectionId> holder = locks_.holder(key);
  standing.holder = holder ? attempt_of(*holder) : 0;
  for (const sim::ConnectionId session : locks_.waiting(key)) {
    standing.waiting.push_back(attempt_of(session));
  }
  return standing;
}

// ------------------------------------------------------------------------------------- sessions

Task<void> Server::serve() {
  self_.listen(options_.tcp);
  while (true) {
    const Incoming incoming = co_await self_.inbox().receive();
    dispatch(incoming);
  }
}

void Server::dispatch(const Incoming& incoming) {
  if (incoming.kind == Incoming::Kind::opened) {
    const auto backend = std::make_shared<Backend>(self_, incoming.connection);
    backends_[incoming.connection] = backend;
    self_.spawn(run(backend));
    return;
  }
  const auto found = backends_.find(incoming.connection);
  if (found == backends_.end()) return;
  found->second->arrived.push_back(incoming);
  found->second->turn.notify_all();
}

// A backend, from startup to the end of its session.
Task<void> Server::run(std::shared_ptr<Backend> backend) {
  while (true) {
    const Incoming incoming = co_await next(*backend);
    if (incoming.is_broken()) break;
    co_await self_.compute(options_.service.sample(service_time_));
    if (backend->over) break;
    begin_statement(*backend);
    const auto query = incoming.message.as<Query>();
    const Result result = co_await execute(*backend, query);
    if (backend->over) break;
    self_.send_over(backend->id, Message::of(result));
    if (result.kind == Result::Kind::fatal) break;
  }
  end(*backend);
}

Task<Incoming> Server::next(Backend& backend) {
  while (backend.arrived.empty()) co_await backend.turn.wait();
  const Incoming incoming = backend.arrived.front();
  backend.arrived.pop_front();
  co_return incoming;
}

void Server::end(Backend& backend) {
  if (!backends_.contains(backend.id)) return;  // the whole server ended before it
  self_.close(backend.id);
  grants_.end(self_.id(), backend.attempt, checkers::Grant::End::session);
  const LockTable::Keys keys = locks_.end_session(backend.id);
  backends_.erase(backend.id);
  for (const std::uint64_t key : keys) grant_next(key);
}

// ----------------------------------------------------------------------------------- statements

Task<Result> Server::execute(Backend& backend, Query query) {
  Result result{Result::Kind::ready, 1};
  switch (query.statement) {
    case Statement::startup:
      if (backends_.size() > options_.max_connections) result.kind = Result::Kind::fatal;
      break;
    case Statement::begin:
      backend.in_transaction = true;
      break;
    case Statement::commit:
      result.value = backend.in_transaction ? 1 : 0;
      backend.in_transaction = false;
      break;
    case Statement::advisory_lock: {
      const bool locked = co_await lock(backend, query, Scope::session);
      result.value = locked ? 1 : 0;
    } break;
    case Statement::advisory_xact_lock: {
      const bool locked = co_await lock(backend, query, Scope::transaction);
      result.value = locked ? 1 : 0;
    } break;
    case Statement::try_advisory_lock:
      result.value = try_lock(backend, query, Scope::session) ? 1 : 0;
      break;
    case Statement::try_advisory_xact_lock:
      result.value = try_lock(backend, query, Scope::transaction) ? 1 : 0;
      break;
    case Statement::advisory_unlock:
      result.value = unlock(backend, query.key) ? 1 : 0;
      break;
    case Statement::nextval:
      result.value = next_token(backend);
      break;
    case Statement::set_lock_timeout:
      backend.lock_timeout = milliseconds(query.key);
      break;
    case Statement::sleep:
      co_await stay_busy(backend, milliseconds(query.key));
      break;
    case Statement::replicate: {
      const std::uint64_t record = co_await replicate(backend, query.key);
      result.value = record;
    } break;
    case Statement::claim_run: {
      LH_ASSERT(jobs_ != nullptr);
      const std::optional<std::uint64_t> run = co_await jobs_->claim(query.attempt);
      if (!run) panic();
      result.value = run.value_or(0);
    } break;
  }
  const bool commits = backend.has_to_commit && !backend.in_transaction && !backend.over;
  if (commits) co_await commit(backend);
  co_return result;
}

void Server::begin_statement(Backend& backend) const {
  const Duration interval = options_.connection_check_interval;
  backend.next_look = interval > Duration::zero() ? self_.mono_now() + interval : MonoTime::never();
}

// Waits within a statement, until notified or `until`. The backend is busy: unless it is told to
// look, it learns only afterwards that its client has left.
Task<void> Server::wait_busy(Backend& backend, MonoTime until) {
  co_await backend.turn.wait_until(std::min(until, backend.next_look));
  if (self_.mono_now() < backend.next_look) co_return;
  backend.next_look = backend.next_look + options_.connection_check_interval;
  if (client_left(backend)) backend.over = true;
}

Task<void> Server::stay_busy(Backend& backend, Duration span) {
  const MonoTime until = self_.mono_now() + span;
  while (self_.mono_now() < until && !backend.over) co_await wait_busy(backend, until);
}

bool Server::client_left(const Backend& backend) {
  return !backend.arrived.empty() && backend.arrived.back().is_broken();
}

// ---------------------------------------------------------------------------------------- locks

bool Server::try_lock(Backend& backend, const Query& query, Scope scope) {
  if (!locks_.try_lock(query.key, backend.id, scope)) return false;
  backend.attempt = query.attempt;
  if (scope == Scope::transaction) backend.has_to_commit = true;
  grants_.begin(self_, query.attempt);
  return true;
}

// Waits its turn in the queue of the key. False: lock_timeout came first, or the client had left.
Task<bool> Server::lock(Backend& backend, Query query, Scope scope) {
  backend.attempt = query.attempt;
  if (!locks_.try_lock(query.key, backend.id, scope)) {
    locks_.wait(query.key, backend.id, scope);
    const MonoTime give_up = backend.lock_timeout > Duration::zero()
                                 ? self_.mono_now() + backend.lock_timeout
                                 : MonoTime::never();
    while (!locks_.holds(query.key, backend.id)) {
      if (self_.mono_now() >= give_up) locks_.stop_waiting(query.key, backend.id);
      if (self_.mono_now() >= give_up || backend.over) co_return false;
      co_await wait_busy(backend, give_up);
    }
  }
  if (scope == Scope::transaction) backend.has_to_commit = true;
  grants_.begin(self_, query.attempt);
  co_return true;
}

bool Server::unlock(Backend& backend, std::uint64_t key) {
  if (!locks_.unlock(key, backend.id)) return false;
  const bool let_go = !locks_.holds(key, backend.id);
  if (let_go) grants_.end(self_.id(), backend.attempt, checkers::Grant::End::released);
  grant_next(key);
  return true;
}

void Server::grant_next(std::uint64_t key) {
  const std::optional<LockTable::Session> next = locks_.grant_next(key);
  if (next) backends_.at(*next)->turn.notify_all();
}

// ----------------------------------------------------------------------------------- durability

// The end of a transaction, after each statement outside of one: first what it wrote is made
// durable, then its locks go.
Task<void> Server::commit(Backend& backend) {
  backend.has_to_commit = false;
  if (std::exchange(backend.wrote, false)) {
    sim::File& log = self_.file(kSequenceFile);
    const std::size_t written = log.size();
    const bool durable = co_await self_.sync(log);
    if (!durable) panic();
    if (backend.over) co_return;
    flushed_ = std::max(flushed_, written);
    const auto standby = backends_.find(standby_);
    if (standby != backends_.end()) standby->second->turn.notify_all();
    while (options_.synchronous && confirmed_records_ < written) {
      co_await confirmed_.wait();
      if (backend.over) co_return;
    }
  }
  for (const std::uint64_t key : locks_.end_transaction(backend.id)) {
    grants_.end(self_.id(), backend.attempt, checkers::Grant::End::released);
    grant_next(key);
  }
}

std::uint64_t Server::next_token(Backend& backend) {
  const std::uint64_t token = ++sequence_;
  if (token > sequence_logged_) {
    sequence_logged_ = token + kLoggedAhead;
    self_.file(kSequenceFile).append(sim::DiskRecord::of(sequence_logged_));
    backend.wrote = backend.has_to_commit = true;
  }
  return token;
}

// Sends a standby the next record of the log once it is flushed here; unless commits are to be
// synchronous, they do not wait for that. What the standby asks for tells what it has flushed.
Task<std::uint64_t> Server::replicate(Backend& backend, std::uint64_t position) {
  standby_ = backend.id;
  confirmed_records_ = position;
  confirmed_.notify_all();
  while (flushed_ <= position && !backend.over && !client_left(backend)) {
    co_await backend.turn.wait();
  }
  if (flushed_ <= position) co_return 0;  // nobody will read it
  co_return self_.file(kSequenceFile)[position].as<std::uint64_t>();
}

void Server::recover() {
  sim::File& log = self_.file(kSequenceFile);
  drop_torn_end(log);
  flushed_ = log.size();
  if (flushed_ > 0) sequence_ = sequence_logged_ = log[flushed_ - 1].as<std::uint64_t>();
}

// What PostgreSQL does since 12 when an fsync fails: every session ends, and the server starts
// again from its log.
void Server::panic() {
  for (const auto& [id, backend] : std::exchange(backends_, {})) {
    self_.close(id);
    backend->over = true;
    backend->arrived.push_back({Incoming::Kind::closed, 0, id, Message()});
    backend->turn.notify_all();
  }
  confirmed_.notify_all();
  locks_ = LockTable();
  grants_.server_forgot(self_.id());
  recover();
}

}  // namespace leasehold::models::postgres
