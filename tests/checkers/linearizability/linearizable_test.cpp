#include "checkers/linearizability/linearizable.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <vector>

#include "tests/checkers/records.hpp"

namespace leasehold::checkers {
namespace {

using namespace testing;
using Reason = OrderBreak::Reason;

constexpr auto kHolds = Verdict::holds;
constexpr auto kViolated = Verdict::violated;

/// Feeds records at one per millisecond.
class Run {
 public:
  explicit Run(LockSpecification specification) : checker_(specification) {}

  template <class Record>
  Run& operator<<(const Record& record) {
    checker_.observe(clock_.at(++ms_), record);
    return *this;
  }
  const LinearizableResult& finish() { return checker_.finish(); }

 private:
  Linearizable checker_;
  Clock clock_;
  std::int64_t ms_ = 0;
};

/// Client and attempt are the same number here: an attempt per client is enough.
Run& acquired(Run& run, ClientId who) {
  return run << acquire(kInvoked, who, who) << grant_begun(who, who) << acquire(kOk, who, who);
}
Run& released(Run& run, ClientId who) {
  return run << release(kInvoked, who, who) << grant_ended(who, who) << release(kOk, who, who);
}

TEST_CASE("the order of the grants proves a clean handover") {
  for (const LockSpecification specification :
       {LockSpecification::owner_mutex, LockSpecification::leased_mutex,
        LockSpecification::session_mutex}) {
    Run run(specification);
    released(acquired(released(acquired(run, 1), 1), 2), 2);
    CHECK(run.finish().verdict == kHolds);
    CHECK_FALSE(run.finish().order_break);
  }
}

TEST_CASE("without a lock there is nothing to judge") {
  Run run(LockSpecification::none);
  acquired(acquired(run, 1), 2);
  CHECK(run.finish().verdict == Verdict::not_applicable);
}

TEST_CASE("two clients that were told to hold at once contradict one another") {
  Run run(LockSpecification::leased_mutex);
  acquired(acquired(run, 1), 2);
  const LinearizableResult& result = run.finish();
  CHECK(result.verdict == kViolated);
  REQUIRE(result.order_break);
  CHECK(result.order_break->reason == Reason::two_grants);
  CHECK(result.order_break->at.at_ns == 5 * kMs);
  REQUIRE(result.contradiction.size() == 2);
  CHECK(result.contradiction[0].client == 1);
  CHECK(result.contradiction[0].invoked.at_ns == 1 * kMs);
  CHECK(result.contradiction[0].responded->at_ns == 3 * kMs);
  CHECK(result.contradiction[1].client == 2);
  CHECK(result.search_steps == 0);
}

TEST_CASE("a second grant that no client was ever told of contradicts nobody") {
  for (const auto phase : {kIndeterminate, kRefused}) {
    Run run(LockSpecification::leased_mutex);
    acquired(run, 1) << acquire(kInvoked, 2, 2) << grant_begun(2, 2) << acquire(phase, 2, 2);
    const LinearizableResult& result = run.finish();
    CHECK(result.verdict == kHolds);
    REQUIRE(result.order_break);
    CHECK(result.order_break->reason == Reason::two_grants);
  }
}

TEST_CASE("a grant that its deadline ended makes room only in a lock with leases") {
  const auto judge = [](LockSpecification specification) {
    Run run(specification);
    acquired(acquired(run, 1) << grant_ended(1, 1, Grant::End::deadline), 2);
    return run.finish().verdict;
  };
  CHECK(judge(LockSpecification::leased_mutex) == kHolds);
  CHECK(judge(LockSpecification::owner_mutex) == kViolated);
  CHECK(judge(LockSpecification::session_mutex) == kViolated);
}

TEST_CASE("a session that ended makes room unless the lock outlives its owner") {
  const auto judge = [](LockSpecification specification) {
    Run run(specification);
    acquired(acquired(run, 1) << grant_ended(1, 1, Grant::End::session), 2);
    return run.finish().verdict;
  };
  CHECK(judge(LockSpecification::leased_mutex) == kHolds);
  CHECK(judge(LockSpecification::session_mutex) == kHolds);
  CHECK(judge(LockSpecification::owner_mutex) == kViolated);
}

TEST_CASE("a release after the expiry may succeed with a lease and not with a session") {
  Run leased(LockSpecification::leased_mutex);
  acquired(leased, 1) << grant_ended(1, 1, Grant::End::deadline) << release(kInvoked, 1, 1)
                      << release(kOk, 1, 1);
  CHECK(leased.finish().verdict == kHolds);
  CHECK_FALSE(leased.finish().order_break);

  Run session(LockSpecification::session_mutex);
  acquired(session, 1) << grant_ended(1, 1, Grant::End::session) << release(kInvoked, 1, 1)
                       << release(kOk, 1, 1);
  CHECK(session.finish().verdict == kViolated);
  CHECK(session.finish().contradiction.size() == 1);
}

TEST_CASE("a delete that frees the successor's lock shows when a third is granted") {
  Run run(LockSpecification::leased_mutex);
  acquired(run, 1) << grant_ended(1, 1, Grant::End::deadline);
  acquired(run, 2) << release(kInvoked, 1, 1) << release(kOk, 1, 1);
  CHECK(Run(run).finish().verdict == kHolds);
  acquired(run, 3);
  CHECK(run.finish().verdict == kViolated);
}

TEST_CASE("an acquire may succeed although its lease ran out before the answer came") {
  Run run(LockSpecification::leased_mutex);
  run << acquire(kInvoked, 1, 1) << grant_begun(1, 1) << grant_ended(1, 1, Grant::End::deadline);
  run << acquire(kInvoked, 2, 2) << grant_begun(2, 2) << acquire(kOk, 1, 1);
  SECTION("and the grants say so") {
    run << acquire(kOk, 2, 2);
    CHECK(run.finish().verdict == kHolds);
    CHECK_FALSE(run.finish().order_break);
  }
  SECTION("and the history says so too when they do not") {
    run << acquire(kOk, 2, 2) << acquire(kInvoked, 3, 3) << grant_begun(3, 3);
    CHECK(run.finish().verdict == kHolds);
    CHECK(run.finish().order_break);
  }
}

TEST_CASE("each way in which the grants fail to explain the answers is told apart") {
  const auto reason = [](Run& run) {
    const LinearizableResult& result = run.finish();
    REQUIRE(result.order_break);
    return result.order_break->reason;
  };
  Run run(LockSpecification::leased_mutex);
  SECTION("an acquire without a grant") {
    run << acquire(kInvoked, 1, 1) << acquire(kOk, 1, 1);
    CHECK(reason(run) == Reason::acquired_ungranted);
    CHECK(run.finish().verdict == kHolds);  // nobody can tell from the answers
  }
  SECTION("a grant that came too late for its acquire") {
    run << acquire(kInvoked, 1, 1) << acquire(kOk, 1, 1) << grant_begun(1, 1);
    CHECK(reason(run) == Reason::acquired_ungranted);
  }
  SECTION("a grant that was gone before anybody asked") {
    run << grant_begun(1, 1) << acquire(kInvoked, 1, 1) << acquire(kOk, 1, 1);
    CHECK(reason(run) == Reason::acquired_ungranted);
  }
  SECTION("a hold that somebody else released") {
    acquired(run, 1) << grant_ended(1, 1, Grant::End::released);
    CHECK(reason(run) == Reason::ended_unasked);
  }
  SECTION("a hold that was released before its client was told of it") {
    run << acquire(kInvoked, 1, 1) << grant_begun(1, 1) << grant_ended(1, 1);
    run << acquire(kOk, 1, 1);
    CHECK(reason(run) == Reason::ended_unasked);
  }
  SECTION("a renewal after the expiry") {
    acquired(run, 1) << grant_ended(1, 1, Grant::End::deadline);
    run << operation(Operation::Kind::renew, kInvoked, 1, 1);
    run << operation(Operation::Kind::renew, kOk, 1, 1);
    CHECK(reason(run) == Reason::renewed_ungranted);
    CHECK(run.finish().verdict == kViolated);
  }
  SECTION("a release that ended nothing") {
    acquired(run, 1) << release(kInvoked, 1, 1) << release(kOk, 1, 1);
    CHECK(reason(run) == Reason::released_unended);
  }
  SECTION("a refused release that was applied all the same") {
    acquired(run, 1) << release(kInvoked, 1, 1) << grant_ended(1, 1) << release(kRefused, 1, 1);
    CHECK(reason(run) == Reason::refused_release_applied);
    CHECK(run.finish().verdict == kHolds);
    acquired(run, 2);
    CHECK(run.finish().verdict == kViolated);
  }
}

TEST_CASE("renewals within the hold and lost answers need no search") {
  Run run(LockSpecification::leased_mutex);
  acquired(run, 1) << operation(Operation::Kind::renew, kInvoked, 1, 1) << grant_renewed(1, 1);
  run << operation(Operation::Kind::renew, kOk, 1, 1) << release(kInvoked, 1, 1)
      << grant_ended(1, 1) << release(kIndeterminate, 1, 1);
  acquired(run, 2);
  CHECK(run.finish().verdict == kHolds);
  CHECK_FALSE(run.finish().order_break);
}

TEST_CASE("a release that proves a lost acquire is left to the search") {
  Run run(LockSpecification::owner_mutex);
  run << acquire(kInvoked, 1, 1) << acquire(kIndeterminate, 1, 1) << release(kInvoked, 1, 1)
      << release(kOk, 1, 1);
  SECTION("which finds a place for it") {
    CHECK(run.finish().verdict == kHolds);
    CHECK(run.finish().search_steps > 0);
  }
  SECTION("or the lack of one") {
    Run taken(LockSpecification::owner_mutex);
    acquired(taken, 2) << acquire(kInvoked, 1, 1) << acquire(kIndeterminate, 1, 1);
    taken << release(kInvoked, 1, 1) << release(kOk, 1, 1);
    CHECK(taken.finish().verdict == kViolated);
    CHECK(taken.finish().contradiction.empty());
  }
}

TEST_CASE("a mutex without owners is judged by earliest deadlines") {
  Run run(LockSpecification::mutex);
  run << acquire(kInvoked, 1, 1) << acquire(kOk, 1, 1) << release(kInvoked, 2, 2)
      << release(kOk, 2, 2) << acquire(kInvoked, 3, 3) << acquire(kOk, 3, 3);
  CHECK(run.finish().verdict == kHolds);
  run << acquire(kInvoked, 4, 4) << acquire(kOk, 4, 4);
  CHECK(run.finish().verdict == kViolated);
  CHECK(run.finish().contradiction.back().client == 4);
}

/// A lock service with three clients, right but for what it is told to get wrong, in random order.
class RandomService {
 public:
  RandomService(Linearizable& checker, bool faulty) : checker_(checker), faulty_(faulty) {}

