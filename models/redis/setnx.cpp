#include "models/redis/setnx.hpp"

#include "models/milestone.hpp"
#include "models/redis/client.hpp"
#include "models/redis/deployment.hpp"
#include "models/redis/owner.hpp"

// The oldest lock on Redis. Its recipe:
//   (1) SETNX key owner; 1: ours
//   (2) 0: somebody's; wait and start again
//   (3) work, then DEL key
// Nothing expires and nobody checks whose the key is: a holder that dies before its DEL is applied
// leaves it for ever, and so does a SETNX whose reply is lost, for the next one finds the key.
namespace leasehold::models::redis {
namespace {

using sim::MonoTime;
using sim::Task;

class Setnx final : public LockClient {
 public:
  Setnx(sim::Process& self, ClientId client, sim::ProcessId server, const Setting& setting,
        sim::Duration timeout)
      : LockClient(self, client),
        redis_(self, server, timeout),
        retry_(setting.retry),
        retry_time_(self.stream(sim::purpose("setnx.retry"))) {}

  Task<Answer> acquire(AttemptId attempt, MonoTime give_up) override {
    const Request setnx{Verb::setnx, kLockKey, attempt, 0, attempt};
    bool unanswered = false;
    reach(*this, Milestone::What::acquire_sent, attempt);
    while (true) {
      const std::optional<Reply> reply = co_await redis_.command(setnx);  // (1)
      if (reply && reply->is_integer(1)) {
        believe(attempt, 0, Deadline());
        co_return Answer::yes;
      }
      unanswered = unanswered || !reply;
      if (self().mono_now() >= give_up) break;
      co_await self().sleep(retry_.sample(retry_time_));  // (2)
    }
    co_return unanswered ? Answer::unknown : Answer::no;
  }

  Task<Answer> release() override {
    stop_believing();
    reach(*this, Milestone::What::release_sent, attempt());
    const Request del{Verb::del, kLockKey, 0, 0, attempt()};
    const std::optional<Reply> reply = co_await redis_.command(del);  // (3)
    if (!reply || reply->kind != Reply::Kind::integer) co_return Answer::unknown;
    co_return reply->value == 1 ? Answer::yes : Answer::no;
  }

 private:
  Client redis_;
  sim::Distribution retry_;
  sim::Rng retry_time_;
};

// ----------------------------------------------------------------------------- to leasehold

class SetnxDeployment final : public SingleServer {
 public:
  SetnxDeployment(const Setting& setting, const Parameters& parameters)
      : SingleServer(setting, parameters),
        setting_(setting),
        timeout_(parameters.duration("timeout")) {}

  std::unique_ptr<LockClient> client(sim::Process& self, ClientId client) override {
    return std::make_unique<Setnx>(self, client, server(), setting_, timeout_);
  }
  bool has_token() const override { return false; }

 private:
  Setting setting_;
  sim::Duration timeout_;
};

class SetnxAlgorithm final : public Algorithm {
 public:
  const AlgorithmInfo& info() const override { return info_; }
  std::unique_ptr<Deployment> deploy(const Setting& setting,
                                     const Parameters& parameters) const override {
    return std::make_unique<SetnxDeployment>(setting, parameters);
  }

 private:
  AlgorithmInfo info_{
      "setnx",
      "SETNX key owner on one Redis server, DEL to release: no time to live, no owner check",
      "none: nothing expires; waits between tries by the client's monotonic clock",
      "none: the owner's value has no order",
      "from the SETNX that stores the owner's value until that owner's DEL is processed",
      "Redis documentation, SETNX",
      LockSpecification::owner_mutex,
      with_server_parameters({{"timeout",
                               ParameterInfo::Kind::duration,
                               "1s",
                               {},
                               "of one command, after which a new connection is made"}})};
};

}  // namespace

std::unique_ptr<Algorithm> setnx() { return std::make_unique<SetnxAlgorithm>(); }

}  // namespace leasehold::models::redis
