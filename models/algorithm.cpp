#include "models/algorithm.hpp"

#include "models/controls/none.hpp"
#include "models/controls/oracle.hpp"
#include "models/etcd/cas_lock.hpp"
#include "models/etcd/lease_lock.hpp"
#include "models/postgres/advisory_lock.hpp"
#include "models/postgres/last_run_cas.hpp"
#include "models/redis/redlock.hpp"
#include "models/redis/setnx.hpp"
#include "models/redis/ttl_lock.hpp"

namespace leasehold::models {

WayOut Deployment::way_out(std::span<const sim::Message>) const { return WayOut::unknown(); }

std::optional<Setting> Algorithm::vendor_setting(const Setting&, const Parameters&) const {
  return std::nullopt;
}

std::string Algorithm::describe(const sim::Message&) const { return {}; }

void AlgorithmRegistry::add(std::unique_ptr<Algorithm> algorithm) {
  LH_ASSERT(find(algorithm->info().id) == nullptr);
  algorithms_.push_back(std::move(algorithm));
}

const Algorithm* AlgorithmRegistry::find(std::string_view id) const {
  for (const auto& algorithm : algorithms_) {
    if (algorithm->info().id == id) return algorithm.get();
  }
  return nullptr;
}

AlgorithmRegistry built_in_algorithms() {
  AlgorithmRegistry registry;
  registry.add(controls::none());
  registry.add(controls::oracle());
  registry.add(redis::setnx());
  registry.add(redis::ttl_lock());
  registry.add(redis::redlock());
  registry.add(etcd::lease_lock());
  registry.add(postgres::advisory_lock());
  registry.add(etcd::cas_lock());
  registry.add(postgres::last_run_cas());
  return registry;
}

}  // namespace leasehold::models
