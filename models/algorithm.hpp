#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checkers/record/specification.hpp"
#include "models/lock_client.hpp"
#include "models/parameters.hpp"
#include "models/standing.hpp"
#include "models/way_out.hpp"
#include "sim/process/process.hpp"

/// What an algorithm is to the rest of leasehold: a description, and a deployment for each run.
namespace leasehold::models {

/// What the scenario fixes for all algorithms alike, so that a table compares algorithms and not
/// their default TTLs.
struct Setting {
  sim::Duration lease;
  sim::Distribution retry;    ///< between two tries of a waiter that polls
  sim::Distribution service;  ///< CPU of a server for one request
  std::uint32_t clients = 0;
};

using checkers::LockSpecification;

/// The page about an algorithm that `list algorithms NAME` prints.
struct AlgorithmInfo {
  std::string id;       ///< the name users type
  std::string summary;  ///< one line
  std::string clocks;   ///< which clock each comparison uses
  std::string token;    ///< what fences, or why nothing does
  std::string grant;    ///< the predicate that makes a grant
  std::string sources;  ///< where the behaviour is documented
  LockSpecification specification = LockSpecification::leased_mutex;
  std::vector<ParameterInfo> parameters;
};

/// One server of a deployment, by slot: server:0, server:1 …
struct ServerSlot {
  std::string name;  ///< for traces, such as "redis"
  sim::Process::Body body;
};

/// One algorithm's servers and clients in one run. Outlives every process of the run; what it keeps
/// itself is the observer's and survives crashes.
class Deployment {
 public:
  virtual ~Deployment() = default;

  virtual std::vector<ServerSlot> servers() = 0;
  /// The processes of the slots, in order. Called once, before any of them runs.
  virtual void bind(std::span<sim::Process* const> servers) = 0;
  /// One client's lock, inside the client's process; again for each of its incarnations.
  virtual std::unique_ptr<LockClient> client(sim::Process& self, ClientId client) = 0;
  /// The slot that leads now, for faults on `leader`; empty while there is none.
  virtual std::optional<std::uint32_t> leader() const = 0;
  /// The slot of the server that can take over from that of `slot` now; empty if there is none.
  virtual std::optional<std::uint32_t> standby_of(std::uint32_t) const { return std::nullopt; }
  /// The server of the slot, a standby, leads from now on, and who connects anew is led to it. The
  /// one that led is told nothing. REQUIRES: standby_of() names it.
  virtual void promote(std::uint32_t) {}
  /// Whether its grants carry a fencing token.
  virtual bool has_token() const = 0;
  /// The memory of the slot's host is full, or no longer so. False: its server does not mind.
  virtual bool set_memory_pressure(std::uint32_t, bool) { return false; }
  /// The client's process died, and nothing that it had sent can still arrive anywhere. Only an
  /// idealised lock may know.
  virtual void client_is_gone(ClientId) {}
  /// What would free the lock now, if nobody uses it, given what clients have sent to the servers
  /// and has not arrived. For the observer alone.
  virtual WayOut way_out(std::span<const sim::Message> on_their_way) const;
  /// How the slot's server stands. Empty while it is down, or where there is nothing to tell. For
  /// the observer alone.
  virtual std::optional<Standing> standing(std::uint32_t) const { return std::nullopt; }
};

class Algorithm {
 public:
  virtual ~Algorithm() = default;
  virtual const AlgorithmInfo& info() const = 0;
  virtual std::unique_ptr<Deployment> deploy(const Setting& setting,
                                             const Parameters& parameters) const = 0;
  /// The setting with each value of the library or server itself that it sets where its callers say
  /// nothing. Empty where they have to say.
  virtual std::optional<Setting> vendor_setting(const Setting& scenario,
                                                const Parameters& parameters) const;
  /// A message of a protocol that only this algorithm speaks, in that protocol's words, for traces.
  /// Empty for any other.
  virtual std::string describe(const sim::Message& message) const;
};

/// Everything leasehold knows, by id. An outsider's lock is added to a copy.
class AlgorithmRegistry {
 public:
  void add(std::unique_ptr<Algorithm> algorithm);
  const Algorithm* find(std::string_view id) const;
  const std::vector<std::unique_ptr<Algorithm>>& all() const { return algorithms_; }

 private:
  std::vector<std::unique_ptr<Algorithm>> algorithms_;
};

/// The algorithms that come with leasehold, in the order in which tables list them.
AlgorithmRegistry built_in_algorithms();

}  // namespace leasehold::models
