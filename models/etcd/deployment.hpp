#pragma once

#include <string>
#include <vector>

#include "models/algorithm.hpp"
#include "models/etcd/grant_ledger.hpp"
#include "models/etcd/server.hpp"
#include "models/window.hpp"

namespace leasehold::models::etcd {

/// An etcd cluster in one run, and its grants: what the etcd locks have in common.
class Cluster : public Deployment {
 public:
  Cluster(const Setting& setting, const Parameters& parameters);

  std::vector<ServerSlot> servers() override;
  void bind(std::span<sim::Process* const> servers) override;
  std::optional<std::uint32_t> leader() const override { return leadership_.slot(); }
  bool has_token() const override { return has_token_; }
  std::optional<Standing> standing(std::uint32_t slot) const override;
  WayOut way_out(std::span<const sim::Message> on_their_way) const override;

 protected:
  const std::vector<sim::ProcessId>& members() const { return members_; }
  Version version() const { return options_.version; }
  /// The TTL that covers the scenario's lease, in etcd's whole seconds.
  std::uint64_t ttl_s() const { return ttl_s_; }
  const sim::Distribution& retry() const { return retry_; }
  /// Another grant predicate than that of the first key.
  void observe_by(ServiceObserver& observer) { options_.observer = &observer; }
  virtual WayOut way_out_by(const Server& leader) const { return leader.way_out(); }

 private:
  static sim::Task<void> live(sim::Process& self, Cluster& cluster, std::uint32_t slot);

  ServerOptions options_;
  std::uint32_t nodes_;
  std::uint64_t ttl_s_;
  sim::Distribution retry_;
  bool has_token_;
  GrantLedger grants_;
  Leadership leadership_;
  std::vector<Window<Server>> windows_;
  std::vector<sim::ProcessId> members_;
};

/// The knobs that Cluster reads, and what every etcd lock says about clocks.
std::vector<ParameterInfo> cluster_parameters();
std::string cluster_clocks();

}  // namespace leasehold::models::etcd
