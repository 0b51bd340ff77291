#pragma once

#include <memory>
#include <optional>

#include "models/algorithm.hpp"
#include "models/redis/node_set.hpp"
#include "models/redis/owner.hpp"

namespace leasehold::models::redis {

/// What the knobs say, once per run.
struct RedlockOptions {
  enum class Client : std::uint8_t { spec, node_redlock_5b2, redlock_py };

  RedlockOptions(const Setting& setting, const Parameters& parameters);

  std::uint32_t quorum() const { return nodes / 2 + 1; }
  sim::Duration drift_allowance() const { return ttl / 100 + sim::Duration::milliseconds(2); }

  Client client;
  sim::ClockKind clock;  ///< for elapsed time and validity
  std::uint32_t nodes;
  sim::Duration ttl;
  sim::Duration timeout;  ///< of one node
  sim::Distribution retry;
  std::uint32_t tries;  ///< of one call of a library
  bool renew;
  bool deadline;
};

/// What all Redlock clients share: the nodes, the clock they measure with, and the extension.
class RedlockClient : public LockClient {
 public:
  RedlockClient(sim::Process& self, ClientId client, sim::ProcessId first_node,
                const RedlockOptions& options);

 protected:
  Request set(std::uint64_t owner) const { return command(Verb::set_nx, owner); }
  Request removal(std::uint64_t owner) const { return command(Verb::compare_and_delete, owner); }
  Request extension(std::uint64_t owner) const { return command(Verb::compare_and_pexpire, owner); }

  /// A reading of the clock that the client measures with.
  sim::Duration now() const { return Deadline::read(self(), options().clock); }
  /// How long a lock can be trusted that was asked for at `started`.
  sim::Duration validity_since(sim::Duration started) const {
    return options_.ttl - (now() - started) - options_.drift_allowance();
  }
  /// The lock is ours, stored as `owner`, for as long as `validity` says.
  void hold(AttemptId attempt, std::uint64_t owner, sim::Duration validity);
  /// REQUIRED first thing in release().
  void let_go();

  sim::Process::Sleep wait_before_retry() {
    return self().sleep(options_.retry.sample(retry_time_));
  }
  std::uint64_t owner() const { return owner_; }
  NodeSet& nodes() { return nodes_; }
  const RedlockOptions& options() const { return options_; }

 private:
  Request command(Verb verb, std::uint64_t owner) const;
  Deadline trusted_for(sim::Duration validity) const;
  sim::Task<void> keep_extending(std::uint64_t owner);

  RedlockOptions options_;
  NodeSet nodes_;
  std::unique_ptr<NodeSet> extending_nodes_;
  sim::Rng retry_time_;
  std::uint64_t owner_ = 0;
  sim::Signal let_go_;
};

std::unique_ptr<LockClient> node_redlock_client(sim::Process& self, ClientId client,
                                                sim::ProcessId first_node,
                                                const RedlockOptions& options);
std::unique_ptr<LockClient> redlock_py_client(sim::Process& self, ClientId client,
                                              sim::ProcessId first_node,
                                              const RedlockOptions& options);

}  // namespace leasehold::models::redis
