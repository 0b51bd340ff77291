#include "models/redis/redlock.hpp"

#include "models/milestone.hpp"
#include "models/redis/deployment.hpp"
#include "models/redis/quorum_grant.hpp"
#include "models/redis/redlock_client.hpp"

// Redlock as published, on N independent nodes of which a quorum is N/2 + 1:
//   (1) read the clock
//   (2) SET key owner NX PX ttl on all nodes at once, each with a timeout far below the ttl
//   (3) validity = ttl - (time since (1)) - drift allowance, 1 % of the ttl and 2 ms
//   (4) a quorum said yes and the validity is positive: ours
//   (5) else remove the value from all nodes, those that did not vote for it too, and wait a random
//       while before the next try, which has a new value
//   (6) extend, on request, in the same way and within the validity
//   (7) release: compare-and-DEL on all nodes
// A node that restarts stays out for more than a ttl (quarantine).
namespace leasehold::models::redis {
namespace {

using sim::Duration;
using sim::MonoTime;
using sim::Task;

class Redlock final : public RedlockClient {
 public:
  using RedlockClient::RedlockClient;

  Task<Answer> acquire(AttemptId attempt, MonoTime give_up) override {
    bool unanswered = false;
    reach(*this, Milestone::What::acquire_sent, attempt);
    for (std::uint32_t i = 0;; ++i) {
      const std::uint64_t owner = owner_value(attempt, i);
      const Duration started = now();                        // (1)
      const Votes votes = co_await nodes().ask(set(owner));  // (2)
      const Duration validity = validity_since(started);     // (3)
      if (votes.yes >= options().quorum() && validity > Duration::zero()) {
        hold(attempt, owner, validity);  // (4), (6)
        co_return Answer::yes;
      }
      const Votes removed = co_await nodes().ask(removal(owner));  // (5)
      unanswered = unanswered || votes.failed > 0 || removed.failed > 0;
      if (self().mono_now() >= give_up) break;
      co_await wait_before_retry();
    }
    co_return unanswered ? Answer::unknown : Answer::no;
  }

  Task<Answer> release() override {
    let_go();
    const Votes votes = co_await nodes().ask(removal(owner()));  // (7)
    if (votes.yes >= options().quorum()) co_return Answer::yes;
    co_return votes.no >= options().quorum() ? Answer::no : Answer::unknown;
  }
};

// ----------------------------------------------------------------------------- to leasehold

class RedlockDeployment final : public Deployment {
 public:
  RedlockDeployment(const Setting& setting, const Parameters& parameters)
      : options_(setting, parameters),
        server_options_(server_options(setting, parameters)),
        grants_(options_.quorum()),
        memories_(parameters, options_.nodes),
        windows_(options_.nodes) {
    if (parameters.is("quarantine", "on")) {
      server_options_.quarantine = options_.ttl + options_.drift_allowance();
    }
  }

  std::vector<ServerSlot> servers() override {
    std::vector<ServerSlot> slots;
    for (std::uint32_t i = 0; i < options_.nodes; ++i) {
      slots.push_back(server_slot("redis:" + std::to_string(i), server_options_, grants_,
                                  memories_[i], windows_[i]));
    }
    return slots;
  }
  void bind(std::span<sim::Process* const> servers) override {
    first_node_ = servers.front()->id();
    grants_.bind(first_node_);
    memories_.bind(servers);
  }
  bool set_memory_pressure(std::uint32_t slot, bool on) override {
    memories_.set_pressure(slot, on);
    return true;
  }
  std::unique_ptr<LockClient> client(sim::Process& self, ClientId client) override {
    switch (options_.client) {
      case RedlockOptions::Client::spec:
        return std::make_unique<Redlock>(self, client, first_node_, options_);
      case RedlockOptions::Client::node_redlock_5b2:
        return node_redlock_client(self, client, first_node_, options_);
      case RedlockOptions::Client::redlock_py:
        break;
    }
    return redlock_py_client(self, client, first_node_, options_);
  }
  std::optional<std::uint32_t> leader() const override { return std::nullopt; }
  bool has_token() const override { return false; }
  std::optional<Standing> standing(std::uint32_t slot) const override {
    return standing_of(windows_[slot]);
  }
  /// A quorum of nodes must come free.
  WayOut way_out(std::span<const sim::Message>) const override {
    WayOut all = WayOut::by(options_.quorum(), {});
    for (const Window<Server>& window : windows_) {
      if (window.get() == nullptr) continue;  // dead, and nobody brings it back
      const WayOut one = window.get()->way_out(kLockKey);
      if (!one.known) return WayOut::unknown();
      if (one.needed == 0 && all.needed > 0) --all.needed;
      all.events.insert(all.events.end(), one.events.begin(), one.events.end());
    }
    return all;
  }

