#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "checkers/exclusion.hpp"
#include "models/algorithm.hpp"
#include "models/attempt.hpp"
#include "sim/world/kernel.hpp"

namespace leasehold::models::redis::testing {

/// What one client does with the lock, once.
struct Turn {
  std::int64_t at_ms = 0;    ///< when it asks for the lock, by its monotonic clock
  std::int64_t work_ms = 0;  ///< how long it then works, in time in which it runs
  bool releases = true;
  std::int64_t patience_ms = 1'000'000;
};

/// A lock's servers and clients in a world made by hand: perfect clocks, 1 ms from anywhere to
/// anywhere, no time for computing, polls every 50 ms, a ttl of 1 s. Clients follow their script.
class LockWorld final : private sim::RecordSink {
 public:
  static constexpr std::int64_t kTtlMs = 1'000;
  using Answer = LockClient::Answer;

  LockWorld(const std::string& id, const std::map<std::string, std::string>& set,
            const std::vector<std::vector<Turn>>& scripts, std::int64_t ttl_ms = kTtlMs)
      : scripts_(scripts), kernel_(1) {
    const AlgorithmRegistry registry = built_in_algorithms();
    const Algorithm& algorithm = *registry.find(id);
    Parameters parameters(algorithm.info().parameters);
    for (const auto& [name, value] : set) parameters.set(name, value);
    const auto ms = [](std::int64_t n) { return sim::Duration::milliseconds(n); };
    const Setting setting{ms(ttl_ms), sim::Distribution::constant(ms(50)),
                          sim::Distribution::constant(sim::Duration::zero()), clients()};
    deployment_ = algorithm.deploy(setting, parameters);
    const std::vector<ServerSlot> slots = deployment_->servers();
    kernel_.set_record_sink(this);
    sim::HostSettings host;
    host.wall_offset = sim::Duration::seconds(1'000'000'000);
    const auto hosts = static_cast<std::uint32_t>(clients() + slots.size());
    for (std::uint32_t i = 0; i < hosts; ++i) kernel_.add_host(host);
    for (std::uint32_t i = 0; i < hosts; ++i) {
      for (std::uint32_t j = 0; j < hosts; ++j) {
        kernel_.network().set_delay(i, j, sim::Distribution::constant(ms(1)));
      }
    }
    for (std::uint32_t i = 0; i < clients(); ++i) {
      kernel_.add_process(i, "client", [this, i](sim::Process& self) { return play(self, i); });
    }
    std::vector<sim::Process*> servers;
    for (std::uint32_t i = 0; i < slots.size(); ++i) {
      servers.push_back(&kernel_.add_process(server(i), slots[i].name, slots[i].body));
    }
    deployment_->bind(servers);
  }

  std::uint32_t clients() const { return static_cast<std::uint32_t>(scripts_.size()); }
  /// Process and host of a server slot; a client's are its number.
  std::uint32_t server(std::uint32_t slot) const { return clients() + slot; }
  sim::Kernel& kernel() { return kernel_; }
  const Deployment& deployment() const { return *deployment_; }

  void run_to_ms(std::int64_t ms) {
    kernel_.run_until(sim::TrueTime::at(sim::Duration::milliseconds(ms)));
  }
  void cut(std::uint32_t client, std::uint32_t slot) {
    kernel_.network().cut(client, server(slot));
    kernel_.network().cut(server(slot), client);
  }
  void mend(std::uint32_t client, std::uint32_t slot) {
    kernel_.network().mend(client, server(slot));
    kernel_.network().mend(server(slot), client);
  }
  void step(std::uint32_t host, std::int64_t ms) {
    kernel_.step_wall_clock(host, sim::Duration::milliseconds(ms));
  }
  void set_memory_pressure(std::uint32_t slot, bool on) {
    deployment_->set_memory_pressure(slot, on);
  }
  void restart_server(std::uint32_t slot) {
    kernel_.crash(server(slot));
    kernel_.restart(server(slot));
  }

  /// What an acquire or a release was answered, in the order of the answers.
  struct Answered {
    std::uint32_t client = 0;
    bool release = false;
    Answer answer{};
    std::int64_t at_ms = 0;
  };
  const std::vector<Answered>& answers() const { return answers_; }
  /// When the client's first acquire succeeded, in ms; -1: it has not.
  std::int64_t acquired_at_ms(std::uint32_t client) const {
    for (const Answered& answered : answers_) {
      if (answered.client == client && !answered.release && answered.answer == Answer::yes) {
        return answered.at_ms;
      }
    }
    return -1;
  }
  std::size_t acquisitions(std::uint32_t client) const {
    std::size_t count = 0;
    for (const Answered& answered : answers_) {
      if (answered.client == client && !answered.release && answered.answer == Answer::yes) ++count;
    }
    return count;
  }

  /// Of all acquisitions, in their order.
  const std::vector<Token>& tokens() const { return tokens_; }

  bool grants_overlap() const { return overlap(grants_); }
  bool beliefs_overlap() const { return overlap(beliefs_); }
  bool works_overlap() const { return overlap(works_); }
  bool safe() const { return !grants_overlap() && !beliefs_overlap() && !works_overlap(); }

 private:
  template <class Exclusion>
  static bool overlap(Exclusion exclusion) {
    return exclusion.finish(checkers::Stamp{std::int64_t{1} << 60, ~std::uint64_t{0}}).verdict ==
           checkers::Verdict::violated;
  }

  sim::Task<void> play(sim::Process& self, ClientId client) {
    const std::unique_ptr<LockClient> lock = deployment_->client(self, client);
    std::uint32_t ordinal = 0;
    for (const Turn& turn : scripts_[client]) {
      const AttemptId attempt = attempt_id(client, self.incarnation(), ++ordinal);
      co_await self.sleep_until(at(turn.at_ms));
      const sim::MonoTime give_up = self.mono_now() + sim::Duration::milliseconds(turn.patience_ms);
      const Answer acquired = co_await lock->acquire(attempt, give_up);
      note(client, false, acquired);
      if (acquired != Answer::yes) continue;
      tokens_.push_back(lock->token());
      self.recorder().emit(checkers::Work{checkers::Work::Phase::entered, client, attempt, 0, 0});
      co_await self.compute(sim::Duration::milliseconds(turn.work_ms));
      self.recorder().emit(checkers::Work{checkers::Work::Phase::left, client, attempt, 0, 0});
      if (!turn.releases) continue;
      const Answer released = co_await lock->release();
      note(client, true, released);
    }
    // The lock lives as long as its process.
    sim::Signal never(self);
    co_await never.wait();
  }
  static sim::MonoTime at(std::int64_t ms) {
    return sim::MonoTime::at(sim::Duration::milliseconds(ms));
  }
  void note(ClientId client, bool release, Answer answer) {
    answers_.push_back({client, release, answer, kernel_.now().since_zero().ns() / 1'000'000});
  }

  void on_record(sim::TrueTime at, std::uint64_t sequence, std::uint16_t kind,
                 const void* record) override {
    const checkers::Stamp stamp{at.since_zero().ns(), sequence};
    if (kind == checkers::Grant::kRecordKind) {
      grants_.observe(stamp, *static_cast<const checkers::Grant*>(record));
    } else if (kind == checkers::Belief::kRecordKind) {
      beliefs_.observe(stamp, *static_cast<const checkers::Belief*>(record));
    } else if (kind == checkers::Work::kRecordKind) {
      works_.observe(stamp, *static_cast<const checkers::Work*>(record));
    }
  }

  std::vector<std::vector<Turn>> scripts_;
  std::unique_ptr<Deployment> deployment_;
  checkers::GrantExclusion grants_;
  checkers::BeliefExclusion beliefs_;
  checkers::WorkExclusion works_;
  std::vector<Answered> answers_;
  std::vector<Token> tokens_;
  sim::Kernel kernel_;  // after what its coroutines still touch while they are destroyed
};

}  // namespace leasehold::models::redis::testing
