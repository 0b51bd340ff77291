#pragma once

#include <optional>
#include <span>

#include "models/redis/protocol.hpp"
#include "sim/process/process.hpp"

namespace leasehold::models::redis {

/// A client library's connection to one server: one command at a time, a timeout on each, and a new
/// connection after a timeout or a break, as redis-py and its kin do. A command that timed out may
/// have been applied, or may be applied later.
class Client {
 public:
  Client(sim::Process& self, sim::ProcessId server, sim::Duration timeout)
      : self_(self), server_(server), timeout_(timeout) {}

  /// The reply, or nothing: timed out or broken, outcome unknown. REQUIRES: no command under way.
  sim::Task<std::optional<Reply>> command(const Request& request) {
    single_ = request;
    return pipeline(std::span<const Request>(&single_, 1));
  }
  /// Sends them together and awaits all replies: the last one, or nothing. REQUIRES: no command
  /// under way; the requests outlive it.
  sim::Task<std::optional<Reply>> pipeline(std::span<const Request> requests);

 private:
  sim::Task<bool> connect(sim::MonoTime deadline);

  sim::Process& self_;
  sim::ProcessId server_;
  sim::Duration timeout_;
  sim::Connection connection_;
  Request single_{};
  bool busy_ = false;
};

}  // namespace leasehold::models::redis
