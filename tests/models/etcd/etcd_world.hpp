#pragma once

#include <functional>
#include <string>
#include <vector>

#include "models/algorithm.hpp"
#include "models/attempt.hpp"
#include "models/etcd/client.hpp"
#include "models/etcd/lease_lock.hpp"
#include "sim/world/kernel.hpp"

/// An etcd cluster of the `etcd-lease` deployment, with scripted clients, each on its own host.
/// Hosts and processes have the same numbers: the members' slots first.
namespace leasehold::models::etcd {

using sim::Duration;
using sim::Kernel;
using sim::MonoTime;
using sim::Process;
using sim::Task;
using sim::TrueTime;

class EtcdWorld : public sim::RecordSink {
 public:
  using Script = Task<void> (*)(Process&, EtcdWorld&, std::uint32_t client);

  struct Answered {
    std::uint32_t client = 0;
    Duration sent;
    Duration took;
    std::optional<Reply> reply;
  };
  struct Granted {
    Duration at;
    checkers::Grant grant;
  };

  EtcdWorld(std::uint64_t seed, const std::string& version, Duration lease = Duration::seconds(10),
            const std::string& lock = "client", std::uint32_t nodes = 3)
      : algorithm_(lease_lock()), kernel_(seed) {
    Parameters parameters(algorithm_->info().parameters);
    parameters.set("server", version);
    parameters.set("lock", lock);
    parameters.set("nodes", std::to_string(nodes));
    const Setting setting{lease, sim::Distribution::constant(Duration::milliseconds(200)),
                          sim::Distribution::constant(Duration::microseconds(20)), 8};
    deployment_ = algorithm_->deploy(setting, parameters);
    for (std::uint32_t i = 0; i < nodes + kClients; ++i) {
      sim::HostSettings host;
      host.wall_offset = Duration::seconds(1'000'000);
      kernel_.add_host(host);
    }
    std::vector<Process*> servers;
    for (const ServerSlot& slot : deployment_->servers()) {
      const auto host = static_cast<sim::HostId>(servers.size());
      servers.push_back(&kernel_.add_process(host, slot.name, slot.body));
      members_.push_back(servers.back()->id());
    }
    deployment_->bind(servers);
    kernel_.set_record_sink(this);
  }

  /// Starts a client now; its number is the order of its start.
  sim::ProcessId add_client(Script script) {
    const auto client = static_cast<std::uint32_t>(clients_++);
    const auto host = static_cast<sim::HostId>(members_.size()) + client;
    return kernel_
        .add_process(host, "client:" + std::to_string(client),
                     [this, script, client](Process& self) { return script(self, *this, client); })
        .id();
  }
  void run_until(Duration at) { kernel_.run_until(TrueTime::at(at)); }
  void run(Duration span) { kernel_.run_until(kernel_.now() + span); }
  Duration now() const { return kernel_.now().since_zero(); }

  Kernel& kernel() { return kernel_; }
  const std::vector<sim::ProcessId>& members() const { return members_; }
  std::uint32_t leader() const { return *deployment_->leader(); }
  bool has_leader() const { return deployment_->leader().has_value(); }
  std::uint32_t follower() const { return (leader() + 1) % 3; }
  Deployment& deployment() { return *deployment_; }

  /// Asks and remembers the answer.
  Task<std::optional<Reply>> ask(Process& self, Kv& kv, std::uint32_t client, Request request) {
    const MonoTime sent = self.mono_now();
    const std::optional<Reply> reply = co_await kv.call(request, MonoTime::never());
    answers.push_back({client, sent.since_zero(), self.mono_now() - sent, reply});
    co_return reply;
  }

  /// How many grants stood at once at most, and the attempts in the order of their grants.
  std::size_t most_grants_at_once() const {
    std::size_t most = 0;
    std::size_t now = 0;
    for (const Granted& g : grants) {
      if (g.grant.phase == checkers::Grant::Phase::begun) most = std::max(most, ++now);
      if (g.grant.phase == checkers::Grant::Phase::ended) --now;
    }
    return most;
  }
  std::vector<checkers::ClientId> order_of_grants() const {
    std::vector<checkers::ClientId> order;
    for (const Granted& g : grants) {
      if (g.grant.phase == checkers::Grant::Phase::begun) order.push_back(g.grant.client);
    }
    return order;
  }
  std::vector<Duration> ends_of_grants() const {
    std::vector<Duration> ends;
    for (const Granted& g : grants) {
      if (g.grant.phase == checkers::Grant::Phase::ended) ends.push_back(g.at);
    }
    return ends;
  }

  std::vector<Answered> answers;
  std::vector<Granted> grants;
  std::vector<checkers::ClientId> acquired;
  std::uint32_t target = 0;  ///< the member that a script asks

 private:
  static constexpr std::uint32_t kClients = 8;

  void on_record(TrueTime at, std::uint64_t, std::uint16_t kind, const void* record) override {
    if (kind != checkers::Grant::kRecordKind) return;
    grants.push_back({at.since_zero(), *static_cast<const checkers::Grant*>(record)});
  }

  std::unique_ptr<Algorithm> algorithm_;
  std::unique_ptr<Deployment> deployment_;
  std::vector<sim::ProcessId> members_;
  std::size_t clients_ = 0;
  Kernel kernel_;  // last: its coroutines touch the above while they are destroyed
};

}  // namespace leasehold::models::etcd
