#include "models/etcd/server.hpp"

#include <algorithm>
#include <utility>

#include "models/etcd/lock_call.hpp"

namespace leasehold::models::etcd {

using sim::Incoming;
using sim::Message;
using sim::MonoTime;
using sim::Task;

namespace {

constexpr sim::Duration kLeaseScan = sim::Duration::milliseconds(500);

raft::Settings raft_settings(std::uint32_t slot, std::size_t members, Version version) {
  const bool v3_5 = version == Version::v3_5;
  return raft::Settings{slot, static_cast<std::uint32_t>(members), v3_5, v3_5};
}

/// Names that no earlier life of the member gave: they begin with its clock, as etcd's do.
std::uint32_t since_boot(const sim::Process& self, sim::Duration unit) {
  return static_cast<std::uint32_t>(self.boot_now().since_zero() / unit);
}

}  // namespace

Server::Server(sim::Process& self, std::uint32_t slot, std::span<const sim::ProcessId> members,
               const ServerOptions& options)
    : self_(self),
      slot_(slot),
      options_(options),
      node_(self, raft_settings(slot, members.size(), options.version), members, *this),
      lessor_(self, options.version == Version::v3_4 ? sim::ClockKind::wall : sim::ClockKind::mono,
              options.observer),
      answered_(self),
      ended_(self),
      next_id_(since_boot(self, sim::Duration::milliseconds(1)) << 12),
      next_lease_((slot + 1) << 28 | (since_boot(self, sim::Duration::milliseconds(100)) & 0xffff)
                                         << 12),
      service_time_(self.stream(sim::purpose("etcd.service"))),
      next_scan_(self.mono_now() + kLeaseScan) {}

Server::~Server() {
  if (options_.leadership != nullptr) options_.leadership->lost(slot_);
}

std::optional<std::uint64_t> Server::last_run() const {
  const Store::KeyValue* last = store_.find(kLastRun);
  if (last == nullptr) return std::nullopt;
  return last->value;
}

WayOut Server::way_out() const {
  const Store::KeyValue* first = store_.first();
  return first == nullptr ? WayOut::free() : lessor_.way_out(first->lease);
}

Standing Server::standing() const {
  Standing standing;
  standing.answers = node_.recovered() && !stopping_;
  if (!standing.answers) return standing;
  const raft::Role role = node_.raft().role();
  standing.role = role == raft::Role::leader     ? Standing::Role::leader
                  : role == raft::Role::follower ? Standing::Role::follower
                                                 : Standing::Role::candidate;
  standing.term = node_.term();
  if (store_.find(kLastRun) != nullptr) return standing;  // a claim is no lock
  standing.waiting = store_.values();
  standing.holder = 0;
  if (standing.waiting.empty()) return standing;
  standing.holder = standing.waiting.front();
  standing.waiting.erase(standing.waiting.begin());
  if (const auto deadline = lessor_.deadline(store_.first()->lease)) standing.until = *deadline;
  return standing;
}

Task<void> Server::serve() {
  ++running_;
  self_.spawn(run_raft());
  MonoTime next_tick = self_.mono_now() + raft::kTick;
  while (!stopping_) {
    const std::optional<Incoming> incoming = co_await self_.inbox().receive_until(next_tick);
    if (incoming) {
      if (incoming->kind == Incoming::Kind::data) {
        co_await self_.compute(options_.service.sample(service_time_));
      }
      take(*incoming);
    }
    const MonoTime now = self_.mono_now();
    if (now < next_tick) continue;
    next_tick = next_tick + raft::kTick;
    if (next_tick <= now) next_tick = now + raft::kTick;  // missed ticks are not made up for
    tick();
  }
  stop_listening();
  while (running_ > 0) {
    answered_.notify_all();
    co_await ended_.wait();
  }
}

Task<void> Server::run_raft() {
  co_await node_.run();
  stopping_ = true;
  --running_;
  ended_.notify_all();
}

void Server::tick() {
  if (stopping_ || !node_.recovered()) return;
  self_.listen();
  node_.tick();
  retry_and_time_out();
  if (self_.mono_now() < next_scan_) return;
  next_scan_ = self_.mono_now() + kLeaseScan;
  revoke_due_leases();
}

void Server::take(const Incoming& incoming) {
  // Nobody listens while it starts and once it fails.
  if (stopping_ || !node_.recovered()) {
    if (incoming.kind != Incoming::Kind::datagram) self_.close(incoming.connection);
    return;
  }
  switch (incoming.kind) {
    case Incoming::Kind::datagram:
      return take_datagram(incoming);
    case Incoming::Kind::opened:
      connections_.push_back(incoming.connection);
      return;
    case Incoming::Kind::data: {
      const auto request = incoming.message.as<Request>();
      if (request.verb == Verb::cancel) return cancel_calls(incoming.connection, request.id);
      Origin origin;
      origin.kind = Origin::Kind::client;
      origin.connection = incoming.connection;
      origin.id = request.id;
      return start(origin, request);
    }
    case Incoming::Kind::closed:
    case Incoming::Kind::reset:
    case Incoming::Kind::timed_out:
      return drop_connection(incoming.connection);
  }
}

void Server::take_datagram(const Incoming& incoming) {
  const Message& message = incoming.message;
  if (message.is<RenewRequest>()) {
    const auto renewal = message.as<RenewRequest>();
    Origin origin;
    origin.kind = Origin::Kind::peer;
    origin.peer = incoming.from;
    origin.id = renewal.id;
    Request request{};
    request.verb = Verb::lease_keep_alive;
    request.lease = static_cast<LeaseId>(renewal.lease);
    start(origin, request);
  } else if (message.is<RenewReply>()) {
    const auto renewed = message.as<RenewReply>();
    const Pending* pending = find(static_cast<std::uint32_t>(renewed.id));
    if (pending == nullptr || pending->stage != Pending::Stage::renewing) return;
    Reply reply{};
    reply.lease = pending->request.lease;
    reply.ttl_s = static_cast<std::uint32_t>(renewed.ttl_s);
    answer(pending->origin, reply);
    forget(static_cast<std::uint32_t>(renewed.id));
  } else {
    node_.receive(incoming.from, message);
  }
}

void Server::drop_connection(sim::ConnectionId connection) {
  self_.close(connection);
  std::erase(connections_, connection);
  const auto is_from = [connection](const auto& asked) {
    return asked.origin.kind == Origin::Kind::client && asked.origin.connection == connection;
  };
  std::erase_if(watchers_, is_from);
  // A proposal takes its course all the same.
  std::erase_if(pending_, is_from);
  cancel_calls(connection, std::nullopt);
}

/// Those with the given id, or all of the connection.
void Server::cancel_calls(sim::ConnectionId connection, std::optional<std::uint64_t> id) {
  const auto is_meant = [connection, id](const Origin& origin) {
    return origin.kind == Origin::Kind::client && origin.connection == connection &&
           (!id || origin.id == *id);
  };
  std::erase_if(watchers_, [&](const Watcher& watcher) { return is_meant(watcher.origin); });
  for (const std::weak_ptr<LockCall>& weak : lock_calls_) {
    const std::shared_ptr<LockCall> call = weak.lock();
    if (call && is_meant(call->origin())) call->cancel();
  }
  answered_.notify_all();
}

void Server::stop_listening() {
  for (const sim::ConnectionId connection : std::exchange(connections_, {})) {
    self_.close(connection);
  }
}

Task<void> Server::serve_lock(std::shared_ptr<LockCall> call, Request request) {
  Mutex mutex(*call, options_.version);
  const Locked locked = co_await mutex.lock(request.lease, request.attempt, MonoTime::never());
  if (!call->cancelled()) {
    Reply reply{};
    reply.key = Mutex::key_of(request.lease);
    reply.own_revision = locked.revision;
    reply.lease = request.lease;
    const bool expired = locked.outcome == LockOutcome::session_expired;
    reply.status = locked.outcome == LockOutcome::locked ? Status::ok
                   : expired                             ? Status::session_expired
                                                         : Status::timeout;
    answer(call->origin(), reply);
  }
  --running_;
  ended_.notify_all();
}

Task<std::optional<Reply>> Server::LockCall::call(Request request, MonoTime) {
  LocalCall call;
  if (refuses(request)) co_return call.reply;
  Origin origin;
  origin.kind = Origin::Kind::local;
  origin.local = &call;
  server_.start(origin, request);
  while (!call.done && !refuses(request)) co_await server_.answered_.wait();
  server_.detach(call);
  co_return call.reply;
}

// ------------------------------------------------------------------------ what Raft has decided

void Server::on_commit(raft::LogIndex index, const raft::Entry& entry) {
  if (entry.is_no_op()) {
    // The no-op of its own term stands behind everything earlier leaders committed.
    if (node_.leads() && entry.term == node_.term()) lessor_.promote();
    return;
  }
  const Command command = command_of(entry.payload);
  const Applied applied = store_.apply(command);
  if (command.kind == Command::Kind::lease_revoke) lessor_.remove(command.lease);
  if (options_.observer != nullptr) options_.observer->on_apply(self_, index, command, applied);
  if (command.kind == Command::Kind::lease_grant) lessor_.grant(command.lease, command.ttl_s);
  answer_watchers();

  Pending* asked = command.proposer == slot_ ? find(command.request) : nullptr;
  if (asked != nullptr) {
    const bool granted = command.kind == Command::Kind::lease_grant;
    answer(asked->origin,
           Reply{0, applied.status, command.key, applied.revision, applied.own_revision,
                 applied.first_revision, granted ? command.lease : applied.lease, command.ttl_s,
                 applied.mod_revision, command.value});
    forget(command.request);
  }
  answer_reads();
}

void Server::on_read(std::uint64_t context, raft::LogIndex index) {
  Pending* pending = find(static_cast<std::uint32_t>(context));
  if (pending == nullptr) return;
  if (pending->stage == Pending::Stage::confirming) return confirm(*pending);
  if (pending->stage != Pending::Stage::reading) return;
  pending->stage = Pending::Stage::catching_up;
  pending->index = index;
  answer_reads();
}

void Server::on_leader_change() {
  if (!node_.leads()) lessor_.demote();
  if (options_.leadership != nullptr) {
    node_.leads() ? options_.leadership->won(slot_, node_.term())
                  : options_.leadership->lost(slot_);
  }
  if (node_.leads()) {
    self_.recorder().emit(checkers::Milestone{checkers::Milestone::What::elected, slot_, 0});
  }
  if (node_.leader() == raft::kNobody) return;
  std::vector<std::uint32_t> ids;
  for (const Pending& pending : pending_) ids.push_back(pending.id);
  for (const std::uint32_t id : ids) {
    Pending* pending = find(id);
    if (pending == nullptr) continue;
    if (pending->stage == Pending::Stage::proposing) propose(*pending);
    if (pending->stage == Pending::Stage::reading) {
      Reply reply{};
      reply.status = Status::leader_changed;
      answer(pending->origin, reply);
      forget(id);
    }
  }
}

}  // namespace leasehold::models::etcd
