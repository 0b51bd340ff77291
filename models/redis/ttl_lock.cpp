#include "models/redis/ttl_lock.hpp"

#include "models/milestone.hpp"
#include "models/redis/client.hpp"
#include "models/redis/server.hpp"
#include "models/redis/single_grant.hpp"

// The lock of "SET resource owner NX PX ttl" on one Redis server, in the correct single-node form.
// The step numbers are those of its recipe:
//   (1) read the clock
//   (2) SET key owner NX PX ttl
//   (3) no answer: ask whether the key is ours, for the SET may have been applied
//   (4) ours: valid until the time of (1) plus ttl less a drift allowance
//   (5) not ours: wait a random while and start again
//   (6) renew every ttl/3 by compare-and-PEXPIRE; the answer 0 means lost
//   (7) release by compare-and-DEL
namespace leasehold::models::redis {
namespace {

using sim::Duration;
using sim::MonoTime;
using sim::Task;

constexpr std::uint64_t kKey = 1;

/// What the knobs say, once per run.
struct Options {
  Options(const Setting& setting, const Parameters& parameters)
      : ttl(setting.lease),
        retry(setting.retry),
        timeout(parameters.duration("timeout")),
        compare_on_release(parameters.is("release", "cad")),
        token(parameters.is("token", "incr")),
        renew(parameters.is("renew", "on")),
        deadline(parameters.is("deadline", "on")) {}

  Duration drift_allowance() const { return ttl / 100 + Duration::milliseconds(2); }
  std::uint64_t ttl_ms() const {
    return static_cast<std::uint64_t>(ttl / Duration::milliseconds(1));
  }

  Duration ttl;
  sim::Distribution retry;
  Duration timeout;
  bool compare_on_release;
  bool token;
  bool renew;
  bool deadline;
};

class TtlLock final : public LockClient {
 public:
  TtlLock(sim::Process& self, ClientId client, sim::ProcessId server, const Options& options)
      : LockClient(self, client),
        options_(options),
        redis_(self, server, options.timeout),
        renewer_redis_(self, server, options.timeout),
        released_(self),
        retry_(self.stream(sim::purpose("redis-ttl.retry"))) {}

  Task<Answer> acquire(AttemptId attempt, MonoTime give_up) override {
    bool unanswered = false;
    while (true) {
      const MonoTime started = self().mono_now();  // (1)
      reach(*this, Milestone::What::acquire_sent, attempt);
      const std::optional<Reply> reply = co_await redis_.command(set(attempt));  // (2)
      unanswered = unanswered || !reply;
      std::optional<Token> granted = token_in(reply);
      if (!granted && unanswered) granted = co_await recover(attempt);  // (3)
      if (granted) {
        believe(attempt, *granted, valid_until(started));  // (4)
        if (options_.renew) self().spawn(keep_renewing(attempt));
        co_return Answer::yes;
      }
      if (self().mono_now() >= give_up) break;
      co_await self().sleep(options_.retry.sample(retry_));  // (5)
    }
    co_return unanswered ? Answer::unknown : Answer::no;
  }

  Task<Answer> release() override {
    stop_believing();
    released_.notify_all();
    reach(*this, Milestone::What::release_sent, attempt());
    const Verb verb = options_.compare_on_release ? Verb::compare_and_delete : Verb::del;
    const Request request{verb, kKey, attempt(), 0, attempt()};
    const std::optional<Reply> reply = co_await redis_.command(request);  // (7)
    if (!reply) co_return Answer::unknown;
    co_return reply->value == 1 ? Answer::yes : Answer::no;
  }

 private:
  Request set(AttemptId attempt) const {
    const Verb verb = options_.token ? Verb::set_nx_px_and_incr : Verb::set_nx_px;
    return Request{verb, kKey, attempt, options_.ttl_ms(), attempt};
  }

  /// The token of a SET that was answered with success: 0 where the lock has none.
  static std::optional<Token> token_in(const std::optional<Reply>& reply) {
    if (!reply || reply->kind == Reply::Kind::nil) return std::nullopt;
    return reply->value;
  }

