#include "models/controls/oracle.hpp"

#include <deque>

#include "models/attempt.hpp"

namespace leasehold::models::controls {
namespace {

using checkers::Grant;
using sim::Task;

/// One waiting client: its signal lives in its process and dies with it.
struct Claim {
  AttemptId attempt = 0;
  sim::Signal* turn = nullptr;
};

/// The lock itself, off the network: it knows at once who released and who is gone for good.
class Turnstile {
 public:
  void enter(Claim claim, sim::Recorder& recorder) {
    recorder_ = &recorder;
    waiting_.push_back(claim);
    if (holder_ == 0) grant_next();
  }
  bool is_held_by(AttemptId attempt) const { return holder_ == attempt; }
  void leave(AttemptId attempt, Grant::End why) {
    if (holder_ != attempt) return withdraw(attempt);
    recorder_->emit(Grant{Grant::Phase::ended, why, client_of(attempt), attempt, 0});
    holder_ = 0;
    grant_next();
  }
  /// The claim's process is being destroyed: it waits no longer, but what it held stays held.
  void withdraw(AttemptId attempt) {
    std::erase_if(waiting_, [attempt](const Claim& claim) { return claim.attempt == attempt; });
  }
  void client_is_gone(ClientId client) {
    if (holder_ != 0 && client_of(holder_) == client) leave(holder_, Grant::End::session);
  }

 private:
  void grant_next() {
    if (waiting_.empty()) return;
    const Claim next = waiting_.front();
    waiting_.pop_front();
    holder_ = next.attempt;
    recorder_->emit(Grant{Grant::Phase::begun, Grant::End::none, client_of(holder_), holder_, 0});
    next.turn->notify_all();
  }

  sim::Recorder* recorder_ = nullptr;
  AttemptId holder_ = 0;
  std::deque<Claim> waiting_;
};

class OracleLock final : public LockClient {
 public:
  OracleLock(sim::Process& self, ClientId client, Turnstile& turnstile)
      : LockClient(self, client), turnstile_(turnstile), turn_(self) {}
  ~OracleLock() override { turnstile_.withdraw(claimed_); }

  Task<Answer> acquire(AttemptId attempt, sim::MonoTime give_up) override {
    claimed_ = attempt;
    turnstile_.enter(Claim{attempt, &turn_}, self().recorder());
    while (!turnstile_.is_held_by(attempt)) {
      const bool called = co_await turn_.wait_until(give_up);
      if (!called && !turnstile_.is_held_by(attempt)) {
        turnstile_.withdraw(attempt);
        co_return Answer::no;
      }
    }
    believe(attempt, 0, Deadline());
    co_return Answer::yes;
  }
  Task<Answer> release() override {
    stop_believing();
    turnstile_.leave(attempt(), Grant::End::released);
    co_return Answer::yes;
  }

 private:
  Turnstile& turnstile_;
  sim::Signal turn_;
  AttemptId claimed_ = 0;
};

class OracleDeployment final : public Deployment {
 public:
  std::vector<ServerSlot> servers() override { return {}; }
  void bind(std::span<sim::Process* const>) override {}
  std::unique_ptr<LockClient> client(sim::Process& self, ClientId client) override {
    return std::make_unique<OracleLock>(self, client, turnstile_);
  }
  std::optional<std::uint32_t> leader() const override { return std::nullopt; }
  bool has_token() const override { return false; }
  void client_is_gone(ClientId client) override { turnstile_.client_is_gone(client); }

 private:
  Turnstile turnstile_;
};

class Oracle final : public Algorithm {
 public:
  const AlgorithmInfo& info() const override { return info_; }
  std::unique_ptr<Deployment> deploy(const Setting&, const Parameters&) const override {
    return std::make_unique<OracleDeployment>();
  }
  std::optional<Setting> vendor_setting(const Setting& scenario, const Parameters&) const override {
    return scenario;
  }

 private:
  AlgorithmInfo info_{"oracle",
                      "a perfect lock, off the network: the control that must hold",
                      "none",
                      "none",
                      "handed over only when the previous work has ended and nothing that it sent "
                      "can still arrive",
                      "",
                      LockSpecification::session_mutex,
                      {}};
};

}  // namespace

std::unique_ptr<Algorithm> oracle() { return std::make_unique<Oracle>(); }

}  // namespace leasehold::models::controls
