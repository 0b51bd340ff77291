// What becomes of a request inside one member.
#include <algorithm>

#include "models/etcd/lock_call.hpp"
#include "models/etcd/server.hpp"

namespace leasehold::models::etcd {

using sim::Duration;
using sim::Message;
using sim::MonoTime;

namespace {

constexpr Duration kRequestTimeout = Duration::seconds(5) + 2 * raft::kElectionTimeout;
constexpr Duration kRetry = Duration::milliseconds(500);
/// ceil(1.5 election timeouts).
constexpr std::uint64_t kLeastTtlSeconds = 2;

Command::Kind command_kind(Verb verb) {
  switch (verb) {
    case Verb::lease_grant:
      return Command::Kind::lease_grant;
    case Verb::lease_revoke:
      return Command::Kind::lease_revoke;
    case Verb::put_if_absent:
      return Command::Kind::put_if_absent;
    case Verb::delete_key:
      return Command::Kind::delete_key;
    case Verb::put_last_run:
      return Command::Kind::put_last_run;
    default:
      return Command::Kind::no_op;
  }
}

bool reads(Verb verb) {
  return verb == Verb::get || verb == Verb::last_created || verb == Verb::get_last_run;
}

}  // namespace

void Server::start(const Origin& origin, const Request& request) {
  if (request.verb == Verb::watch_delete) {
    watchers_.push_back({origin, request.key, request.revision});
    return answer_watchers();
  }
  if (request.verb == Verb::lock) {
    const auto call = std::make_shared<LockCall>(*this, origin);
    std::erase_if(lock_calls_, [](const auto& weak) { return weak.expired(); });
    lock_calls_.push_back(call);
    ++running_;
    return self_.spawn(serve_lock(call, request));
  }
  const bool is_read = reads(request.verb);
  if (is_read && request.serializable != 0) return answer(origin, look_up(request));

  Pending pending;
  pending.id = ++next_id_;
  pending.origin = origin;
  pending.request = request;
  pending.deadline = self_.mono_now() + kRequestTimeout;
  if (request.verb == Verb::lease_grant) {
    pending.request.lease = ++next_lease_;
    pending.request.value = std::max(request.value, kLeastTtlSeconds);
  }
  pending_.push_back(pending);
  if (is_read) return read(pending_.back());
  if (request.verb == Verb::lease_keep_alive) return renew(pending_.back());
  propose(pending_.back());
}

void Server::propose(Pending& pending) {
  pending.stage = Pending::Stage::proposing;
  if (node_.leader() == raft::kNobody) return;
  pending.stage = Pending::Stage::proposed;
  const Request& request = pending.request;
  Command command;
  command.kind = command_kind(request.verb);
  command.proposer = static_cast<std::uint8_t>(slot_);
  command.request = pending.id;
  command.lease = request.lease;
  command.key = request.key;
  command.attempt = request.attempt;
  command.revision = request.revision;
  command.value = request.value;
  if (request.verb == Verb::lease_grant) command.ttl_s = static_cast<std::uint16_t>(request.value);
  node_.propose(payload_of(command));
}

void Server::read(Pending& pending) {
  pending.stage = Pending::Stage::reading;
  const bool retries = options_.version == Version::v3_5;
  pending.retry_at = retries ? self_.mono_now() + kRetry : MonoTime::never();
  node_.read_index(context_of(pending));
}

/// Only the leader times leases: it renews, everybody else passes the request on.
void Server::renew(Pending& pending) {
  pending.stage = Pending::Stage::renewing;
  pending.retry_at = self_.mono_now() + kRetry;
  if (node_.leads() && lessor_.is_primary()) {
    if (is_surely_leader()) return confirm(pending);
    pending.stage = Pending::Stage::confirming;
    return node_.read_index(context_of(pending));
  }
  if (pending.origin.kind == Origin::Kind::peer) return forget(pending.id);
  const raft::NodeIndex leader = node_.leader();
  if (leader == raft::kNobody || leader == slot_) return;
  self_.send(node_.process_of(leader),
             Message::of(RenewRequest{pending.id, pending.request.lease}));
}

/// etcd's ensureLeadership (3.4.31, 3.5.13): a leader whose raft loop was stuck may be none any
/// more, and asks a majority before it renews or revokes. 3.4.23 does not.
bool Server::is_surely_leader() const {
  if (options_.version == Version::v3_4) return true;
  return self_.mono_now() - node_.last_tick() <= 3 * raft::kTick;
}

/// Acts on a lease as the leader that this member is now known to be.
void Server::confirm(Pending& pending) {
  if (!node_.leads() || !lessor_.is_primary()) {
    pending.stage =
        Pending::Stage::renewing;  // somebody else's business: the next retry sees to it
    return;
  }
  if (pending.request.verb == Verb::lease_revoke) return propose(pending);
  const Lessor::Renewal renewal = lessor_.renew(pending.request.lease);
  pending.stage = Pending::Stage::renewing;
  if (renewal == Lessor::Renewal::expired) return;  // and found dead once it is revoked
  Reply reply{};
  reply.lease = pending.request.lease;
  reply.ttl_s = renewal == Lessor::Renewal::renewed ? lessor_.ttl_s(pending.request.lease) : 0;
  answer(pending.origin, reply);
  forget(pending.id);
}

void Server::revoke_due_leases() {
  for (const LeaseId lease : lessor_.due()) {
    Pending pending;
    pending.id = ++next_id_;
    pending.request.verb = Verb::lease_revoke;
    pending.request.lease = lease;
    pending.deadline = self_.mono_now() + kRequestTimeout;
    pending.retry_at = MonoTime::never();
    pending.stage = Pending::Stage::confirming;
    pending_.push_back(pending);
    if (is_surely_leader()) {
      propose(pending_.back());
    } else {
      node_.read_index(context_of(pending));
    }
  }
}

void Server::retry_and_time_out() {
  if (pending_.empty()) return;
  const MonoTime now = self_.mono_now();
  std::vector<std::uint32_t> ids;
  for (const Pending& pending : pending_) {
    if (now >= pending.deadline || now >= pending.retry_at) ids.push_back(pending.id);
  }
  for (const std::uint32_t id : ids) {
    Pending* pending = find(id);
    if (pending == nullptr) continue;
    if (now >= pending->deadline) {
      Reply reply{};
      reply.status = Status::timeout;
      if (pending->origin.kind != Origin::Kind::peer) answer(pending->origin, reply);
      forget(id);
    } else if (pending->stage == Pending::Stage::reading) {
      read(*pending);
    } else if (pending->request.verb == Verb::lease_keep_alive) {
      renew(*pending);
    }
  }
}

Reply Server::look_up(const Request& request) const {
  Reply reply{};
  reply.revision = store_.revision();
  reply.key = request.key;
  if (request.verb == Verb::last_created) {
    const std::optional<Key> found = store_.last_created(request.revision);
    if (!found) return reply;
    reply.key = *found;
  }
  const Store::KeyValue* value = store_.find(reply.key);
  if (value == nullptr) return reply;
  if (request.verb == Verb::get_last_run) {
    reply.mod_revision = value->mod_revision;
    reply.value = value->value;
    return reply;
  }
  reply.own_revision = value->create_revision;
  reply.lease = value->lease;
  return reply;
}

void Server::answer(const Origin& origin, Reply reply) {
  reply.id = origin.id;
  switch (origin.kind) {
    case Origin::Kind::nobody:
      return;
    case Origin::Kind::client:
      return self_.send_over(origin.connection, message_of(reply));
    case Origin::Kind::peer:
      return self_.send(origin.peer, Message::of(RenewReply{origin.id, reply.ttl_s}));
    case Origin::Kind::local:
      origin.local->reply = reply;
      origin.local->done = true;
      return answered_.notify_all();
  }
}

void Server::answer_reads() {
  for (std::size_t i = 0; i < pending_.size();) {
    const Pending& pending = pending_[i];
    if (pending.stage == Pending::Stage::catching_up && node_.applied() >= pending.index) {
      answer(pending.origin, look_up(pending.request));
      pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
}

void Server::answer_watchers() {
  std::erase_if(watchers_, [this](const Watcher& watcher) {
    if (!store_.was_deleted(watcher.key, watcher.from)) return false;
    Reply reply{};
    reply.key = watcher.key;
    reply.revision = store_.revision();
    answer(watcher.origin, reply);
    return true;
  });
}

/// Nobody waits for these replies any more.
void Server::detach(const LocalCall& call) {
  const auto waits = [&call](const auto& asked) { return asked.origin.local == &call; };
  std::erase_if(watchers_, waits);
  std::erase_if(pending_, waits);
}

Server::Pending* Server::find(std::uint32_t id) {
  const auto found = std::find_if(pending_.begin(), pending_.end(),
                                  [id](const Pending& pending) { return pending.id == id; });
  return found == pending_.end() ? nullptr : &*found;
}

void Server::forget(std::uint32_t id) {
  std::erase_if(pending_, [id](const Pending& pending) { return pending.id == id; });
}

}  // namespace leasehold::models::etcd