  void step() {
    Client& client = clients_[*rc::gen::inRange<std::size_t>(0, 3)];
    const auto id = static_cast<ClientId>(&client - clients_.data());
    if (granted_ != 0 && chance(12)) return end(Grant::End::deadline);
    switch (client.doing) {
      case Doing::nothing:
        return ask(client, id);
      case Doing::acquiring:
        return acquire_on(client, id);
      case Doing::renewing:
        return renew_on(client, id);
      case Doing::releasing:
        return release_on(client, id);
    }
  }

 private:
  enum class Doing { nothing, acquiring, renewing, releasing };
  struct Client {
    Doing doing = Doing::nothing;
    AttemptId attempt = 0;
    bool holds = false;  ///< as far as it knows
    bool applied = false;
    bool could_renew = false;
  };
  static bool chance(int of) { return *rc::gen::inRange(0, of) == 0; }
  bool fault(int of) { return faulty_ && chance(of); }

  template <class Record>
  void emit(const Record& record) {
    checker_.observe(clock_.at(++ms_), record);
  }
  void tell(Operation::Kind kind, Operation::Phase phase, Client& client, ClientId id) {
    emit(operation(kind, phase, id, client.attempt));
    client.doing = Doing::nothing;
  }
  void end(Grant::End reason) {
    emit(grant_ended(0, granted_, reason));
    granted_ = 0;
  }
  void ask(Client& client, ClientId id) {
    client.applied = false;
    if (!client.holds) {
      client.attempt = ++attempts_;
      client.doing = Doing::acquiring;
      return emit(acquire(kInvoked, id, client.attempt));
    }
    const bool renews = chance(3);
    client.doing = renews ? Doing::renewing : Doing::releasing;
    client.could_renew = granted_ == client.attempt;
    emit(operation(renews ? Operation::Kind::renew : Operation::Kind::release, kInvoked, id,
                   client.attempt));
  }
  void acquire_on(Client& client, ClientId id) {
    if (!client.applied && (granted_ == 0 || fault(4))) {
      granted_ = client.attempt;  // if it was another's, that one was forgotten
      client.applied = true;
      return emit(grant_begun(id, client.attempt));
    }
    const bool lost = chance(6);
    client.holds = !lost && (client.applied || fault(10));
    if (!lost && !client.holds && client.applied) return;
    tell(Operation::Kind::acquire,
         lost           ? kIndeterminate
         : client.holds ? kOk
                        : kRefused,
         client, id);
  }
  void renew_on(Client& client, ClientId id) {
    const bool ok = client.could_renew || fault(6);
    client.holds = ok;
    tell(Operation::Kind::renew, chance(6) ? kIndeterminate : ok ? kOk : kRefused, client, id);
  }
  void release_on(Client& client, ClientId id) {
    if (!client.applied) {
      client.applied = true;
      if (granted_ == client.attempt && !fault(6)) end(Grant::End::released);
      return;
    }
    client.holds = false;
    tell(Operation::Kind::release, chance(6) ? kIndeterminate : kOk, client, id);
  }

