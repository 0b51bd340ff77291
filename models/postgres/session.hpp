#pragma once

#include <optional>

#include "models/postgres/protocol.hpp"
#include "sim/process/process.hpp"

namespace leasehold::models::postgres {

/// Where clients find the server, as a virtual IP or a name that is never cached: looked up for
/// each new connection, so that those that are there already stay with the server that accepted
/// them.
struct Address {
  sim::ProcessId server = 0;
};

/// A client's session, as libpq gives it: it connects, starts up, runs one statement at a time and
/// waits for each without a timeout of its own, unless the transport gives up.
class Session {
 public:
  Session(sim::Process& self, const Address& address, const sim::ConnectionOptions& tcp)
      : self_(self), address_(address), tcp_(tcp) {}

  bool is_open() const { return open_; }
  /// REQUIRES: open.
  sim::ConnectionId connection() const { return connection_.id(); }
  /// Connects and starts up, again and again every `pause`, until it works or until `give_up`.
  sim::Task<bool> open(sim::Duration pause, sim::MonoTime give_up);
  /// The value of the result, or nothing: the session has ended, outcome unknown.
  sim::Task<std::optional<std::uint64_t>> run(Query query);
  /// Starts a statement whose result nobody wants; the next run() waits for its end first.
  void start(const Query& query);
  void close();

 private:
  sim::Process& self_;
  const Address& address_;
  sim::ConnectionOptions tcp_;
  sim::Connection connection_;
  bool open_ = false;
  bool under_way_ = false;  ///< a statement that start() has sent
};

}  // namespace leasehold::models::postgres
