#include "models/etcd/deployment.hpp"

#include <algorithm>

namespace leasehold::models::etcd {

using sim::Duration;
using sim::Task;

namespace {

/// A member that died of its disk is started again by its supervisor.
constexpr Duration kSupervisorPause = Duration::milliseconds(100);

std::uint64_t whole_seconds(Duration lease) {
  return static_cast<std::uint64_t>((lease + Duration::seconds(1) - Duration::nanoseconds(1)) /
                                    Duration::seconds(1));
}

}  // namespace

Cluster::Cluster(const Setting& setting, const Parameters& parameters)
    : nodes_(parameters.is("nodes", "5") ? 5 : 3),
      ttl_s_(whole_seconds(setting.lease)),
      retry_(setting.retry),
      has_token_(parameters.is("token", "revision")),
      windows_(nodes_) {
  options_.version = parameters.is("server", "3.4") ? Version::v3_4 : Version::v3_5;
  options_.service = setting.service;
  options_.observer = &grants_;
  options_.leadership = &leadership_;
}

std::vector<ServerSlot> Cluster::servers() {
  std::vector<ServerSlot> slots;
  for (std::uint32_t slot = 0; slot < nodes_; ++slot) {
    slots.push_back({"etcd:" + std::to_string(slot),
                     [this, slot](sim::Process& self) { return live(self, *this, slot); }});
  }
  return slots;
}

void Cluster::bind(std::span<sim::Process* const> servers) {
  for (const sim::Process* server : servers) members_.push_back(server->id());
}

Task<void> Cluster::live(sim::Process& self, Cluster& cluster, std::uint32_t slot) {
  while (true) {
    {
      Server server(self, slot, cluster.members_, cluster.options_);
      const Window<Server>::Opening opening(cluster.windows_[slot], server);
      co_await server.serve();
    }
    co_await self.sleep(kSupervisorPause);
  }
}

std::optional<Standing> Cluster::standing(std::uint32_t slot) const {
  const Server* member = windows_[slot].get();
  if (member == nullptr) return std::nullopt;
  return member->standing();
}

// Without a quorum nothing changes any more; without a leader nobody can tell.
WayOut Cluster::way_out(std::span<const sim::Message>) const {
  const auto alive = std::count_if(windows_.begin(), windows_.end(),
                                   [](const auto& window) { return window.get() != nullptr; });
  if (static_cast<std::uint32_t>(alive) < nodes_ / 2 + 1) return WayOut::none();
  const std::optional<std::uint32_t> leader = leadership_.slot();
  const Server* server = leader ? windows_[*leader].get() : nullptr;
  return server != nullptr ? way_out_by(*server) : WayOut::unknown();
}

std::vector<ParameterInfo> cluster_parameters() {
  using Kind = ParameterInfo::Kind;
  return {
      {"server",
       Kind::choice,
       "3.5",
       {"3.4", "3.5"},
       "3.4.23: no pre-vote, expiry by wall time too, no second look after waiting; 3.5.17"},
      {"nodes", Kind::choice, "3", {"3", "5"}, "members of the cluster"},
      {"token",
       Kind::choice,
       "revision",
       {"none", "revision"},
       "revision: the create_revision of the lock's key fences"},
      {"deadline",
       Kind::choice,
       "on",
       {"on", "off"},
       "whether the client stops trusting its lock at t_send + TTL of the last answered request; "
       "off: when the session is done, as in clientv3"}};
}

std::string cluster_clocks() {
  return "expiry: the leader's monotonic clock, in 3.4 its wall clock too; elections, keepalive "
         "and "
         "validity: monotonic clocks";
}

}  // namespace leasehold::models::etcd
