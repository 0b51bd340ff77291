#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "models/attempt.hpp"
#include "models/postgres/server.hpp"
#include "models/postgres/session.hpp"
#include "sim/world/kernel.hpp"

namespace leasehold::models::postgres::testing {

using sim::Duration;

/// One PostgreSQL server and some clients on hosts of their own, with perfect clocks and a network
/// that takes no time. Clients give one statement at a time and may leave it waiting.
class OneServer final : private sim::RecordSink {
 public:
  static constexpr sim::ProcessId kServer = 0;
  static constexpr std::uint64_t kKey = 1;
  static constexpr Duration kMillisecond = Duration::milliseconds(1);

  explicit OneServer(const ServerOptions& options, std::uint32_t clients = 2,
                     const sim::ConnectionOptions& tcp_of_clients = {}, std::uint64_t seed = 1)
      : tcp_(tcp_of_clients), kernel_(seed) {
    for (std::uint32_t i = 0; i <= clients; ++i) kernel_.add_host();
    const auto instant = sim::Distribution::constant(Duration::zero());
    for (std::uint32_t i = 1; i <= clients; ++i) {
      kernel_.network().set_delay(kServer, i, instant);
      kernel_.network().set_delay(i, kServer, instant);
    }
    kernel_.set_record_sink(this);
    kernel_.add_process(kServer, "postgres", [this, options](sim::Process& self) {
      return serve(self, options, grants_);
    });
    callers_.resize(clients);
    for (std::uint32_t i = 0; i < clients; ++i) {
      kernel_.add_process(i + 1, "client", [this, i](sim::Process& self) { return call(self, i); });
    }
    kernel_.run_until(sim::TrueTime());
    for (std::uint32_t i = 0; i < clients; ++i) connect(i);
  }

  /// Whether the client now has a new session; it tries for a millisecond.
  bool connect(std::uint32_t client) {
    callers_[client].connects = true;
    give(client);
    while (callers_[client].busy) wait(kMillisecond);
    return callers_[client].connected;
  }
  /// Gives a statement and lets the world settle: the answer, if it was at once.
  std::optional<std::uint64_t> run(std::uint32_t client, Statement statement,
                                   std::uint64_t key = kKey) {
    Caller& caller = callers_[client];
    caller.query = Query(statement, key, attempt_id(client, 0, 1));
    caller.value.reset();
    give(client);
    return caller.value;
  }
  /// The statement given last is not answered yet.
  bool waits(std::uint32_t client) const { return callers_[client].busy; }
  /// The answer to the statement given last: none while it waits and when the session has ended.
  std::optional<std::uint64_t> answer(std::uint32_t client) const { return callers_[client].value; }
  /// When that answer came.
  Duration answered_at(std::uint32_t client) const { return callers_[client].answered_at; }

  void wait(Duration span) { kernel_.run_until(kernel_.now() + span); }
  void run_to(Duration at) { kernel_.run_until(sim::TrueTime::at(at)); }
  Duration now() const { return kernel_.now().since_zero(); }
  void kill(std::uint32_t client) { kernel_.crash(host(client)); }
  void cut(std::uint32_t client) {
    kernel_.network().cut(host(client), kServer);
    kernel_.network().cut(kServer, host(client));
  }
  void mend(std::uint32_t client) {
    kernel_.network().mend(host(client), kServer);
    kernel_.network().mend(kServer, host(client));
  }
  void restart_server() {
    kernel_.crash(kServer);
    kernel_.restart(kServer);
    wait(Duration::zero());
  }
  void power_cycle_server() {
    kernel_.power_loss(kServer);
    kernel_.power_on(kServer);
    wait(Duration::zero());
  }
  static sim::HostId host(std::uint32_t client) { return client + 1; }
  sim::Kernel& kernel() { return kernel_; }
  SessionGrant& grants() { return grants_; }

  /// How many grants stand.
  std::size_t granted() const { return granted_; }

 private:
  struct Caller {
    Query query;
    bool connects = false;
    bool connected = false;
    bool busy = false;
    std::optional<std::uint64_t> value;
    Duration answered_at;
    std::optional<sim::Signal> called;
  };

  static sim::Task<void> serve(sim::Process& self, ServerOptions options, SessionGrant& grants) {
    Server server(self, options, grants);
    co_await server.serve();
  }
  sim::Task<void> call(sim::Process& self, std::uint32_t client) {
    Caller& caller = callers_[client];
    Session session(self, address_, tcp_);
    caller.called.emplace(self);
    while (true) {
      co_await caller.called->wait();
      if (std::exchange(caller.connects, false)) {
        session.close();
        caller.connected = co_await session.open(kMillisecond, self.mono_now() + kMillisecond);
      } else if (session.is_open()) {
        caller.value = co_await session.run(caller.query);
      }
      caller.busy = false;
      caller.answered_at = now();
    }
  }
  void give(std::uint32_t client) {
    callers_[client].busy = true;
    callers_[client].called->notify_all();
    wait(Duration::zero());
  }
  void on_record(sim::TrueTime, std::uint64_t, std::uint16_t kind, const void* record) override {
    if (kind != checkers::Grant::kRecordKind) return;
    const auto phase = static_cast<const checkers::Grant*>(record)->phase;
    if (phase == checkers::Grant::Phase::begun) ++granted_;
    if (phase == checkers::Grant::Phase::ended) --granted_;
  }

  sim::ConnectionOptions tcp_;
  Address address_{kServer};
  SessionGrant grants_;
  std::deque<Caller> callers_;
  std::size_t granted_ = 0;
  sim::Kernel kernel_;  // after what its coroutines still touch while they are destroyed
};

inline sim::ConnectionOptions keepalive(Duration idle, Duration interval, std::uint32_t count) {
  sim::ConnectionOptions options;
  options.keepalive_idle = idle;
  options.keepalive_interval = interval;
  options.keepalive_count = count;
  return options;
}

/// PostgreSQL's defaults, which are those of Linux, and statements that take no CPU.
inline ServerOptions instant_server(const sim::ConnectionOptions& tcp = keepalive(
                                        Duration::seconds(7200), Duration::seconds(75), 9)) {
  return {sim::Distribution::constant(Duration::zero()), tcp, 97, Duration::zero()};
}

}  // namespace leasehold::models::postgres::testing
