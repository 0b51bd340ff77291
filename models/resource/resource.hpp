#pragma once

#include <map>
#include <vector>

#include "models/resource/protocol.hpp"
#include "sim/process/process.hpp"

namespace leasehold::models::resource {

/// Whether the resource checks fencing tokens.
enum class Fencing : std::uint8_t {
  off,
  on,          ///< every read and every write carries the token; the first of them raises the bar
  write_only,  ///< only writes are checked and raise it: a read of the old state slips through
};

/// Rows that can be claimed, numbered from 1, and as many as it takes; beside them those that are
/// known by a key, of which nobody looks for the first.
class Rows {
 public:
  /// How often the row has been claimed; 0: it is free.
  std::uint64_t version(std::uint64_t row) const {
    if (row >= kFirstKey) {
      const auto found = by_key_.find(row);
      return found == by_key_.end() ? 0 : found->second;
    }
    return row <= versions_.size() ? versions_[row - 1] : 0;
  }
  std::uint64_t first_free() const { return first_free_; }
  void claim(std::uint64_t row) {
    if (row >= kFirstKey) {
      ++by_key_[row];
      return;
    }
    if (row > versions_.size()) versions_.resize(row);
    ++versions_[row - 1];
    while (version(first_free_) > 0) ++first_free_;
  }

 private:
  std::vector<std::uint64_t> versions_;
  std::map<std::uint64_t, std::uint64_t> by_key_;
  std::uint64_t first_free_ = 1;
};

/// The thing that the lock protects: a versioned value, or a table of rows, on a reliable host of
/// its own. It applies requests one at a time, in order of arrival, and answers a repeated request
/// from memory.
class Resource {
 public:
  Resource(sim::Process& self, Fencing fencing, const sim::Distribution& service);
  sim::Task<void> serve();

 private:
  EffectReply apply(const EffectRequest& request);
  void change(const EffectRequest& request, EffectReply& reply);
  void change_row(const EffectRequest& request, EffectReply& reply);
  bool fences(checkers::Effect::Kind kind) const;

  sim::Process& self_;
  Fencing fencing_;
  sim::Distribution service_;
  sim::Rng service_time_;
  std::uint64_t version_ = 0;
  std::uint64_t last_job_ = 0;
  Rows rows_;
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
    bool taken = false;  ///< a row that was claimed if free was not
    std::uint64_t version = 0;
    std::uint64_t job = 0;  ///< of the last accepted write, or the free row
  };
  sim::Task<Result> read(Cause cause);
  sim::Task<Result> write(Cause cause, std::uint64_t based_on);
  /// SELECT the first row WHERE owner IS NULL.
  sim::Task<Result> find_free_row(Cause cause);
  /// SELECT the cause's row.
  sim::Task<Result> look_at_row(Cause cause);
  /// UPDATE the cause's row; `if_free`: WHERE owner IS NULL. `seen`: the version that the claimant
  /// knows it to have.
  sim::Task<Result> claim_row(Cause cause, bool if_free, std::uint64_t seen = 0);
  /// Tells somebody that the cause's row is his, true or not.
  sim::Task<Result> give_notice(Cause cause);

 private:
  EffectRequest request_for(checkers::Effect::Kind kind, Place place, Cause cause) const;
  sim::Task<Result> perform(EffectRequest request);
  sim::Task<void> reconnect();

  sim::Process& self_;
  sim::ProcessId resource_;
  checkers::ClientId client_;
  std::uint64_t requests_ = 0;
  sim::Connection connection_;
};

}  // namespace leasehold::models::resource
