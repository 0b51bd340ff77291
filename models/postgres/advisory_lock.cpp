#include "models/postgres/advisory_lock.hpp"

#include <algorithm>
#include <array>

#include "models/milestone.hpp"
#include "models/postgres/database.hpp"
#include "models/postgres/server.hpp"
#include "models/postgres/standby.hpp"
#include "models/window.hpp"

// A lock that lives as long as the connection that holds it. Its recipe:
//   (1) connect, unless the session is still there
//   (2) SELECT pg_advisory_lock(key): waits in the server's queue, for an application's patience if
//       it has one, SET lock_timeout; or BEGIN and pg_advisory_xact_lock; or either of the
//       pg_try_advisory_… in a loop
//   (3) with a token: SELECT nextval('token')
//   (4) work, some of it perhaps a statement of this session; nothing expires, and nobody looks at
//       the connection meanwhile
//   (5) SELECT pg_advisory_unlock(key), or COMMIT
// With a standby, who connects after its promotion finds it in the primary's place, without a
// single lock; a session with a primary that lives on stays there.
namespace leasehold::models::postgres {
namespace {

using sim::Duration;
using sim::MonoTime;
using sim::Task;

constexpr Duration kMillisecond = Duration::milliseconds(1);

std::uint64_t whole_ms(Duration span) { return static_cast<std::uint64_t>(span / kMillisecond); }

struct Options {
  Options(const Setting& setting, const Parameters& parameters)
      : retry(setting.retry),
        xact(parameters.is("mode", "xact") || parameters.is("mode", "try-xact")),
        waits(parameters.is("mode", "session") || parameters.is("mode", "xact")),
        token(parameters.is("token", "sequence")),
        query(parameters.duration("query")) {
    tcp.keepalive_idle = parameters.duration("keepalive-idle");
    tcp.keepalive_interval = parameters.duration("keepalive-interval");
    tcp.keepalive_count = static_cast<std::uint32_t>(parameters.count("keepalive-count"));
    tcp.user_timeout = parameters.duration("user-timeout");
  }

  Statement lock_statement() const {
    if (xact) return waits ? Statement::advisory_xact_lock : Statement::try_advisory_xact_lock;
    return waits ? Statement::advisory_lock : Statement::try_advisory_lock;
  }

  sim::Distribution retry;
  bool xact;
  bool waits;
  bool token;
  Duration query;
  sim::ConnectionOptions tcp;
};

class AdvisoryLock;
/// Those that live now, in the order of their start.
using AdvisoryLocks = std::vector<const AdvisoryLock*>;

class AdvisoryLock final : public LockClient {
 public:
  AdvisoryLock(sim::Process& self, ClientId client, const Address& address, const Options& options,
               SessionGrant& grants, AdvisoryLocks& locks)
      : LockClient(self, client),
        options_(options),
        grants_(grants),
        locks_(locks),
        session_(self, address, options.tcp),
        retry_(self.stream(sim::purpose("pg-advisory.retry"))) {
    locks_.push_back(this);
  }
  ~AdvisoryLock() override { std::erase(locks_, this); }

  const Session& session() const { return session_; }

  Task<Answer> acquire(AttemptId attempt, MonoTime give_up) override {
    reach(*this, Milestone::What::acquire_sent, attempt);
    while (true) {
      if (!session_.is_open()) {
        const bool opened = co_await session_.open(kReconnectPause, give_up);  // (1)
        if (!opened) co_return Answer::no;
      }
      const bool locked = co_await lock(attempt, give_up);  // (2)
      std::optional<Token> token = Token{0};
      if (locked && options_.token) {
        token = co_await session_.run(Query(Statement::nextval, kKey, attempt));  // (3)
      }
      if (locked && token) {
        believe(attempt, *token, Deadline());  // (4)
        if (options_.query > Duration::zero()) {
          session_.start(Query(Statement::sleep, whole_ms(options_.query), attempt));
        }
        co_return Answer::yes;
      }
      if (!session_.is_open()) grants_.give_up(attempt);
      if (self().mono_now() >= give_up) co_return Answer::no;
      co_await self().sleep(options_.retry.sample(retry_));
    }
  }

