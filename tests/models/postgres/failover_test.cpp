#include <catch2/catch.hpp>
#include <deque>
#include <memory>
#include <optional>

#include "models/algorithm.hpp"
#include "models/attempt.hpp"
#include "sim/world/kernel.hpp"

// pg-advisory with a standby: what a promotion takes along, and what it leaves behind.
namespace leasehold::models::postgres {
namespace {

using sim::Duration;

constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }

/// A primary, its standby and some clients, each on a host of its own, with perfect clocks and a
/// network that takes no time. Clients ask for the lock and give it back when told to.
class TwoServers final : private sim::RecordSink {
 public:
  static constexpr sim::ProcessId kPrimary = 0;
  static constexpr sim::ProcessId kStandby = 1;

  explicit TwoServers(const std::string& standby, std::uint32_t clients = 3) : kernel_(1) {
    const auto instant = sim::Distribution::constant(Duration::zero());
    const auto registry = built_in_algorithms();
    const Algorithm& algorithm = *registry.find("pg-advisory");
    Parameters parameters(algorithm.info().parameters);
    parameters.set("standby", standby);
    parameters.set("token", "sequence");
    deployment_ = algorithm.deploy({Duration::seconds(10), instant, instant, clients}, parameters);
    for (std::uint32_t host = 0; host < clients + 2; ++host) kernel_.add_host();
    for (std::uint32_t from = 0; from < clients + 2; ++from) {
      for (std::uint32_t to = 0; to < clients + 2; ++to) {
        kernel_.network().set_delay(from, to, instant);
      }
    }
    kernel_.set_record_sink(this);
    sim::ProcessId host = kPrimary;
    std::vector<sim::Process*> servers;
    for (const ServerSlot& slot : deployment_->servers()) {
      servers.push_back(&kernel_.add_process(host++, slot.name, slot.body));
    }
    deployment_->bind(servers);
    callers_.resize(clients);
    for (std::uint32_t i = 0; i < clients; ++i) {
      kernel_.add_process(kStandby + 1 + i, "client",
                          [this, i](sim::Process& self) { return call(self, i); });
    }
    wait(ms(100));
  }

  /// Asks for the lock and lets a tenth of a second pass: whether the client has it now.
  bool acquire(std::uint32_t client) { return give(client, true); }
  bool release(std::uint32_t client) { return give(client, false); }
  /// The client's lock, by its own account.
  bool believes(std::uint32_t client) const { return callers_[client].lock->believes(); }
  Token token(std::uint32_t client) const { return callers_[client].lock->token(); }
  /// Acquires and releases until the sequence has given so many tokens.
  void use_tokens(Token count) {
    while (last_token_ < count) {
      REQUIRE(acquire(0));
      last_token_ = token(0);
      REQUIRE(release(0));
    }
  }

  void wait(Duration span) { kernel_.run_until(kernel_.now() + span); }
  void cut_replication() {
    kernel_.network().cut(kPrimary, kStandby);
    kernel_.network().cut(kStandby, kPrimary);
  }
  void mend_replication() {
    kernel_.network().mend(kPrimary, kStandby);
    kernel_.network().mend(kStandby, kPrimary);
  }
  void promote() {
    deployment_->promote(*deployment_->standby_of(0));
    wait(ms(500));  // those without a server connect again
  }
  sim::Kernel& kernel() { return kernel_; }
  Deployment& deployment() { return *deployment_; }
  /// How many grants stand.
  std::size_t granted() const { return granted_; }

 private:
  struct Caller {
    LockClient* lock = nullptr;
    std::optional<sim::Signal> called;
    bool acquires = false;
    std::uint32_t attempts = 0;
    std::optional<LockClient::Answer> answer;
  };

  sim::Task<void> call(sim::Process& self, std::uint32_t client) {
    Caller& caller = callers_[client];
    const std::unique_ptr<LockClient> lock = deployment_->client(self, client);
    caller.lock = lock.get();
    caller.called.emplace(self);
    while (true) {
      co_await caller.called->wait();
      if (caller.acquires) {
        const AttemptId attempt = attempt_id(client, 0, ++caller.attempts);
        caller.answer = co_await caller.lock->acquire(attempt, sim::MonoTime::never());
      } else {
        caller.answer = co_await caller.lock->release();
      }
    }
  }
  bool give(std::uint32_t client, bool acquires) {
    Caller& caller = callers_[client];
    caller.acquires = acquires;
    caller.answer.reset();
    caller.called->notify_all();
    wait(ms(100));
    return caller.answer == LockClient::Answer::yes;
  }
  void on_record(sim::TrueTime, std::uint64_t, std::uint16_t kind, const void* record) override {
    if (kind != checkers::Grant::kRecordKind) return;
    const auto phase = static_cast<const checkers::Grant*>(record)->phase;
    if (phase == checkers::Grant::Phase::begun) ++granted_;
    if (phase == checkers::Grant::Phase::ended) --granted_;
  }

