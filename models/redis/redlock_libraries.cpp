// Redlock as two libraries have it, where they differ from the published algorithm.
#include "models/milestone.hpp"
#include "models/redis/redlock_client.hpp"

namespace leasehold::models::redis {
namespace {

using sim::Duration;
using sim::MonoTime;
using sim::Task;

/// node-redlock 5.0.0-beta.2 (src/index.ts), with the application's loop around its calls. It asks
/// all nodes at once and
///   - goes by the first quorum for or against; with an even number of nodes a tie never settles;
///   - keeps what it got between its tries, and finds its own keys in the way;
///   - does not look at the time that acquiring took: a lock may be over when it is returned.
class NodeRedlock final : public RedlockClient {
 public:
  using RedlockClient::RedlockClient;

  Task<Answer> acquire(AttemptId attempt, MonoTime give_up) override {
    bool unanswered = false;
    reach(*this, Milestone::What::acquire_sent, attempt);
    while (true) {
      for (std::uint32_t i = 0; i < options().tries; ++i) {
        if (i > 0) co_await wait_before_retry();
        const Duration started = now();
        const Votes votes = co_await vote(set(attempt));
        unanswered = unanswered || votes.all() < options().nodes || votes.failed > 0;
        if (votes.yes >= options().quorum()) {
          hold(attempt, attempt, validity_since(started));
          co_return Answer::yes;
        }
      }
      co_await nodes().ask_until(removal(attempt), options().quorum());
      if (self().mono_now() >= give_up) break;
      co_await wait_before_retry();
    }
    co_return unanswered ? Answer::unknown : Answer::no;
  }

  Task<Answer> release() override {
    let_go();
    Votes votes;
    for (std::uint32_t i = 0; i < options().tries; ++i) {
      if (i > 0) co_await wait_before_retry();
      votes = co_await vote(removal(owner()));
      if (votes.yes >= options().quorum()) co_return Answer::yes;
    }
    co_return votes.no >= options().quorum() ? Answer::no : Answer::unknown;
  }

 private:
  Task<Votes> vote(Request request) {
    const std::uint32_t quorum = options().quorum();
    const Votes votes = co_await nodes().ask_until(request, quorum);
    const bool tie = votes.yes < quorum && votes.against() < quorum;
    if (tie) {
      sim::Signal never(self());
      co_await never.wait();
    }
    co_return votes;
  }
};

/// redlock-py at 42ef491, with the application's loop around its calls. It asks one node after the
/// other, measures with the wall clock and, when it has its quorum but a node failed, raises an
/// error and leaves the keys where they are.
class RedlockPy final : public RedlockClient {
 public:
  using RedlockClient::RedlockClient;

  Task<Answer> acquire(AttemptId attempt, MonoTime give_up) override {
    bool unanswered = false;
    reach(*this, Milestone::What::acquire_sent, attempt);
    while (true) {
      for (std::uint32_t i = 0; i < options().tries; ++i) {
        const Duration started = now();
        const Votes votes = co_await nodes().ask_in_turn(set(attempt));
        const Duration validity = validity_since(started);
        if (votes.yes >= options().quorum() && validity > Duration::zero()) {
          if (votes.failed > 0) co_return Answer::unknown;
          hold(attempt, attempt, validity);
          co_return Answer::yes;
        }
        const Votes removed = co_await nodes().ask_in_turn(removal(attempt));
        unanswered = unanswered || removed.failed > 0;
        co_await wait_before_retry();
      }
      if (self().mono_now() >= give_up) break;
    }
    co_return unanswered ? Answer::unknown : Answer::no;
  }

  /// It reports nothing, whatever the nodes answer.
  Task<Answer> release() override {
    let_go();
    const Votes votes = co_await nodes().ask_in_turn(removal(owner()));
    if (votes.yes >= options().quorum()) co_return Answer::yes;
    co_return votes.no >= options().quorum() ? Answer::no : Answer::unknown;
  }
};

}  // namespace

std::unique_ptr<LockClient> node_redlock_client(sim::Process& self, ClientId client,
                                                sim::ProcessId first_node,
                                                const RedlockOptions& options) {
  return std::make_unique<NodeRedlock>(self, client, first_node, options);
}

std::unique_ptr<LockClient> redlock_py_client(sim::Process& self, ClientId client,
                                              sim::ProcessId first_node,
                                              const RedlockOptions& options) {
  return std::make_unique<RedlockPy>(self, client, first_node, options);
}

}  // namespace leasehold::models::redis
