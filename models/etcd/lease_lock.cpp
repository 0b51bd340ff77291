#include "models/etcd/lease_lock.hpp"

#include <utility>

#include "models/etcd/client.hpp"
#include "models/etcd/deployment.hpp"
#include "models/etcd/session.hpp"
#include "models/milestone.hpp"

// The lock of clientv3/concurrency, as an application uses it:
//   (1) a session: a lease that is kept alive; a new one when the old one is done
//   (2) lock the mutex, in the client (mutex.cpp) or through the v3lock service
//   (3) locked: trust it until the session is done, and no longer than was promised
//   (4) the session is done: the lock is lost
//   (5) given up: take back what an unanswered try may have left
//   (6) unlock, again until an answer comes or the session is done
namespace leasehold::models::etcd {
namespace {

using sim::Duration;
using sim::MonoTime;
using sim::Task;

struct Options {
  Version version = Version::v3_5;
  std::uint64_t ttl_s = 0;
  sim::Distribution retry;
  bool token = true;
  bool deadline = true;
  bool through_service = false;
};

class LeaseLock final : public LockClient, private SessionObserver {
 public:
  LeaseLock(sim::Process& self, ClientId client, const std::vector<sim::ProcessId>& members,
            const Options& options)
      : LockClient(self, client),
        options_(options),
        etcd_(self, members),
        session_(self, etcd_, options.ttl_s, *this),
        mutex_(etcd_, options.version),
        retry_(self.stream(sim::purpose("etcd-lease.retry"))) {}

  Task<Answer> acquire(AttemptId attempt, MonoTime give_up) override {
    bool may_be_there = false;  // our key
    bool may_outlive = false;   // a session that is done: a key until its lease dies
    while (true) {
      if (!session_.is_open()) {
        may_outlive = may_outlive || std::exchange(may_be_there, false);
        co_await session_.open(give_up);  // (1)
      }
      if (session_.is_open()) {
        reach(*this, Milestone::What::acquire_sent, attempt);
        const Locked locked = co_await lock(session_.lease(), attempt, give_up);  // (2)
        if (locked.outcome == LockOutcome::locked && session_.is_open()) {
          believe(attempt, options_.token ? locked.revision : 0, valid_until());  // (3)
          co_return Answer::yes;
        }
        may_be_there = locked.outcome != LockOutcome::gave_up;
      }
      if (self().mono_now() >= give_up) break;
      co_await self().sleep(options_.retry.sample(retry_));
    }
    if (may_be_there && session_.is_open()) {
      const Removal removal = co_await mutex_.unlock(session_.lease(), attempt);  // (5)
      may_be_there = removal == Removal::unknown;
    }
    co_return may_be_there || may_outlive ? Answer::unknown : Answer::no;
  }

  Task<Answer> release() override {
    stop_believing();
    const LeaseId lease = session_.lease();
    Removal removal = Removal::unknown;
    bool unanswered = false;  // an earlier try may have removed the key
    while (session_.is_open() && session_.lease() == lease) {
      reach(*this, Milestone::What::release_sent, attempt());
      removal = co_await mutex_.unlock(lease, attempt());  // (6)
      if (removal != Removal::unknown) break;
      unanswered = true;
      co_await self().sleep(options_.retry.sample(retry_));
    }
    if (removal == Removal::unknown) co_return Answer::unknown;
    if (removal == Removal::removed) co_return Answer::yes;
    co_return unanswered ? Answer::unknown : Answer::no;
  }

 private:
  Task<Locked> lock(LeaseId lease, AttemptId attempt, MonoTime until) {
    if (!options_.through_service) co_return co_await mutex_.lock(lease, attempt, until);
    const Request request{0, Verb::lock, 0, Mutex::key_of(lease), lease, attempt, 0, 0};
    const std::optional<Reply> reply = co_await etcd_.call(request, until);
    if (reply && reply->status == Status::ok) {
      co_return Locked{LockOutcome::locked, reply->own_revision};
    }
    const bool expired = reply && reply->status == Status::session_expired;
    co_return Locked{expired ? LockOutcome::session_expired : LockOutcome::unknown, 0};
  }

  Deadline valid_until() const {
    return options_.deadline ? Deadline(session_.promised_until()) : Deadline();
  }

  void on_renewing() override {
    if (believed()) reach(*this, Milestone::What::renew_sent, attempt());
  }
  void on_renewed() override {
    if (believed() && options_.deadline) extend(valid_until());
  }
  void on_done() override {
    if (believed()) lose();  // (4)
  }

  Options options_;
  Client etcd_;
  Session session_;
  Mutex mutex_;
  sim::Rng retry_;
};

// ----------------------------------------------------------------------------- to leasehold

class LeaseDeployment final : public Cluster {
 public:
  LeaseDeployment(const Setting& setting, const Parameters& parameters)
      : Cluster(setting, parameters),
        options_{version(),
                 ttl_s(),
                 retry(),
                 has_token(),
                 parameters.is("deadline", "on"),
                 parameters.is("lock", "server")} {}

  std::unique_ptr<LockClient> client(sim::Process& self, ClientId client) override {
    return std::make_unique<LeaseLock>(self, client, members(), options_);
  }

 private:
  Options options_;
};

class LeaseAlgorithm final : public Algorithm {
 public:
  const AlgorithmInfo& info() const override { return info_; }
  std::unique_ptr<Deployment> deploy(const Setting& setting,
                                     const Parameters& parameters) const override {
    return std::make_unique<LeaseDeployment>(setting, parameters);
  }
  /// clientv3/concurrency, session.go: a TTL of 60 s. Waiters watch.
  std::optional<Setting> vendor_setting(const Setting& scenario, const Parameters&) const override {
    Setting setting = scenario;
    setting.lease = Duration::seconds(60);
    return setting;
  }

 private:
  static std::vector<ParameterInfo> parameters() {
    std::vector<ParameterInfo> knobs = cluster_parameters();
    knobs.push_back(
        {"lock",
         ParameterInfo::Kind::choice,
         "client",
         {"client", "server"},
         "who runs the mutex: the client's library, or the v3lock service, which in 3.4 "
         "can grant a waiter whose lease died while it was queued"});
    return knobs;
  }

  AlgorithmInfo info_{
      "etcd-lease",
      "a session and mutex on an etcd cluster: first key created, first served",
      cluster_clocks(),
      "create_revision of the lock's key: one cluster-wide, durable, rising counter",
      "committed and the key live and first in create order, from the first member's apply to that "
      "of the owner's delete, or until its lease is revoked and past all that a leader promised",
      "etcd v3.4.23 and v3.5.17: clientv3/concurrency, lease/lessor.go, embed/config.go; issues "
      "11456, 15247; Jepsen, etcd 3.4.3",
      LockSpecification::leased_mutex,
      parameters()};
};

}  // namespace

std::unique_ptr<Algorithm> lease_lock() { return std::make_unique<LeaseAlgorithm>(); }

}  // namespace leasehold::models::etcd