  std::size_t granted_ = 0;
  Token last_token_ = 0;
  std::unique_ptr<Deployment> deployment_;
  std::deque<Caller> callers_;
  sim::Kernel kernel_;  // after what its coroutines still touch while they are destroyed
};

TEST_CASE("a standby stands by only where a parameter says so") {
  const auto registry = built_in_algorithms();
  const Algorithm& algorithm = *registry.find("pg-advisory");
  const auto instant = sim::Distribution::constant(Duration::zero());
  const auto alone = algorithm.deploy({Duration::seconds(10), instant, instant, 1},
                                      Parameters(algorithm.info().parameters));
  CHECK(alone->servers().size() == 1);
  CHECK_FALSE(alone->standby_of(0));
}

TEST_CASE("before its promotion a standby serves nobody, and the lock excludes") {
  TwoServers world("async");
  CHECK(world.acquire(0));
  CHECK_FALSE(world.acquire(1));
  CHECK(world.granted() == 1);
  world.kernel().crash(TwoServers::kPrimary);
  world.wait(Duration::seconds(5));
  CHECK_FALSE(world.believes(1));
  CHECK(world.granted() == 1);
}

TEST_CASE("the promoted standby grants the lock under a holder at work") {
  for (const char* standby : {"async", "sync"}) {
    TwoServers world(standby);
    CHECK(world.acquire(0));
    CHECK_FALSE(world.acquire(1));
    world.kernel().crash(TwoServers::kPrimary);
    world.promote();
    CHECK(world.believes(0));
    CHECK(world.believes(1));
    CHECK(world.granted() == 2);
    CHECK(world.deployment().leader() == 1);
    CHECK_FALSE(world.deployment().standby_of(1));
    CHECK_FALSE(world.release(0));
    CHECK(world.granted() == 1);
    CHECK_FALSE(world.acquire(2));
    CHECK(world.release(1));
    CHECK(world.believes(2));
  }
}

TEST_CASE("two holders at once, one of an old primary that lives on and one of the new") {
  TwoServers world("async", 4);
  CHECK(world.acquire(0));
  CHECK_FALSE(world.acquire(1));
  world.cut_replication();
  world.promote();
  SECTION("sessions stay where they are") {
    CHECK_FALSE(world.believes(1));
    CHECK(world.release(0));
    CHECK(world.believes(1));
    CHECK(world.granted() == 1);
  }
  SECTION("whoever connects anew is led to the new one") {
    CHECK(world.acquire(2));
    CHECK(world.believes(0));
    CHECK(world.granted() == 2);
    CHECK_FALSE(world.acquire(3));
    CHECK(world.release(0));
    CHECK(world.believes(1));
    CHECK_FALSE(world.believes(3));
    world.kernel().crash(TwoServers::kPrimary);  // it forgets its own grants and no others
    world.wait(ms(100));
    CHECK(world.granted() == 2);
    world.deployment().client_is_gone(1);
    world.deployment().client_is_gone(2);
    CHECK(world.granted() == 1);
    CHECK(world.release(2));
    CHECK(world.believes(3));
  }
}

TEST_CASE("a standby that has all of the log goes on above all tokens") {
  for (const char* standby : {"async", "sync"}) {
    TwoServers world(standby);
    world.use_tokens(40);
    CHECK(world.acquire(0));
    const Token last = world.token(0);
    world.kernel().crash(TwoServers::kPrimary);
    world.promote();
    CHECK(world.acquire(1));
    CHECK(world.token(1) > last);
  }
}

TEST_CASE("an asynchronous standby that lags gives tokens again") {
  TwoServers world("async");
  world.use_tokens(33);  // 1, and 32 logged ahead
  world.cut_replication();
  CHECK(world.acquire(0));
  CHECK(world.token(0) == 34);
  world.kernel().crash(TwoServers::kPrimary);
  world.promote();
  CHECK(world.acquire(1));
  CHECK(world.token(1) == 34);
}

TEST_CASE("with a synchronous standby a token that it lacks is not given") {
  TwoServers world("sync");
  world.use_tokens(33);
  world.cut_replication();
  CHECK_FALSE(world.acquire(0));
  world.wait(Duration::seconds(5));
  CHECK_FALSE(world.believes(0));
  SECTION("until it has it") {
    world.mend_replication();
    world.wait(Duration::seconds(10));
    CHECK(world.believes(0));
    CHECK(world.token(0) == 34);
  }
  SECTION("and the next primary gives it once") {
    world.kernel().crash(TwoServers::kPrimary);
    world.promote();
    CHECK(world.believes(0));
    CHECK(world.token(0) == 34);
    CHECK(world.release(0));
    CHECK(world.acquire(1));
    CHECK(world.token(1) == 35);
  }
}

TEST_CASE("a standby that dies and returns catches up, and one promoted stays promoted") {
  TwoServers world("async");
  world.kernel().power_loss(TwoServers::kStandby);
  world.use_tokens(70);
  world.kernel().power_on(TwoServers::kStandby);
  world.wait(Duration::seconds(1));
  world.kernel().crash(TwoServers::kPrimary);
  world.promote();
  CHECK(world.acquire(1));
  CHECK(world.token(1) > 70);
  world.kernel().crash(TwoServers::kStandby);
  world.kernel().restart(TwoServers::kStandby);
  world.kernel().restart(TwoServers::kPrimary);  // deposed: it serves nobody any more
  world.wait(Duration::seconds(1));
  CHECK(world.acquire(2));
  CHECK(world.granted() == 2);
}

}  // namespace
}  // namespace leasehold::models::postgres
