#pragma once

#include "models/algorithm.hpp"
#include "models/postgres/session.hpp"

namespace leasehold::models::postgres {

/// The key of the lock, or of the job.
inline constexpr std::uint64_t kKey = 1;
/// Of an application's pool, after a connection that could not be had.
inline constexpr sim::Duration kReconnectPause = sim::Duration::milliseconds(200);

/// PostgreSQL in one run, at one address: what its locks have in common.
class Database : public Deployment {
 public:
  explicit Database(bool has_token) : has_token_(has_token) {}

  void bind(std::span<sim::Process* const> servers) override {
    address_.server = servers.front()->id();
  }
  std::optional<std::uint32_t> leader() const override { return 0; }
  bool has_token() const final { return has_token_; }

 protected:
  const Address& address() const { return address_; }
  /// Who connects from now on is led there.
  void move_address(sim::ProcessId server) { address_.server = server; }

 private:
  Address address_;
  bool has_token_;
};

/// The knob of that name, of the client's side and the server's alike.
inline ParameterInfo user_timeout() {
  return {"user-timeout",
          ParameterInfo::Kind::duration,
          "0s",
          {},
          "how long sent data may stay unacknowledged; 0s: 15 retransmissions"};
}

}  // namespace leasehold::models::postgres