 private:
  RedlockOptions options_;
  ServerOptions server_options_;
  QuorumGrant grants_;
  Memories memories_;
  std::vector<Window<Server>> windows_;
  sim::ProcessId first_node_ = 0;
};

class RedlockAlgorithm final : public Algorithm {
 public:
  const AlgorithmInfo& info() const override { return info_; }
  std::unique_ptr<Deployment> deploy(const Setting& setting,
                                     const Parameters& parameters) const override {
    return std::make_unique<RedlockDeployment>(setting, parameters);
  }
  /// The callers of the libraries give the ttl; the libraries retry by themselves.
  std::optional<Setting> vendor_setting(const Setting& scenario,
                                        const Parameters& parameters) const override {
    Setting setting = scenario;
    const auto ms = [](std::int64_t n) { return Duration::milliseconds(n); };
    if (parameters.is("client", "spec")) return std::nullopt;
    setting.retry = parameters.is("client", "redlock-py")
                        ? sim::Distribution::constant(ms(200))
                        : sim::Distribution::uniform(ms(100), ms(300));
    return setting;
  }

 private:
  using Kind = ParameterInfo::Kind;
  AlgorithmInfo info_{
      "redlock",
      "SET key owner NX PX ttl on a majority of independent Redis nodes",
      "expiry: each node's wall clock; elapsed time and validity: the client's monotonic clock, or "
      "the wall clock in the libraries; waits and timeouts: its monotonic clock",
      "none: the owner's value has no order, and counters on the nodes would diverge",
      "a quorum of nodes has promised the owner's value, each from its SET to the owner's release "
      "there or the deadline on that node's clock with steps removed",
      "Redis documentation, distributed locks; node-redlock 5.0.0-beta.2; redlock-py 42ef491; "
      "M. Kleppmann, How to do distributed locking (2016)",
      LockSpecification::leased_mutex,
      with_server_parameters(
          {{"client",
            Kind::choice,
            "spec",
            {"spec", "node-redlock-5b2", "redlock-py"},
            "the published algorithm, or a library with its deviations: node-redlock goes by the "
            "first quorum, keeps partial votes between tries and accepts a lock that is over; "
            "redlock-py asks in turn and leaves its keys when a node failed"},
           {"clock",
            Kind::choice,
            "own",
            {"own", "mono", "boot", "wall"},
            "what the client measures elapsed time and validity with; own: mono for spec, wall for "
            "the libraries"},
           {"nodes", Kind::choice, "5", {"1", "2", "3", "4", "5", "6", "7", "8", "9"}, "nodes"},
           {"quarantine",
            Kind::choice,
            "on",
            {"on", "off"},
            "whether a restarted node stays out for more than a ttl"},
           {"renew",
            Kind::choice,
            "off",
            {"off", "on"},
            "extends every third of the ttl; redlock-py has no extension of its own"},
           {"deadline",
            Kind::choice,
            "on",
            {"on", "off"},
            "whether the client stops trusting its lock when its validity is over"},
           {"timeout",
            Kind::duration,
            "50ms",
            {},
            "of one node, after which it counts as failed and a new connection is made"},
           {"tries",
            Kind::count,
            "0",
            {},
            "of one call of a library, after which the application calls again; 0: its own number, "
            "11 for node-redlock and 3 for redlock-py"}})};
};

}  // namespace

std::unique_ptr<Algorithm> redlock() { return std::make_unique<RedlockAlgorithm>(); }

}  // namespace leasehold::models::redis
