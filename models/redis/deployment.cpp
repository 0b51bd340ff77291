#include "models/redis/deployment.hpp"

#include <algorithm>

#include "models/redis/owner.hpp"

namespace leasehold::models::redis {
namespace {

EvictionPolicy eviction_policy(std::string_view word) {
  if (word == "allkeys-lru") return EvictionPolicy::allkeys_lru;
  if (word == "volatile-lru") return EvictionPolicy::volatile_lru;
  LH_ASSERT(word == "noeviction");
  return EvictionPolicy::noeviction;
}

bool removes(Verb verb) {
  return verb == Verb::del || verb == Verb::compare_and_delete || verb == Verb::exec;
}

sim::Task<void> serve(sim::Process& self, ServerOptions options, KeyspaceObserver* observer,
                      const Memory* memory, Window<Server>* window) {
  Server server(self, options, observer, memory);
  const Window<Server>::Opening opening(*window, server);
  co_await server.serve();
}

}  // namespace

std::vector<ParameterInfo> with_server_parameters(std::vector<ParameterInfo> own) {
  using Kind = ParameterInfo::Kind;
  own.insert(
      own.end(),
      {{"persistence",
        Kind::choice,
        "rdb",
        {"none", "rdb", "aof-everysec", "aof-always"},
        "what a server keeps on disk: nothing, snapshots at the default save points, or a log "
        "synced every second or before each reply"},
       {"maxmemory-policy",
        Kind::choice,
        "noeviction",
        {"noeviction", "allkeys-lru", "volatile-lru"},
        "what goes when the memory is full; under volatile-lru locks go first"},
       {"maxmemory-keys",
        Kind::count,
        "0",
        {},
        "keys that fit into the memory; 0: any number, and 1,800 under pressure"},
       {"other-writes",
        Kind::count,
        "0",
        {},
        "keys without a time to live that others write per second; 0: 1,000 under pressure"}});
  return own;
}

ServerOptions server_options(const Setting& setting, const Parameters& parameters) {
  ServerOptions options{setting.service};
  options.persistence = persistence_mode(parameters.word("persistence"));
  options.eviction = eviction_policy(parameters.word("maxmemory-policy"));
  options.capacity = static_cast<std::uint64_t>(parameters.count("maxmemory-keys"));
  options.foreign_writes_per_s = static_cast<std::uint64_t>(parameters.count("other-writes"));
  return options;
}

ServerSlot server_slot(std::string name, const ServerOptions& options, KeyspaceObserver& observer,
                       const Memory& memory, Window<Server>& window) {
  return {std::move(name), [options, &observer, &memory, &window](sim::Process& self) {
            return serve(self, options, &observer, &memory, &window);
          }};
}

std::optional<Standing> standing_of(const Window<Server>& window) {
  if (window.get() == nullptr) return std::nullopt;
  return window.get()->standing(kLockKey);
}

WayOut SingleServer::way_out(std::span<const sim::Message> on_their_way) const {
  if (window_.get() == nullptr) return WayOut::none();
  const bool removal_comes =
      std::any_of(on_their_way.begin(), on_their_way.end(), [](const sim::Message& message) {
        return message.is<Request>() && removes(message.as<Request>().verb);
      });
  return removal_comes ? WayOut::unknown() : window_.get()->way_out(kLockKey);
}

}  // namespace leasehold::models::redis
