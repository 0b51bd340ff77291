#include "models/etcd/cas_lock.hpp"

#include "models/etcd/client.hpp"
#include "models/etcd/deployment.hpp"
#include "models/milestone.hpp"

// Create-if-absent on one key, polled. The lease is never kept alive: the key is a claim for one
// TTL, as for a job that is to run once in a period.
//   (1) is the key there? Then somebody has the claim: wait and start again
//   (2) grant a lease
//   (3) Txn: if create_revision(key) == 0 then put(key, lease)
//   (4) ours: valid for a TTL from the grant of the lease
//   (5) not ours: revoke the lease, wait and start again
//   (6) release: revoke the lease, and the key with it
namespace leasehold::models::etcd {
namespace {

using sim::Duration;
using sim::MonoTime;
using sim::Task;

/// Below every lease's id, so below every key of a mutex.
constexpr Key kKey = 1;

struct Options {
  std::uint64_t ttl_s = 0;
  sim::Distribution retry;
  bool token = true;
  bool deadline = true;
};

class CasLock final : public LockClient {
 public:
  CasLock(sim::Process& self, ClientId client, const std::vector<sim::ProcessId>& members,
          const Options& options)
      : LockClient(self, client),
        options_(options),
        etcd_(self, members),
        retry_(self.stream(sim::purpose("etcd-cas.retry"))) {}

  Task<Answer> acquire(AttemptId attempt, MonoTime give_up) override {
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

  Task<Answer> release() override {
    stop_believing();
    reach(*this, Milestone::What::release_sent, attempt());
    co_return co_await revoke(lease_, attempt());  // (6)
  }

 private:
  Task<Answer> claim(AttemptId attempt, MonoTime until) {
    reach(*this, Milestone::What::acquire_sent, attempt);
    const Request get{0, Verb::get, 0, kKey, 0, 0, 0, 0};
    const std::optional<Reply> there = co_await etcd_.call(get, until);  // (1)
    if (!there || there->status != Status::ok || there->own_revision != 0) co_return Answer::no;

    const MonoTime sent = self().mono_now();
    const Request grant{0, Verb::lease_grant, 0, 0, 0, 0, 0, options_.ttl_s};
    const std::optional<Reply> leased = co_await etcd_.call(grant, until);  // (2)
    if (!leased || leased->status != Status::ok) co_return Answer::no;
    lease_ = leased->lease;

    const Request txn{0, Verb::put_if_absent, 0, kKey, lease_, attempt, 0, 0};
    const std::optional<Reply> put = co_await etcd_.call(txn, until);  // (3)
    if (put && put->status == Status::ok && put->lease == lease_) {
      const Deadline end = Deadline(sent + Duration::seconds(leased->ttl_s));
      believe(attempt, options_.token ? put->own_revision : 0,
              options_.deadline ? end : Deadline());  // (4)
      co_return Answer::yes;
    }
    const Answer revoked = co_await revoke(lease_, attempt);  // (5)
    co_return revoked == Answer::unknown ? Answer::unknown : Answer::no;
  }

  Task<Answer> revoke(LeaseId lease, AttemptId attempt) {
    const Request request{0, Verb::lease_revoke, 0, 0, lease, attempt, 0, 0};
    const std::optional<Reply> reply = co_await etcd_.call(request, MonoTime::never());
    if (!reply || reply->status == Status::timeout) co_return Answer::unknown;
    co_return reply->status == Status::ok ? Answer::yes : Answer::no;
  }

  Options options_;
  Client etcd_;
  sim::Rng retry_;
  LeaseId lease_ = 0;
};

// ----------------------------------------------------------------------------- to leasehold

class CasDeployment final : public Cluster {
 public:
  CasDeployment(const Setting& setting, const Parameters& parameters)
      : Cluster(setting, parameters),
        options_{ttl_s(), retry(), has_token(), parameters.is("deadline", "on")} {}

  std::unique_ptr<LockClient> client(sim::Process& self, ClientId client) override {
    return std::make_unique<CasLock>(self, client, members(), options_);
  }

 private:
  Options options_;
};

class CasAlgorithm final : public Algorithm {
 public:
  const AlgorithmInfo& info() const override { return info_; }
  std::unique_ptr<Deployment> deploy(const Setting& setting,
                                     const Parameters& parameters) const override {
    return std::make_unique<CasDeployment>(setting, parameters);
  }

 private:
  AlgorithmInfo info_{
      "etcd-cas",
      "one key on an etcd cluster, created by a transaction if absent, with a lease; polled",
      cluster_clocks(),
      "create_revision of the key: one cluster-wide, durable, rising counter",
      "committed and the key live, from the first member's apply to that of the owner's "
      "revocation, "
      "or until its lease is revoked and past all that a leader promised",
      "etcd v3 API: Txn with compare CREATE, leases; etcd v3.4.23 and v3.5.17, lease/lessor.go",
      LockSpecification::leased_mutex,
      cluster_parameters()};
};

}  // namespace

std::unique_ptr<Algorithm> cas_lock() { return std::make_unique<CasAlgorithm>(); }

}  // namespace leasehold::models::etcd
