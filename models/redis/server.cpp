#include "models/redis/server.hpp"

namespace leasehold::models::redis {

using sim::Incoming;
using sim::Message;
using sim::Task;

Server::Server(sim::Process& self, const sim::Distribution& service, KeyspaceObserver* observer)
    : self_(self),
      service_(service),
      service_time_(self.stream(sim::purpose("redis.service"))),
      observer_(observer) {}

Task<void> Server::serve() {
  self_.listen();
  while (true) {
    const Incoming incoming = co_await self_.inbox().receive();
    if (incoming.kind != Incoming::Kind::data) continue;
    co_await self_.compute(service_.sample(service_time_));
    const Reply reply = execute(incoming.message.as<Request>());
    self_.send_over(incoming.connection, Message::of(reply));
  }
}

Reply Server::execute(const Request& request) {
  Entry* entry = live(request.key);
  switch (request.verb) {
    case Verb::get:
      if (entry == nullptr) return {Reply::Kind::nil, 0};
      return {Reply::Kind::value, entry->value};
    case Verb::set_nx_px:
      return {set_nx_px(request) ? Reply::Kind::ok : Reply::Kind::nil, 0};
    case Verb::set_nx_px_and_incr:
      if (!set_nx_px(request)) return {Reply::Kind::nil, 0};
      return {Reply::Kind::integer, ++keys_[token_key(request.key)].value};
    case Verb::del:
      if (entry == nullptr) return {Reply::Kind::integer, 0};
      remove(request.key, request);
      return {Reply::Kind::integer, 1};
    case Verb::compare_and_delete:
      if (entry == nullptr || entry->value != request.value) return {Reply::Kind::integer, 0};
      remove(request.key, request);
      return {Reply::Kind::integer, 1};
    case Verb::compare_and_pexpire:
      if (entry == nullptr || entry->value != request.value) return {Reply::Kind::integer, 0};
      lease(request.key, *entry, request.ttl_ms);
      return {Reply::Kind::integer, 1};
  }
  LH_ASSERT(false);
  return {};
}

Server::Entry* Server::live(std::uint64_t key) {
  const auto found = keys_.find(key);
  if (found == keys_.end()) return nullptr;
  const std::int64_t expires = found->second.expires_ms;
  if (expires != 0 && wall_ms() > expires) {
    keys_.erase(found);
    return nullptr;
  }
  return &found->second;
}

bool Server::set_nx_px(const Request& request) {
  if (live(request.key) != nullptr) return false;
  Entry& entry = keys_[request.key];
  entry.value = request.value;
  lease(request.key, entry, request.ttl_ms);
  return true;
}

void Server::lease(std::uint64_t key, Entry& entry, std::uint64_t ttl_ms) {
  const auto ttl = static_cast<std::int64_t>(ttl_ms);
  entry.expires_ms = wall_ms() + ttl;
  if (observer_ == nullptr) return;
  observer_->on_lease(self_, key, entry.value, self_.boot_now() + sim::Duration::milliseconds(ttl));
}

void Server::remove(std::uint64_t key, const Request& request) {
  const std::uint64_t value = keys_[key].value;
  keys_.erase(key);
  if (observer_ != nullptr) observer_->on_delete(self_, key, value, request.attempt);
}

std::int64_t Server::wall_ms() const { return self_.wall_now().since_zero().ns() / 1'000'000; }

}  // namespace leasehold::models::redis
