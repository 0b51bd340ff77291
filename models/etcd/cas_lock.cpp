#include "models/etcd/cas_lock.hpp"

#include "models/etcd/deployment.hpp"
#include "models/etcd/run_claim.hpp"
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

class CasLock final : public PolledClaim {
 public:
  CasLock(sim::Process& self, ClientId client, const std::vector<sim::ProcessId>& members,
          const Options& options, std::uint64_t ttl_s)
      : PolledClaim(self, client, members, options), ttl_s_(ttl_s) {}

  Task<Answer> release() override {
    stop_believing();
    reach(*this, Milestone::What::release_sent, attempt());
    co_return co_await revoke(lease_, attempt());  // (6)
  }

 private:
  Task<Answer> claim(AttemptId attempt, MonoTime until) override {
    reach(*this, Milestone::What::acquire_sent, attempt);
    const Request get{0, Verb::get, 0, kKey, 0, 0, 0, 0};
    const std::optional<Reply> there = co_await etcd().call(get, until);  // (1)
    if (!there || there->status != Status::ok || there->own_revision != 0) co_return Answer::no;

    const MonoTime sent = self().mono_now();
    const Request grant{0, Verb::lease_grant, 0, 0, 0, 0, 0, ttl_s_};
    const std::optional<Reply> leased = co_await etcd().call(grant, until);  // (2)
    if (!leased || leased->status != Status::ok) co_return Answer::no;
    lease_ = leased->lease;

    const Request txn{0, Verb::put_if_absent, 0, kKey, lease_, attempt, 0, 0};
    const std::optional<Reply> put = co_await etcd().call(txn, until);  // (3)
    if (put && put->status == Status::ok && put->lease == lease_) {
      const MonoTime end = sent + Duration::seconds(leased->ttl_s);
      believe(attempt, token_of(put->own_revision), deadline_at(end));  // (4)
      co_return Answer::yes;
    }
    const Answer revoked = co_await revoke(lease_, attempt);  // (5)
    co_return revoked == Answer::unknown ? Answer::unknown : Answer::no;
  }

  Task<Answer> revoke(LeaseId lease, AttemptId attempt) {
    const Request request{0, Verb::lease_revoke, 0, 0, lease, attempt, 0, 0};
    const std::optional<Reply> reply = co_await etcd().call(request, MonoTime::never());
    if (!reply || reply->status == Status::timeout) co_return Answer::unknown;
    co_return reply->status == Status::ok ? Answer::yes : Answer::no;
  }

  std::uint64_t ttl_s_;
  LeaseId lease_ = 0;
};

// ----------------------------------------------------------------------------- to leasehold

class CasDeployment final : public Cluster {
 public:
  CasDeployment(const Setting& setting, const Parameters& parameters)
      : Cluster(setting, parameters),
        options_{retry(), has_token(), parameters.is("deadline", "on")},
        period_(setting.lease),
        on_last_run_(parameters.is("compare", "mod")),
        runs_(period_) {
    if (on_last_run_) observe_by(runs_);
  }

  std::unique_ptr<LockClient> client(sim::Process& self, ClientId client) override {
    if (on_last_run_) {
      return std::make_unique<RunClaim>(self, client, members(), options_, period_, runs_);
    }
    return std::make_unique<CasLock>(self, client, members(), options_, ttl_s());
  }

 private:
  WayOut way_out_by(const Server& leader) const override {
    if (!on_last_run_) return Cluster::way_out_by(leader);
    const std::optional<std::uint64_t> last = leader.last_run();
    return last ? runs_.way_out(*last) : WayOut::free();
  }

  PolledClaim::Options options_;
  sim::Duration period_;
  bool on_last_run_;
  RunLedger runs_;
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
      "compare-and-set on one key of an etcd cluster, polled: created if absent, with a lease; or, "
      "with compare=mod, the time of a job's last run if nobody changed it, a claim for one period",
      cluster_clocks() + "; compare=mod: due or not by the client's wall clock",
      "create_revision of the key, or mod_revision with compare=mod: one cluster-wide, durable, "
      "rising counter",
      "committed and the key live, from the first member's apply to that of the owner's "
      "revocation, "
      "or until its lease is revoked and past all that a leader promised; compare=mod: from the "
      "first member's apply until the stored time and a period by a client's wall clock with steps "
      "removed; nothing gives a claim back",
      "etcd v3 API: Txn with compare CREATE or MOD, leases; etcd v3.4.23 and v3.5.17, "
      "lease/lessor.go",
      LockSpecification::leased_mutex,
      parameters()};

  static std::vector<ParameterInfo> parameters() {
    std::vector<ParameterInfo> all = cluster_parameters();
    all.push_back({"compare",
                   ParameterInfo::Kind::choice,
                   "create",
                   {"create", "mod"},
                   "create: the key is absent, and a lease ends it; mod: the time of the last run "
                   "is as it was read, and its age decides"});
    return all;
  }
};

}  // namespace

std::unique_ptr<Algorithm> cas_lock() { return std::make_unique<CasAlgorithm>(); }

}  // namespace leasehold::models::etcd
