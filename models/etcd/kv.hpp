#pragma once

#include <optional>

#include "models/etcd/protocol.hpp"
#include "sim/process/process.hpp"

namespace leasehold::models::etcd {

/// Somebody who can be asked: the cluster through a client's connection, or a member by itself.
class Kv {
 public:
  /// The reply, or nothing when none came by then: outcome unknown.
  virtual sim::Task<std::optional<Reply>> call(Request request, sim::MonoTime until) = 0;

 protected:
  ~Kv() = default;
};

}  // namespace leasehold::models::etcd
