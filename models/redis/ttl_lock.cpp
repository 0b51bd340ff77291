#include "models/redis/ttl_lock.hpp"

#include <algorithm>
#include <array>

#include "models/milestone.hpp"
#include "models/redis/client.hpp"
#include "models/redis/deployment.hpp"
#include "models/redis/owner.hpp"

// The lock of "SET resource owner NX PX ttl" on one Redis server, in the correct single-node form.
// The step numbers are those of its recipe:
//   (1) read the clock
//   (2) SET key owner NX PX ttl
//   (3) no answer: ask whether the key is ours, for the SET may have been applied
//   (4) ours: valid until the time of (1) plus ttl less a drift allowance, of the oldest (1) of
//   which
//       the SET may be the one; over by now: no success
//   (5) not ours: wait a random while and start again
//   (6) renew every ttl/3 by compare-and-PEXPIRE; the answer 0 means lost
//   (7) release by compare-and-DEL
namespace leasehold::models::redis {
namespace {

using sim::Duration;
using sim::MonoTime;
using sim::Task;

/// How (7) is done.
enum class Release : std::uint8_t { cad, del, watch };
/// What happens at (3).
enum class LostReply : std::uint8_t { get, retry, none };

Release release_form(const Parameters& parameters) {
  if (parameters.is("release", "del")) return Release::del;
  return parameters.is("release", "watch") ? Release::watch : Release::cad;
}

LostReply lost_reply(const Parameters& parameters) {
  if (parameters.is("lost-reply", "retry")) return LostReply::retry;
  return parameters.is("lost-reply", "none") ? LostReply::none : LostReply::get;
}

sim::ClockKind measured_with(const Parameters& parameters) {
  if (parameters.is("clock", "boot")) return sim::ClockKind::boot;
  return parameters.is("clock", "wall") ? sim::ClockKind::wall : sim::ClockKind::mono;
}

/// What the knobs say, once per run.
struct Options {
  Options(const Setting& setting, const Parameters& parameters)
      : ttl(setting.lease),
        retry(setting.retry),
        timeout(parameters.duration("timeout")),
        release(release_form(parameters)),
        on_lost_reply(lost_reply(parameters)),
        clock(measured_with(parameters)),
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
  Release release;
  LostReply on_lost_reply;
  sim::ClockKind clock;  ///< for validity
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
        transaction_redis_(self, server, options.timeout),
        watchdog_stopped_(self),
        retry_(self.stream(sim::purpose("redis-ttl.retry"))) {}

  Task<Answer> acquire(AttemptId attempt, MonoTime give_up) override {
    std::optional<Duration> unanswered_since;
    reach(*this, Milestone::What::acquire_sent, attempt);
    while (true) {
      const Duration started = now();                                            // (1)
      const std::optional<Reply> reply = co_await redis_.command(set(attempt));  // (2)
      if (!reply) unanswered_since = std::min(unanswered_since.value_or(started), started);
      const bool unanswered = unanswered_since.has_value();
      std::optional<Token> granted = token_in(reply);
      Deadline deadline = valid_until(started);
      if (!granted && unanswered && options_.on_lost_reply == LostReply::get) {
        granted = co_await ask(attempt);  // (3)
        deadline = valid_until(*unanswered_since);
      }
      if (granted && !deadline.has_passed(self())) {
        believe(attempt, *granted, deadline);  // (4)
        if (options_.renew) start_watchdog(attempt);
        co_return Answer::yes;
      }
      if (granted) co_await remove_own(attempt);
      if (unanswered && options_.on_lost_reply == LostReply::none) co_return Answer::unknown;
      if (self().mono_now() >= give_up) break;
      co_await self().sleep(options_.retry.sample(retry_));  // (5)
    }
    if (!unanswered_since) co_return Answer::no;
    if (options_.on_lost_reply == LostReply::get) co_await remove_own(attempt);
    co_return Answer::unknown;
  }

  Task<Answer> release() override {
    stop_believing();
    reach(*this, Milestone::What::release_sent, attempt());
    if (options_.release == Release::watch) {
      releasing_ = true;  // the watchdog is stopped after the release, as a finally block does
      const Answer answer = co_await release_under_watch();  // (7)
      releasing_ = false;
      stop_watchdog();
      co_return answer;
    }
    stop_watchdog();
    co_return co_await remove_own(attempt());  // (7)
  }

 private:
  Request command(Verb verb, AttemptId owner, std::uint64_t ttl_ms = 0) const {
    return Request{verb, kLockKey, owner, ttl_ms, owner};
  }
  Request set(AttemptId owner) const {
    const Verb verb = options_.token ? Verb::set_nx_and_incr : Verb::set_nx;
    return command(verb, owner, options_.ttl_ms());
  }

  /// The token of a SET that was answered with success: 0 where the lock has none.
  static std::optional<Token> token_in(const std::optional<Reply>& reply) {
    if (!reply || reply->kind == Reply::Kind::nil || reply->kind == Reply::Kind::error) {
      return std::nullopt;
    }
    return reply->value;
  }

  /// A SET went unanswered: it was applied if the key holds our value. Its token is then the last
  /// one given, for nobody was granted since.
  Task<std::optional<Token>> ask(AttemptId owner) {
    const std::optional<Reply> held = co_await redis_.command(command(Verb::get, owner));
    if (held != Reply{Reply::Kind::value, owner}) co_return std::nullopt;
    if (!options_.token) co_return Token{0};
    const Request get_token{Verb::get, token_key(kLockKey), 0, 0, owner};
    const std::optional<Reply> token = co_await redis_.command(get_token);
    if (!token || token->kind != Reply::Kind::value) co_return std::nullopt;
    co_return token->value;
  }

