#include "models/etcd/client.hpp"

namespace leasehold::models::etcd {

using sim::Duration;
using sim::Incoming;
using sim::MonoTime;
using sim::Task;

namespace {

constexpr Duration kDialTimeout = Duration::seconds(2);
constexpr Duration kRedialPause = Duration::milliseconds(100);

sim::ConnectionOptions grpc_keepalive() {
  sim::ConnectionOptions options;
  options.keepalive_idle = Duration::seconds(2);
  options.keepalive_interval = Duration::seconds(2);
  options.user_timeout = Duration::seconds(6);
  return options;
}

bool may_be_repeated(Verb verb) {
  return verb == Verb::get || verb == Verb::last_created || verb == Verb::get_last_run ||
         verb == Verb::watch_delete || verb == Verb::lease_keep_alive;
}

}  // namespace

Client::Client(sim::Process& self, std::vector<sim::ProcessId> members)
    : self_(self), members_(std::move(members)), changed_(self) {
  sim::Rng chance = self.stream(sim::purpose("etcd.endpoint"));
  member_ = chance.below(members_.size());
  self_.spawn(keep_connected());
}

Task<std::optional<Reply>> Client::call(Request request, MonoTime until) {
  while (true) {
    const std::optional<Reply> reply = co_await ask(request, until);
    if (reply || !may_be_repeated(request.verb)) co_return reply;
    if (self_.mono_now() >= until) co_return reply;
  }
}

Task<std::optional<Reply>> Client::ask(Request request, MonoTime until) {
  while (!connected_) {
    const bool in_time = co_await changed_.wait_until(until);
    if (!in_time) co_return std::nullopt;
  }
  Call call;
  call.id = request.id = ++ids_;
  calls_.push_back(&call);
  connection_.send(sim::Message::of(request));
  bool in_time = true;
  while (in_time && !call.reply && !call.broken) in_time = co_await changed_.wait_until(until);
  std::erase(calls_, &call);
  const bool lasts = request.verb == Verb::lock || request.verb == Verb::watch_delete;
  if (!call.reply && !call.broken && connected_ && lasts) {
    request.verb = Verb::cancel;
    connection_.send(sim::Message::of(request));
  }
  co_return call.reply;
}

Task<void> Client::keep_connected() {
  while (true) {
    connected_ = co_await connect();
    if (connected_) {
      changed_.notify_all();
      co_await receive_replies();
      connected_ = false;
      for (Call* call : calls_) call->broken = true;
      changed_.notify_all();
    }
    connection_ = sim::Connection();
    member_ = (member_ + 1) % members_.size();
    co_await self_.sleep(kRedialPause);
  }
}

Task<bool> Client::connect() {
  connection_ = self_.connect(members_[member_], grpc_keepalive());
  const MonoTime give_up = self_.mono_now() + kDialTimeout;
  const std::optional<Incoming> incoming = co_await connection_.mailbox().receive_until(give_up);
  co_return incoming && incoming->kind == Incoming::Kind::opened;
}

/// Until the connection breaks or the member turns out to be of no use.
Task<void> Client::receive_replies() {
  bool served = true;
  while (served) {
    const Incoming incoming = co_await connection_.mailbox().receive();
    if (incoming.is_broken()) co_return;
    const Reply reply = reply_of(incoming.message);
    deliver(reply);
    served = reply.status != Status::timeout;
  }
}

void Client::deliver(const Reply& reply) {
  for (Call* call : calls_) {
    if (call->id == reply.id) call->reply = reply;
  }
  changed_.notify_all();
}

}  // namespace leasehold::models::etcd
