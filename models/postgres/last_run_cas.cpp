#include "models/postgres/last_run_cas.hpp"

#include "models/milestone.hpp"
#include "models/postgres/database.hpp"
#include "models/postgres/server.hpp"
#include "models/window.hpp"

// A claim of the next run of a job that is due every T seconds; T is the lease of the setting.
// Whoever changes the row runs the job: claimed first, so at most once. Its recipe:
//   (1) connect, unless the session is still there
//   (2) UPDATE job SET last_run = clock_timestamp() WHERE name = … AND
//       last_run <= clock_timestamp() - T, committed before the answer
//   (3) one row: ours, the next run falls due T later, whatever becomes of us
//   (4) no row: it is not due; wait and start again
//   (5) no answer: it may be ours, and nobody will ever know; wait and start again
//   (6) release: nothing is given back
namespace leasehold::models::postgres {
namespace {

using sim::Duration;
using sim::MonoTime;
using sim::Task;

constexpr std::uint32_t kMaxConnections = 97;

struct Options {
  Options(const Setting& setting, const Parameters& parameters)
      : period(setting.lease),
        retry(setting.retry),
        token(parameters.is("token", "counter")),
        deadline(parameters.is("deadline", "on")) {
    tcp.keepalive_idle = Duration::seconds(7'200);
    tcp.user_timeout = parameters.duration("user-timeout");
  }

  Duration period;
  sim::Distribution retry;
  bool token;
  bool deadline;
  sim::ConnectionOptions tcp;
};

class LastRunCas final : public LockClient {
 public:
  LastRunCas(sim::Process& self, ClientId client, const Address& address, const Options& options)
      : LockClient(self, client),
        options_(options),
        session_(self, address, options.tcp),
        retry_(self.stream(sim::purpose("last-run-cas.retry"))) {}

  Task<Answer> acquire(AttemptId attempt, MonoTime give_up) override {
    bool unknown = false;
    reach(*this, Milestone::What::acquire_sent, attempt);
    while (true) {
      if (!session_.is_open()) {
        const bool opened = co_await session_.open(kReconnectPause, give_up);  // (1)
        if (!opened) break;
      }
      const MonoTime sent = self().mono_now();
      const Query update(Statement::claim_run, kKey, attempt);
      const std::optional<std::uint64_t> run = co_await session_.run(update);  // (2)
      if (run && *run > 0) {
        const Deadline due = Deadline(sent + options_.period);
        believe(attempt, options_.token ? *run : 0, options_.deadline ? due : Deadline());  // (3)
        co_return Answer::yes;
      }
      unknown = unknown || !run;  // (5)
      if (self().mono_now() >= give_up) break;
      co_await self().sleep(options_.retry.sample(retry_));  // (4)
    }
    co_return unknown ? Answer::unknown : Answer::no;
  }

  Task<Answer> release() override {
    stop_believing();
    reach(*this, Milestone::What::release_sent, attempt());
    co_return Answer::no;  // (6)
  }

 private:
  Options options_;
  Session session_;
  sim::Rng retry_;
};

// ----------------------------------------------------------------------------- to leasehold

class LastRunDeployment final : public Database {
 public:
  LastRunDeployment(const Setting& setting, const Parameters& parameters)
      : Database(parameters.is("token", "counter")),
        options_(setting, parameters),
        server_options_{setting.service, options_.tcp, kMaxConnections, Duration::zero()} {}

  std::vector<ServerSlot> servers() override {
    return {{"postgres", [this](sim::Process& self) { return serve(self, *this); }}};
  }
  std::unique_ptr<LockClient> client(sim::Process& self, ClientId client) override {
    return std::make_unique<LastRunCas>(self, client, address(), options_);
  }
  WayOut way_out(std::span<const sim::Message>) const override {
    return window_.get() == nullptr ? WayOut::none() : window_.get()->way_out();
  }

 private:
  static Task<void> serve(sim::Process& self, LastRunDeployment& database) {
    JobTable jobs(self, database.options_.period, database.claims_);
    const Window<JobTable>::Opening opening(database.window_, jobs);
    Server server(self, database.server_options_, database.sessions_, &jobs);
    co_await server.serve();
  }

  Options options_;
  ServerOptions server_options_;
  ClaimGrant claims_;
  SessionGrant sessions_;  ///< of advisory locks, which nobody takes here
  Window<JobTable> window_;
};

class LastRunAlgorithm final : public Algorithm {
 public:
  const AlgorithmInfo& info() const override { return info_; }
  std::unique_ptr<Deployment> deploy(const Setting& setting,
                                     const Parameters& parameters) const override {
    return std::make_unique<LastRunDeployment>(setting, parameters);
  }

 private:
  using Kind = ParameterInfo::Kind;
  AlgorithmInfo info_{
      "last-run-cas",
      "UPDATE job SET last_run WHERE it is due, on PostgreSQL: a claim for one period, the lease",
      "due or not: the wall clock of the database's host; validity and waits: the client's "
      "monotonic clock",
      "none; with token=counter the number of the run, in the same row and durable with it",
      "the time of the run is committed, until a period later on the clock of the database's host "
      "with steps removed; nothing gives a claim back",
      "PostgreSQL 15 documentation, clock_timestamp() and the read committed isolation level",
      LockSpecification::leased_mutex,
      {{"token", Kind::choice, "none", {"none", "counter"}, "where a fencing token comes from"},
       {"deadline",
        Kind::choice,
        "on",
        {"on", "off"},
        "whether the client stops trusting its claim a period after it sent it"},
       user_timeout()}};
};

}  // namespace

std::unique_ptr<Algorithm> last_run_cas() { return std::make_unique<LastRunAlgorithm>(); }

}  // namespace leasehold::models::postgres
