#pragma once

#include <map>

#include "models/resource/protocol.hpp"
#include "sim/process/process.hpp"

namespace leasehold::models::resource {

/// Whether the resource checks fencing tokens.
enum class Fencing : std::uint8_t {
  off,
  on,          ///< every read and every write carries the token; the first of them raises the bar
  write_only,  ///< only writes are checked and raise it: a read of the old state slips through
};

/// The thing that the lock protects: a versioned value on a reliable host of its own. It applies
/// requests one at a time, in order of arrival, and answers a repeated request from memory.
class Resource {
 public:
  Resource(sim::Process& self, Fencing fencing, const sim::Distribution& service);
  sim::Task<void> serve();

 private:
  EffectReply apply(const EffectRequest& request);
  bool fences(checkers::Effect::Kind kind) const;

  sim::Process& self_;
  Fencing fencing_;
  sim::Distribution service_;
  sim::Rng service_time_;
  std::uint64_t version_ = 0;
  std::uint64_t last_job_ = 0;
  checkers::Token highest_enforced_ = 0;
  checkers::Token highest_seen_ = 0;  ///< what full fencing would hold against late comers
  std::map<std::uint64_t, EffectReply> answered_;  ///< by client: its last request
};

/// A worker's side: one request at a time, repeated over a new connection until it is answered.
class ResourceClient {
 public:
  ResourceClient(sim::Process& self, sim::ProcessId resource, checkers::ClientId client);

  /// Who the effects are done for.
  struct Cause {
    checkers::AttemptId attempt = 0;
    checkers::Token token = 0;
    std::uint64_t job = 0;
  };
  struct Result {
    bool accepted = false;
    std::uint64_t version = 0;
    std::uint64_t job = 0;  ///< of the last accepted write
  };
  sim::Task<Result> read(Cause cause);
  sim::Task<Result> write(Cause cause, std::uint64_t based_on);

 private:
  sim::Task<Result> perform(EffectRequest request);
  sim::Task<void> reconnect();

  sim::Process& self_;
  sim::ProcessId resource_;
  checkers::ClientId client_;
  std::uint64_t requests_ = 0;
  sim::Connection connection_;
};

}  // namespace leasehold::models::resource
