#pragma once

#include "models/etcd/server.hpp"

namespace leasehold::models::etcd {

/// One call of the v3lock service: the member as its own client, until the caller goes away. Then
/// only the removal of the caller's key is still carried out.
class Server::LockCall final : public Kv {
 public:
  LockCall(Server& server, const Origin& origin) : server_(server), origin_(origin) {}

  sim::Task<std::optional<Reply>> call(Request request, sim::MonoTime until) override;
  void cancel() { cancelled_ = true; }
  bool cancelled() const { return cancelled_; }
  const Origin& origin() const { return origin_; }

 private:
  bool refuses(const Request& request) const {
    return server_.stopping_ || (cancelled_ && request.verb != Verb::delete_key);
  }

  Server& server_;
  Origin origin_;
  bool cancelled_ = false;
};

}  // namespace leasehold::models::etcd
