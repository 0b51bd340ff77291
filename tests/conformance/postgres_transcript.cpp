#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/models/postgres/one_server.hpp"

/// Prints what the PostgreSQL model answers to random statements of some clients, which come and go
/// as the server does, a JSON object per line, for postgres.py to do the same to a real server.
/// Even seeds have transactions, odd ones lock_timeout: an error within a transaction ends it,
/// which no lock here relies on and the model does not know.
namespace leasehold::models::postgres {
namespace {

using sim::Duration;
using testing::OneServer;
using Json = nlohmann::ordered_json;

constexpr std::uint32_t kClients = 4;
constexpr std::uint64_t kKeys = 2;
constexpr std::uint64_t kLockTimeoutMs = 200;
constexpr Duration kSettled = Duration::milliseconds(20);  ///< a commit has reached the disk
constexpr std::int64_t kWaitMs = 500;  ///< longer than that, whatever the machine

struct Choice {
  const char* name;
  Statement statement;
};
constexpr std::array kChoices{Choice{"advisory_lock", Statement::advisory_lock},
                              Choice{"try_advisory_lock", Statement::try_advisory_lock},
                              Choice{"advisory_unlock", Statement::advisory_unlock},
                              Choice{"advisory_unlock", Statement::advisory_unlock},
                              Choice{"nextval", Statement::nextval}};
constexpr std::array kInTransactions{
    Choice{"begin", Statement::begin}, Choice{"commit", Statement::commit},
    Choice{"advisory_xact_lock", Statement::advisory_xact_lock},
    Choice{"try_advisory_xact_lock", Statement::try_advisory_xact_lock}};

class Transcript {
 public:
  explicit Transcript(std::uint64_t seed)
      : rng_(sim::Rng::stream(seed, 0, sim::purpose("transcript"))),
        has_transactions_(seed % 2 == 0),
        world_(testing::instant_server(), kClients) {}

  void write(int steps) {
    for (int i = 0; i < steps; ++i) {
      const std::uint64_t dice = rng_.below(40);
      if (dice == 0 || free_clients().empty()) {
        restart();
      } else if (dice <= 3) {
        reconnect();
      } else if (!has_transactions_ && dice <= 6) {
        set_lock_timeout();
      } else {
        statement();
      }
    }
  }

 private:
  std::vector<std::uint32_t> free_clients() const {
    std::vector<std::uint32_t> free;
    for (std::uint32_t i = 0; i < kClients; ++i) {
      if (!world_.waits(i)) free.push_back(i);
    }
    return free;
  }
  std::uint32_t some_free_client() {
    const std::vector<std::uint32_t> free = free_clients();
    return free.at(rng_.below(free.size()));
  }

  void statement() {
    const std::uint64_t more = has_transactions_ ? kInTransactions.size() : 0;
    const std::uint64_t choice = rng_.below(kChoices.size() + more);
    const bool plain = choice < kChoices.size();
    const Choice& chosen =
        plain ? kChoices.at(choice) : kInTransactions.at(choice - kChoices.size());
    const std::uint64_t key = rng_.below(kKeys);
    const std::uint32_t client = some_free_client();
    give(client, chosen.statement, key);
    print({{"client", client}, {"statement", chosen.name}, {"key", key}});
    let_timeouts_come();
  }

  void set_lock_timeout() {
    const std::uint32_t client = some_free_client();
    const std::uint64_t timeout = rng_.below(2) == 0 ? 0 : kLockTimeoutMs;
    give(client, Statement::set_lock_timeout, timeout);
    has_timeout_[client] = timeout > 0;
    print({{"client", client}, {"statement", "set_lock_timeout"}, {"key", timeout}});
  }

  void let_timeouts_come() {
    const bool any_due = std::any_of(waiting_.begin(), waiting_.end(),
                                     [this](std::uint32_t i) { return has_timeout_[i]; });
    if (!any_due) return;
    world_.wait(Duration::milliseconds(kWaitMs));
    print({{"wait_ms", kWaitMs}});
  }

  void reconnect() {
    const std::uint32_t client = some_free_client();
    world_.connect(client);
    has_timeout_[client] = false;
    print({{"reconnect", client}});
  }

  /// The process is killed, and all sessions with it.
  void restart() {
    world_.restart_server();
    print({{"restart", true}});
    for (std::uint32_t i = 0; i < kClients; ++i) world_.connect(i);
    has_timeout_ = {};
  }

  void give(std::uint32_t client, Statement statement, std::uint64_t key) {
    world_.run(client, statement, key);
    world_.wait(kSettled);
    waiting_.push_back(client);
  }

  /// With who has been answered since the last line, and who waits now.
  void print(Json line) {
    Json answers = Json::array();
    std::vector<std::uint32_t> still;
    std::sort(waiting_.begin(), waiting_.end());
    for (const std::uint32_t client : waiting_) {
      if (world_.waits(client)) {
        still.push_back(client);
        continue;
      }
      const std::optional<std::uint64_t> answer = world_.answer(client);
      answers.push_back({client, answer ? Json(*answer) : Json()});
    }
    waiting_ = still;
    line["answers"] = answers;
    line["waiting"] = waiting_;
    std::puts(line.dump().c_str());
  }

  sim::Rng rng_;
  bool has_transactions_;
  OneServer world_;
  std::vector<std::uint32_t> waiting_;
  std::array<bool, kClients> has_timeout_{};
};

}  // namespace
}  // namespace leasehold::models::postgres

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: postgres_transcript SEED STEPS\n", stderr);
    return 64;
  }
  leasehold::models::postgres::Transcript(std::strtoull(argv[1], nullptr, 10))
      .write(std::atoi(argv[2]));
}
