#pragma once

#include <vector>

#include "models/algorithm.hpp"
#include "models/redis/server.hpp"
#include "models/redis/single_grant.hpp"
#include "models/window.hpp"

/// What the locks on Redis have in common besides the server: its knobs, and the deployment of one.
namespace leasehold::models::redis {

/// The knobs of a server, and of every client's connection to one, after `own`.
std::vector<ParameterInfo> with_server_parameters(std::vector<ParameterInfo> own);

ServerOptions server_options(const Setting& setting, const Parameters& parameters);

/// The observer, the memory and the window outlive the run's processes.
ServerSlot server_slot(std::string name, const ServerOptions& options, KeyspaceObserver& observer,
                       const Memory& memory, Window<Server>& window);

std::optional<Standing> standing_of(const Window<Server>& window);

/// One Redis server that holds the lock as one key: all of the deployment but the clients.
class SingleServer : public Deployment {
 public:
  SingleServer(const Setting& setting, const Parameters& parameters)
      : server_options_(server_options(setting, parameters)), memories_(parameters, 1) {}

  std::vector<ServerSlot> servers() override {
    return {server_slot("redis", server_options_, grants_, memories_[0], window_)};
  }
  void bind(std::span<sim::Process* const> servers) override {
    server_ = servers.front()->id();
    memories_.bind(servers);
  }
  bool set_memory_pressure(std::uint32_t slot, bool on) override {
    memories_.set_pressure(slot, on);
    return true;
  }
  std::optional<std::uint32_t> leader() const override { return 0; }
  WayOut way_out(std::span<const sim::Message> on_their_way) const override;
  std::optional<Standing> standing(std::uint32_t) const override { return standing_of(window_); }

 protected:
  sim::ProcessId server() const { return server_; }

 private:
  ServerOptions server_options_;
  SingleGrant grants_;
  Memories memories_;
  Window<Server> window_;
  sim::ProcessId server_ = 0;
};

}  // namespace leasehold::models::redis
