#include "models/postgres/server.hpp"

namespace leasehold::models::postgres {

using sim::Incoming;
using sim::Message;
using sim::Task;

namespace {

constexpr std::uint32_t kSequenceFile = 1;
/// Values of a sequence that are logged ahead (sequence.c, SEQ_LOG_VALS): a crash skips some of
/// them and repeats none.
constexpr std::uint64_t kLoggedAhead = 32;

}  // namespace

Server::Server(sim::Process& self, const ServerOptions& options, SessionGrant& grants,
               JobTable* jobs)
    : self_(self),
      options_(options),
      grants_(grants),
      jobs_(jobs),
      service_time_(self.stream(sim::purpose("postgres.service"))) {
  const sim::File& log = self_.file(kSequenceFile);
  for (std::size_t i = 0; i < log.size() && !log[i].torn; ++i) {
    sequence_ = sequence_logged_ = log[i].as<std::uint64_t>();
  }
}

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
      backend.in_transaction = false;
      result.value = unlock(backend, query.key) ? 1 : 0;
      break;
    case Statement::advisory_lock:
    case Statement::advisory_xact_lock: {
      const bool locked = co_await lock(backend, query);
      backend.over = !locked;
    } break;
    case Statement::try_advisory_lock:
      result.value = locks_.try_lock(query.key, backend.id) ? 1 : 0;
      if (result.value == 1) {
        backend.attempt = query.attempt;
        grants_.begin(self_.recorder(), query.attempt, 0);
      }
      break;
    case Statement::advisory_unlock:
      result.value = unlock(backend, query.key) ? 1 : 0;
      break;
    case Statement::nextval: {
      const std::uint64_t token = co_await next_token();
      result.value = token;
      break;
    }
    case Statement::claim_run: {
      LH_ASSERT(jobs_ != nullptr);
      const std::optional<std::uint64_t> run = co_await jobs_->claim(query.attempt);
      backend.over = !run;
      result.value = run.value_or(0);
    } break;
  }
  co_return result;
}

// Waits its turn in the queue of the key. The backend is busy: unless it is told to look, it learns
// only afterwards that its client has left. False: it looked, and the client had.
Task<bool> Server::lock(Backend& backend, Query query) {
  backend.attempt = query.attempt;
  if (!locks_.try_lock(query.key, backend.id)) {
    locks_.wait(query.key, backend.id);
    const sim::Duration interval = options_.connection_check_interval;
    while (!locks_.holds(query.key, backend.id)) {
      const sim::MonoTime look =
          interval > sim::Duration::zero() ? self_.mono_now() + interval : sim::MonoTime::never();
      const bool notified = co_await backend.turn.wait_until(look);
      if (!notified && client_left(backend)) co_return false;
    }
  }
  grants_.begin(self_.recorder(), query.attempt, 0);
  co_return true;
}

bool Server::client_left(const Backend& backend) {
  return !backend.arrived.empty() && backend.arrived.back().is_broken();
}

bool Server::unlock(Backend& backend, std::uint64_t key) {
  if (!locks_.unlock(key, backend.id)) return false;
  if (!locks_.holds(key, backend.id)) grants_.end(backend.attempt, checkers::Grant::End::released);
  grant_next(key);
  return true;
}

void Server::grant_next(std::uint64_t key) {
  const std::optional<LockTable::Session> next = locks_.grant_next(key);
  if (next) backends_.at(*next)->turn.notify_all();
}

void Server::end(Backend& backend) {
  self_.close(backend.id);
  grants_.end(backend.attempt, checkers::Grant::End::session);
  const std::vector<std::uint64_t> keys = locks_.end_session(backend.id);
  backends_.erase(backend.id);
  for (const std::uint64_t key : keys) grant_next(key);
}

Task<std::uint64_t> Server::next_token() {
  const std::uint64_t token = ++sequence_;
  if (token > sequence_logged_) {
    sequence_logged_ = token + kLoggedAhead;
    sim::File& log = self_.file(kSequenceFile);
    log.append(sim::DiskRecord::of(sequence_logged_));
    co_await self_.sync(log);
  }
  co_return token;
}

}  // namespace leasehold::models::postgres