  /// A SET went unanswered: it was applied if the key holds our value. Its token is then the last
  /// one given, for nobody was granted since.
  Task<std::optional<Token>> recover(AttemptId attempt) {
    const Request get{Verb::get, kKey, 0, 0, attempt};
    const std::optional<Reply> held = co_await redis_.command(get);
    if (!held || held->kind != Reply::Kind::value || held->value != attempt) co_return std::nullopt;
    if (!options_.token) co_return Token{0};
    const Request get_token{Verb::get, token_key(kKey), 0, 0, attempt};
    const std::optional<Reply> token = co_await redis_.command(get_token);
    if (!token || token->kind != Reply::Kind::value) co_return std::nullopt;
    co_return token->value;
  }

  Deadline valid_until(MonoTime started) const {
    if (!options_.deadline) return Deadline();
    return Deadline(started + options_.ttl - options_.drift_allowance());
  }

  Task<void> keep_renewing(AttemptId renewed) {
    while (true) {
      const MonoTime next = self().mono_now() + options_.ttl / 3;
      const bool released = co_await released_.wait_until(next);
      if (released || attempt() != renewed || !believed()) co_return;
      const MonoTime started = self().mono_now();
      reach(*this, Milestone::What::renew_sent, renewed);
      const Request request{Verb::compare_and_pexpire, kKey, renewed, options_.ttl_ms(), renewed};
      const std::optional<Reply> reply = co_await renewer_redis_.command(request);  // (6)
      if (attempt() != renewed || !believed()) co_return;
      if (reply && reply->value == 1) extend(valid_until(started));
      if (reply && reply->value == 0) lose();
    }
  }

  Options options_;
  Client redis_;
  Client renewer_redis_;
  sim::Signal released_;
  sim::Rng retry_;
};

// ----------------------------------------------------------------------------- to leasehold

class TtlDeployment final : public Deployment {
 public:
  TtlDeployment(const Setting& setting, const Parameters& parameters)
      : options_(setting, parameters), service_(setting.service) {}

  std::vector<ServerSlot> servers() override {
    return {{"redis", [this](sim::Process& self) { return serve(self, service_, &grants_); }}};
  }
  void bind(std::span<sim::Process* const> servers) override { server_ = servers.front()->id(); }
  std::unique_ptr<LockClient> client(sim::Process& self, ClientId client) override {
    return std::make_unique<TtlLock>(self, client, server_, options_);
  }
  std::optional<std::uint32_t> leader() const override { return 0; }
  bool has_token() const override { return options_.token; }

 private:
  static Task<void> serve(sim::Process& self, sim::Distribution service, SingleGrant* grants) {
    Server server(self, service, grants);
    co_await server.serve();
  }

  Options options_;
  sim::Distribution service_;
  SingleGrant grants_;
  sim::ProcessId server_ = 0;
};

class TtlAlgorithm final : public Algorithm {
 public:
  const AlgorithmInfo& info() const override { return info_; }
  std::unique_ptr<Deployment> deploy(const Setting& setting,
                                     const Parameters& parameters) const override {
    return std::make_unique<TtlDeployment>(setting, parameters);
  }

 private:
  using Kind = ParameterInfo::Kind;
  AlgorithmInfo info_{
      "redis-ttl",
      "SET key owner NX PX ttl on one Redis server, released by compare-and-delete",
      "expiry: the server's wall clock; validity, renewal and waits: the client's monotonic clock",
      "none; with token=incr an INCR in the granting script, monotone while the data survive",
      "the key holds the owner's value, from the SET to the owner's release or the promised "
      "deadline on the server's clock with steps removed",
      "Redis documentation, SET and distributed locks; Redis 7.0 db.c, expire.c",
      LockSpecification::leased_mutex,
      {{"release",
        Kind::choice,
        "cad",
        {"cad", "del"},
        "cad: compare-and-delete in a script; del: plain DEL, which may free a successor's lock"},
       {"token", Kind::choice, "none", {"none", "incr"}, "where a fencing token comes from"},
       {"renew",
        Kind::choice,
        "off",
        {"off", "on"},
        "a watchdog that renews every third of the ttl"},
       {"deadline",
        Kind::choice,
        "on",
        {"on", "off"},
        "whether the client stops trusting its lock at t_send + ttl - (1 % + 2 ms)"},
       {"timeout",
        Kind::duration,
        "1s",
        {},
        "of one command, after which a new connection is made"}}};
};

}  // namespace

std::unique_ptr<Algorithm> ttl_lock() { return std::make_unique<TtlAlgorithm>(); }

}  // namespace leasehold::models::redis