  Linearizable& checker_;
  bool faulty_;
  Clock clock_;
  std::int64_t ms_ = 0;
  std::vector<Client> clients_ = std::vector<Client>(3);
  AttemptId granted_ = 0;
  AttemptId attempts_ = 0;
};

TEST_CASE("a right service is always proved right by its grants") {
  CHECK(rc::check([] {
    Linearizable checker(LockSpecification::leased_mutex);
    RandomService service(checker, false);
    for (int i = 0; i < 60; ++i) service.step();
    const LinearizableResult& result = checker.finish();
    RC_ASSERT(result.verdict == kHolds);
    RC_ASSERT(!result.order_break);
  }));
}

TEST_CASE("whatever the grants prove the search confirms, and the rest it judges alike") {
  int proved = 0;
  int cleared = 0;
  int violated = 0;
  CHECK(rc::check([&] {
    Linearizable checker(LockSpecification::leased_mutex);
    RandomService service(checker, true);
    const auto steps = *rc::gen::inRange(5, 60);
    for (int i = 0; i < steps; ++i) service.step();
    const LinearizableResult& result = checker.finish();
    const OwnerMutex specification(leased_rules());
    const LockHistory history = checker.history();
    RC_ASSERT(LinearizationSearch(specification, history).run().verdict == result.verdict);
    if (!result.order_break) ++proved;
    if (result.order_break && result.verdict == kHolds) ++cleared;
    if (result.verdict == kViolated) ++violated;
  }));
  CHECK(proved > 0);
  CHECK(cleared > 0);
  CHECK(violated > 0);
}

TEST_CASE("a reset linearizability fold is as good as new") {
  Linearizable checker(LockSpecification::leased_mutex);
  Clock clock;
  checker.observe(clock.at(1), acquire(kInvoked, 1, 1));
  checker.observe(clock.at(2), acquire(kOk, 1, 1));
  checker.finish();
  checker.reset();
  CHECK(checker.finish().verdict == kHolds);
  CHECK_FALSE(checker.finish().order_break);
  CHECK(checker.history().empty());
}

}  // namespace
}  // namespace leasehold::checkers
