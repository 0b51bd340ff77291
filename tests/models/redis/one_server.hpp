#pragma once

#include <deque>
#include <optional>

#include "models/redis/client.hpp"
#include "models/redis/server.hpp"
#include "sim/world/kernel.hpp"

namespace leasehold::models::redis::testing {

/// One Redis server and some clients on hosts of their own, with perfect clocks and a network that
/// takes no time: a command is executed at the moment at which it is given.
class OneServer {
 public:
  static constexpr sim::HostId kServer = 0;

  explicit OneServer(const ServerOptions& options, std::uint32_t clients = 1,
                     std::uint64_t seed = 1, sim::Duration fsync = sim::Duration::milliseconds(1))
      : kernel_(seed) {
    sim::HostSettings host;
    host.wall_offset = kEpoch;
    host.fsync = sim::Distribution::constant(fsync);
    for (std::uint32_t i = 0; i <= clients; ++i) kernel_.add_host(host);
    const auto instant = sim::Distribution::constant(sim::Duration::zero());
    for (std::uint32_t i = 1; i <= clients; ++i) {
      kernel_.network().set_delay(kServer, i, instant);
      kernel_.network().set_delay(i, kServer, instant);
    }
    kernel_.add_process(kServer, "redis",
                        [options](sim::Process& self) { return serve(self, options); });
    for (std::uint32_t i = 0; i < clients; ++i) callers_.emplace_back();
    for (std::uint32_t i = 0; i < clients; ++i) {
      kernel_.add_process(i + 1, "client",
                          [this, i](sim::Process& self) { return call(self, callers_[i]); });
    }
    kernel_.run_until(sim::TrueTime());
  }

  /// The reply, or nothing: broken off, or none within 10 s.
  std::optional<Reply> send(const Request& request, std::uint32_t client = 0) {
    Caller& caller = callers_[client];
    caller.request = request;
    caller.done = false;
    caller.called->notify_all();
    for (int i = 0; i < 10'000 && !caller.done; ++i) {
      kernel_.run_until(kernel_.now() + sim::Duration::milliseconds(i == 0 ? 0 : 1));
    }
    return caller.reply;
  }
  std::optional<Reply> send(Verb verb, std::uint64_t key, std::uint64_t value = 0,
                            std::uint64_t ttl_ms = 0, std::uint32_t client = 0) {
    return send(Request{verb, key, value, ttl_ms, value}, client);
  }

  void wait(sim::Duration span) { kernel_.run_until(kernel_.now() + span); }
  void wait_ms(std::int64_t ms) { wait(sim::Duration::milliseconds(ms)); }
  void crash_and_restart() {
    kernel_.crash(kServer);
    kernel_.restart(kServer);
    wait_ms(0);
  }
  void power_cycle() {
    kernel_.power_loss(kServer);
    kernel_.power_on(kServer);
    wait_ms(0);
    // The clients' hosts learn only now that their connections are gone.
    for (std::uint32_t i = 0; i < callers_.size(); ++i) send(Verb::ping, 0, 0, 0, i);
  }
  sim::Kernel& kernel() { return kernel_; }
  std::int64_t now_ms() const { return kernel_.now().since_zero().ns() / 1'000'000; }

  static constexpr sim::Duration kEpoch = sim::Duration::seconds(1'000'000'000);

 private:
  struct Caller {
    Request request{};
    std::optional<Reply> reply;
    bool done = true;
    std::optional<sim::Signal> called;
  };

  static sim::Task<void> serve(sim::Process& self, ServerOptions options) {
    Server server(self, options, nullptr);
    co_await server.serve();
  }
  static sim::Task<void> call(sim::Process& self, Caller& caller) {
    Client redis(self, kServer, sim::Duration::seconds(9));
    caller.called.emplace(self);
    while (true) {
      co_await caller.called->wait();
      caller.reply = co_await redis.command(caller.request);
      caller.done = true;
    }
  }

  std::deque<Caller> callers_;
  sim::Kernel kernel_;
};

inline ServerOptions instant_server(PersistenceMode persistence = PersistenceMode::none) {
  ServerOptions options{sim::Distribution::constant(sim::Duration::zero())};
  options.persistence = persistence;
  return options;
}

constexpr Reply kOk{Reply::Kind::ok, 0};
constexpr Reply kNil{Reply::Kind::nil, 0};
constexpr Reply kError{Reply::Kind::error, 0};
constexpr Reply kQueued{Reply::Kind::queued, 0};
constexpr Reply integer(std::uint64_t value) { return {Reply::Kind::integer, value}; }
constexpr Reply value(std::uint64_t value) { return {Reply::Kind::value, value}; }
constexpr Reply array(std::uint64_t last) { return {Reply::Kind::array, last}; }

}  // namespace leasehold::models::redis::testing
