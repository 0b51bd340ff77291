#pragma once

#include "models/etcd/client.hpp"
#include "models/lock_client.hpp"

namespace leasehold::models::etcd {

/// What the two compare-and-sets of `etcd-cas` have in common: a claim is tried, and tried again
/// after a pause.
class PolledClaim : public LockClient {
 public:
  struct Options {
    sim::Distribution retry;
    bool token = true;
    bool deadline = true;
  };

  PolledClaim(sim::Process& self, ClientId client, const std::vector<sim::ProcessId>& members,
              const Options& options)
      : LockClient(self, client),
        options_(options),
        etcd_(self, members),
        retry_(self.stream(sim::purpose("etcd-cas.retry"))) {}

  sim::Task<Answer> acquire(AttemptId attempt, sim::MonoTime give_up) final {
    bool unknown = false;
    while (true) {
      const Answer claimed = co_await claim(attempt, give_up);
      if (claimed == Answer::yes) co_return Answer::yes;
      unknown = unknown || claimed == Answer::unknown;
      if (self().mono_now() >= give_up) break;
      co_await self().sleep(options_.retry.sample(retry_));
    }
    co_return unknown ? Answer::unknown : Answer::no;
  }

 protected:
  /// `yes`: claimed, and believed from now on.
  virtual sim::Task<Answer> claim(AttemptId attempt, sim::MonoTime until) = 0;

  Client& etcd() { return etcd_; }
  Token token_of(Revision revision) const { return options_.token ? revision : 0; }
  Deadline deadline_at(sim::MonoTime end) const {
    return options_.deadline ? Deadline(end) : Deadline();
  }

 private:
  Options options_;
  Client etcd_;
  sim::Rng retry_;
};

}  // namespace leasehold::models::etcd