  Task<Answer> release() override {
    stop_believing();
    reach(*this, Milestone::What::release_sent, attempt());
    std::optional<std::uint64_t> released;
    if (session_.is_open()) {
      const Statement statement = options_.xact ? Statement::commit : Statement::advisory_unlock;
      released = co_await session_.run(Query(statement, kKey, attempt()));  // (5)
    }
    if (released && *released == 1) co_return Answer::yes;
    if (!session_.is_open()) grants_.give_up(attempt());
    co_return released ? Answer::no : Answer::unknown;
  }

 private:
  Task<bool> lock(AttemptId attempt, MonoTime give_up) {
    if (options_.waits && give_up < MonoTime::never()) {
      const Duration patience = std::max(give_up - self().mono_now(), kMillisecond);
      const Query set(Statement::set_lock_timeout, whole_ms(patience), attempt);
      const auto answer = co_await session_.run(set);
      if (!answer) co_return false;
    }
    if (options_.xact) {
      const auto begun = co_await session_.run(Query(Statement::begin, kKey, attempt));
      if (!begun) co_return false;
    }
    const auto locked = co_await session_.run(Query(options_.lock_statement(), kKey, attempt));
    if (locked && *locked == 1) co_return true;
    if (locked && options_.xact) co_await session_.run(Query(Statement::commit, kKey, attempt));
    co_return false;
  }

  Options options_;
  SessionGrant& grants_;
  AdvisoryLocks& locks_;
  Session session_;
  sim::Rng retry_;
};

// ----------------------------------------------------------------------------- to leasehold

class AdvisoryDeployment final : public Database {
 public:
  AdvisoryDeployment(const Setting& setting, const Parameters& parameters)
      : Database(parameters.is("token", "sequence")),
        options_(setting, parameters),
        server_options_{setting.service, options_.tcp,
                        static_cast<std::uint32_t>(parameters.count("max-connections")),
                        parameters.duration("connection-check-interval"),
                        parameters.is("standby", "sync")},
        has_standby_(!parameters.is("standby", "none")) {
    if (has_standby_) ++server_options_.max_connections;  // its own, apart from the users'
  }

  std::vector<ServerSlot> servers() override {
    std::vector<ServerSlot> slots{
        {"postgres", [this](sim::Process& self) { return serve(self, *this, kPrimary); }}};
    if (has_standby_) {
      slots.push_back({"standby", [this](sim::Process& self) { return stand_by(self, *this); }});
    }
    return slots;
  }
  void bind(std::span<sim::Process* const> servers) override {
    Database::bind(servers);
    standby_ = servers.back()->id();
  }
  std::unique_ptr<LockClient> client(sim::Process& self, ClientId client) override {
    return std::make_unique<AdvisoryLock>(self, client, address(), options_, grants_, locks_);
  }
  std::optional<std::uint32_t> leader() const override { return promoted_ ? kStandby : kPrimary; }
  std::optional<std::uint32_t> standby_of(std::uint32_t slot) const override {
    if (!has_standby_ || promoted_ || slot != kPrimary) return std::nullopt;
    return kStandby;
  }
  void promote(std::uint32_t slot) override {
    LH_ASSERT(has_standby_ && slot == kStandby);
    promoted_ = true;
    server_options_.synchronous = false;  // nobody follows the new primary
    move_address(standby_);
    if (promotion_) promotion_->notify_all();
  }
  std::optional<Standing> standing(std::uint32_t slot) const override {
    using Role = Standing::Role;
    Standing standing;
    if (const Server* server = windows_[slot].get()) {
      standing = server->standing(kKey);
      if (has_standby_) standing.role = Role::primary;  // deposed or not, it knows no better
      return standing;
    }
    if (slot != kStandby || promoted_) return std::nullopt;
    standing.role = Role::standby;
    return standing;
  }
  void client_is_gone(ClientId client) override { grants_.client_is_gone(client); }
  WayOut way_out(std::span<const sim::Message>) const override {
    using ConnectionEnds = WayOut::ConnectionEnds;
    const Server* server = windows_[*leader()].get();
    if (server == nullptr) return WayOut::none();
    if (promoted_ && windows_[kPrimary].get() != nullptr) return WayOut::unknown();  // two serve
    const std::optional<sim::ConnectionId> holder = server->holder(kKey);
    if (holder) return WayOut::by(ConnectionEnds{address().server, *holder});
    // It is free. Do all clients wait in sessions of which the server knows nothing?
    std::vector<WayOut::Event> ends;
    for (const AdvisoryLock* lock : locks_) {
      if (!lock->session().is_open()) return WayOut::unknown();
      ends.emplace_back(ConnectionEnds{lock->self().id(), lock->session().connection()});
    }
    WayOut way = WayOut::by(1, std::move(ends));
    way.all_must_come = true;
    return way;
  }

