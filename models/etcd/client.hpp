#pragma once

#include <vector>

#include "models/etcd/kv.hpp"

namespace leasehold::models::etcd {

/// clientv3: one connection to one member at a time, all calls of the process over it. It moves to
/// the next member when the connection breaks or cannot be made in 2 s, and when a member answers
/// that it timed out. gRPC's keepalive (2 s, then 6 s of patience) finds a dead connection. A call
/// whose connection breaks is repeated if that can do no harm (a read, a watch, a keepalive), else
/// its outcome is unknown. REQUIRES: it lives as long as its process.
class Client final : public Kv {
 public:
  Client(sim::Process& self, std::vector<sim::ProcessId> members);

  sim::Task<std::optional<Reply>> call(Request request, sim::MonoTime until) override;

 private:
  struct Call {
    std::uint64_t id = 0;
    std::optional<Reply> reply;
    bool broken = false;
  };

  sim::Task<std::optional<Reply>> ask(Request request, sim::MonoTime until);
  sim::Task<void> keep_connected();
  sim::Task<bool> connect();
  sim::Task<void> receive_replies();
  void deliver(const Reply& reply);

  sim::Process& self_;
  std::vector<sim::ProcessId> members_;
  std::size_t member_;
  sim::Connection connection_;
  bool connected_ = false;
  sim::Signal changed_;
  std::vector<Call*> calls_;
  std::uint64_t ids_ = 0;
};

}  // namespace leasehold::models::etcd
