#include "models/etcd/session.hpp"

// clientv3, lease.go:
//   (1) grant a lease
//   (2) keep it alive: every 500 ms, if a third of the TTL has passed since the last answer
//   (3) on an answer: deadline = its receipt plus TTL; an answer without TTL: the lease is dead
//   (4) every second: past the deadline, the session is done
namespace leasehold::models::etcd {

using sim::Duration;
using sim::MonoTime;
using sim::Task;

namespace {

constexpr Duration kSendLoop = Duration::milliseconds(500);
constexpr Duration kDeadlineLoop = Duration::seconds(1);
/// How long the first answer may take.
constexpr Duration kFirstKeepAlive = Duration::seconds(5);

}  // namespace

Task<bool> Session::open(MonoTime until) {
  const MonoTime sent = self_.mono_now();
  const Request grant{0, Verb::lease_grant, 0, 0, 0, 0, 0, ttl_s_};
  const std::optional<Reply> granted = co_await kv_.call(grant, until);  // (1)
  if (!granted || granted->status != Status::ok) co_return false;
  lease_ = granted->lease;
  promised_until_ = sent + Duration::seconds(granted->ttl_s);
  deadline_ = self_.mono_now() + kFirstKeepAlive;
  self_.spawn(keep_alive(lease_));
  self_.spawn(watch_deadline(lease_));
  co_return true;
}

Task<void> Session::keep_alive(LeaseId lease) {
  MonoTime next = self_.mono_now();
  while (lease_ == lease) {
    if (self_.mono_now() >= next) {
      const MonoTime sent = self_.mono_now();
      observer_.on_renewing();
      const Request renew{0, Verb::lease_keep_alive, 0, 0, lease, 0, 0, 0};
      const std::optional<Reply> renewed = co_await kv_.call(renew, deadline_);  // (2)
      if (lease_ != lease) co_return;
      if (renewed && renewed->status == Status::ok) {
        if (renewed->ttl_s == 0) co_return end();
        const Duration ttl = Duration::seconds(renewed->ttl_s);
        deadline_ = self_.mono_now() + ttl;  // (3)
        promised_until_ = sent + ttl;
        next = self_.mono_now() + ttl / 3;
        observer_.on_renewed();
      }
    }
    co_await self_.sleep(kSendLoop);
  }
}

Task<void> Session::watch_deadline(LeaseId lease) {
  while (lease_ == lease) {
    co_await self_.sleep(kDeadlineLoop);
    if (lease_ == lease && self_.mono_now() > deadline_) end();  // (4)
  }
}

void Session::end() {
  lease_ = 0;
  observer_.on_done();
}

}  // namespace leasehold::models::etcd