  Task<Answer> remove_own(AttemptId owner) {
    const Verb verb = options_.release == Release::del ? Verb::del : Verb::compare_and_delete;
    const std::optional<Reply> reply = co_await redis_.command(command(verb, owner));
    if (!reply || reply->kind != Reply::Kind::integer) co_return Answer::unknown;
    co_return reply->value == 1 ? Answer::yes : Answer::no;
  }

  /// A pipeline with WATCH, as one finds it in articles, with what is wrong with it:
  /// an expired key has no value to decode, which raises and leaves the connection with its WATCH;
  /// any change before EXEC, by the own watchdog too, raises and leaves the key to its ttl; and
  /// what DEL answers is not looked at.
  Task<Answer> release_under_watch() {
    const AttemptId owner = attempt();
    const std::array<Request, 2> watch{command(Verb::watch, owner), command(Verb::get, owner)};
    const std::optional<Reply> held = co_await transaction_redis_.pipeline(watch);
    if (!held || held->kind != Reply::Kind::value) co_return Answer::unknown;
    if (held->value != owner) {
      co_await transaction_redis_.command(command(Verb::unwatch, owner));
      co_return Answer::no;
    }
    const std::array<Request, 3> removal{command(Verb::multi, owner), command(Verb::del, owner),
                                         command(Verb::exec, owner)};
    const std::optional<Reply> done = co_await transaction_redis_.pipeline(removal);
    const bool executed = done && done->kind == Reply::Kind::array;
    co_return executed ? Answer::yes : Answer::unknown;
  }

  /// A reading of the clock that the client measures with.
  Duration now() const { return Deadline::read(self(), options_.clock); }

  Deadline valid_until(Duration started) const {
    if (!options_.deadline) return Deadline();
    return Deadline::at(options_.clock, started + options_.ttl - options_.drift_allowance());
  }

  void start_watchdog(AttemptId renewed) {
    watched_ = renewed;
    self().spawn(keep_renewing(renewed));
  }
  void stop_watchdog() {
    watched_ = 0;
    watchdog_stopped_.notify_all();
  }

  Task<void> keep_renewing(AttemptId renewed) {
    MonoTime next = self().mono_now() + options_.ttl / 3;
    while (true) {
      co_await watchdog_stopped_.wait_until(next);
      if (!watches(renewed)) co_return;
      const Duration started = now();
      next = self().mono_now() + options_.ttl / 3;
      reach(*this, Milestone::What::renew_sent, renewed);
      const Request pexpire = command(Verb::compare_and_pexpire, renewed, options_.ttl_ms());
      const std::optional<Reply> reply = co_await renewer_redis_.command(pexpire);  // (6)
      if (!watches(renewed) || !believed()) co_return;
      const bool ours = reply && reply->is_integer(1) && believes();
      const bool lost = !believes() || (reply && reply->is_integer(0));
      if (ours) extend(valid_until(started));
      if (lost) co_return lose();
      if (!reply) next = self().mono_now() + options_.retry.sample(retry_);
    }
  }
  bool watches(AttemptId renewed) const {
    return watched_ == renewed && (believed() || releasing_);
  }

  Options options_;
  Client redis_;
  Client renewer_redis_;
  Client transaction_redis_;
  AttemptId watched_ = 0;   ///< the attempt whose watchdog runs
  bool releasing_ = false;  ///< and has to run on, although the release has begun
  sim::Signal watchdog_stopped_;
  sim::Rng retry_;
};

// ----------------------------------------------------------------------------- to leasehold

class TtlDeployment final : public SingleServer {
 public:
  TtlDeployment(const Setting& setting, const Parameters& parameters)
      : SingleServer(setting, parameters), options_(setting, parameters) {}

  std::unique_ptr<LockClient> client(sim::Process& self, ClientId client) override {
    return std::make_unique<TtlLock>(self, client, server(), options_);
  }
  bool has_token() const override { return options_.token; }

 private:
  Options options_;
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
      "expiry: the server's wall clock; validity: the client's monotonic clock unless told "
      "otherwise; renewal and waits: its monotonic clock",
      "none; with token=incr an INCR in the granting script, monotone while the data survive",
      "the key holds the owner's value, from the SET to the owner's release or the promised "
      "deadline on the server's clock with steps removed",
      "Redis documentation, SET and distributed locks; Redis 7.0 db.c, expire.c, aof.c, multi.c",
      LockSpecification::leased_mutex,
      with_server_parameters(
          {{"release",
            Kind::choice,
            "cad",
            {"cad", "del", "watch"},
            "cad: compare-and-delete in a script; del: plain DEL, which may free a successor's "
            "lock; watch: WATCH, GET, MULTI, DEL, EXEC without care for what goes wrong"},
           {"lost-reply",
            Kind::choice,
            "get",
            {"get", "retry", "none"},
            "after a SET without answer: get asks whose the key is; retry sets again, and finds "
            "its own key in the way; none gives up, and leaves what may be there"},
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
           {"clock",
            Kind::choice,
            "mono",
            {"mono", "boot", "wall"},
            "what the client measures its lock's validity with"},
           {"timeout",
            Kind::duration,
            "1s",
            {},
            "of one command, after which a new connection is made"}})};
};

}  // namespace

std::unique_ptr<Algorithm> ttl_lock() { return std::make_unique<TtlAlgorithm>(); }

}  // namespace leasehold::models::redis