 private:
  static constexpr std::uint32_t kPrimary = 0;
  static constexpr std::uint32_t kStandby = 1;

  static Task<void> serve(sim::Process& self, AdvisoryDeployment& deployment, std::uint32_t slot) {
    // A deposed primary has another history; it would have to be rebuilt from the new one.
    if (slot != deployment.leader()) co_return;
    Server server(self, deployment.server_options_, deployment.grants_);
    const Window<Server>::Opening opening(deployment.windows_[slot], server);
    co_await server.serve();
  }
  static Task<void> stand_by(sim::Process& self, AdvisoryDeployment& deployment) {
    deployment.promotion_.emplace(self);
    self.spawn(follow(self, deployment.address()));
    while (!deployment.promoted_) co_await deployment.promotion_->wait();
    co_await serve(self, deployment, kStandby);
  }

  Options options_;
  ServerOptions server_options_;
  SessionGrant grants_;
  AdvisoryLocks locks_;
  std::array<Window<Server>, 2> windows_;
  bool has_standby_;
  bool promoted_ = false;  ///< the standby: the address is its own
  sim::ProcessId standby_ = 0;
  std::optional<sim::Signal> promotion_;  ///< in the standby
};

class AdvisoryAlgorithm final : public Algorithm {
 public:
  const AlgorithmInfo& info() const override { return info_; }
  std::unique_ptr<Deployment> deploy(const Setting& setting,
                                     const Parameters& parameters) const override {
    return std::make_unique<AdvisoryDeployment>(setting, parameters);
  }
  /// It has no lease; its keepalive is PostgreSQL's and Linux's anyway.
  std::optional<Setting> vendor_setting(const Setting& scenario, const Parameters&) const override {
    return scenario;
  }

 private:
  using Kind = ParameterInfo::Kind;
  AlgorithmInfo info_{
      "pg-advisory",
      "pg_advisory_lock on one PostgreSQL server: held as long as the connection",
      "none compared; keepalive and user timeout run on the monotonic clocks of both hosts",
      "none; with token=sequence nextval after the lock, durable; in a transaction only once it "
      "commits",
      "the lock table gives the key to the attempt's session, until its own unlock is applied or "
      "the session ends; a restart or failover that forgets the lock ends no grant",
      "PostgreSQL 15 documentation, advisory locks and connection settings; tcp(7)",
      LockSpecification::session_mutex,
      {{"mode",
        Kind::choice,
        "session",
        {"session", "xact", "try", "try-xact"},
        "session: pg_advisory_lock; xact: within a transaction; try: pg_try_advisory_lock, polled"},
       {"token", Kind::choice, "none", {"none", "sequence"}, "where a fencing token comes from"},
       {"query",
        Kind::duration,
        "0s",
        {},
        "how long the statement takes that the holder runs on its session as a part of its work"},
       {"keepalive-idle", Kind::duration, "7200s", {}, "silence before the first keepalive probe"},
       {"keepalive-interval", Kind::duration, "75s", {}, "between two probes"},
       {"keepalive-count",
        Kind::count,
        "9",
        {},
        "probes without an answer that end the connection"},
       user_timeout(),
       {"max-connections", Kind::count, "97", {}, "for ordinary users: 100 less 3 reserved"},
       {"connection-check-interval",
        Kind::duration,
        "0s",
        {},
        "how often a busy backend looks whether its client is still there; 0s: never"},
       {"standby",
        Kind::choice,
        "none",
        {"none", "async", "sync"},
        "a second server that a failover promotes; it has the sequence, as far as replicated, and "
        "no locks"}}};
};

}  // namespace

std::unique_ptr<Algorithm> advisory_lock() { return std::make_unique<AdvisoryAlgorithm>(); }

}  // namespace leasehold::models::postgres
