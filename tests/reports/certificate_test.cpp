#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "reports/check_report.hpp"

namespace leasehold::reports {
namespace {

using checkers::CheckedHistory;
using checkers::CheckOptions;
using checkers::Verdict;

CheckOptions options_for(const std::string& specification) {
  CheckOptions options;
  options.specification = checkers::find_specification(specification).value();
  options.certify = true;
  return options;
}

CheckedHistory checked(const std::string& text, const CheckOptions& options) {
  auto history = checkers::read_history(std::make_unique<checkers::TextSource>(text), options);
  if (!history) FAIL(support::text(history.error()));
  judge_history(*history, options);
  return std::move(history).value();
}

/// What a service of so many permits told dozens of clients that contend for it; now and then it
/// grants one too many. Answers get lost; some clients go on all the same.
class Service {
 public:
  struct Habits {
    std::uint64_t permits = 1;
    std::uint64_t errs_in = 200;   ///< one grant in so many is one too many
    std::uint64_t loses_in = 20;   ///< one answer in so many
    std::uint64_t refuses_in = 0;  ///< one try in so many fails while the lock is held
    bool clients_go_on = false;    ///< after a lost answer, as the same owner
    std::int64_t lease_ns = 0;
  };

  Service(std::uint64_t seed, Habits habits) : random_(seed), habits_(habits) {}

  std::string history(std::size_t clients, int steps) {
    for (; clients_.size() < clients; ++next_) clients_.push_back({next_, next_, Phase::idle, 0});
    for (int i = 0; i < steps; ++i) step(clients_[random_() % clients_.size()]);
    return std::move(text_);
  }

 private:
  enum class Phase { idle, waiting, granted, refused, holding, releasing, released };
  struct Client {
    std::uint64_t process;
    std::uint64_t owner;
    Phase phase;
    std::int64_t deadline_ns;
  };

  bool one_in(std::uint64_t number) { return number != 0 && random_() % number == 0; }

  void event(const Client& client, const char* type, const char* f, const std::string& more = "") {
    text_ += "{:process " + std::to_string(client.process) + ", :type :" + type + ", :f :" + f +
             ", :time " + std::to_string(now_ns_) + ", :value {:client " +
             std::to_string(client.owner) + more + "}}\n";
  }

  void answer(Client& client, const char* f, Phase next, const std::string& more = "") {
    const bool lost = one_in(habits_.loses_in);
    event(client, lost ? "info" : "ok", f, more);
    client.phase = lost ? Phase::idle : next;
    if (!lost) return;
    client.process = next_++;
    if (habits_.clients_go_on) return;
    if (next == Phase::holding && habits_.lease_ns == 0) --held_;  // its session ends
    client.owner = next_++;
  }

  void step(Client& client) {
    ++now_ns_;
    switch (client.phase) {
      case Phase::idle:
        client.phase = Phase::waiting;
        return event(client, "invoke", "acquire");
      case Phase::waiting:
        return try_to_grant(client);
      case Phase::granted: {
        std::string more = ", :fence " + std::to_string(token_);
        if (habits_.lease_ns != 0) more += ", :lease_ns " + std::to_string(habits_.lease_ns);
        return answer(client, "acquire", Phase::holding, more);
      }
      case Phase::refused:
        client.phase = Phase::idle;
        return event(client, "fail", "acquire");
      case Phase::holding:
        client.phase = Phase::releasing;
        return event(client, "invoke", "release");
      case Phase::releasing:
        client.phase = Phase::released;
        if (held_ > 0 && client.deadline_ns >= until_ns_) --held_;
        return;
      case Phase::released:
        return answer(client, "release", Phase::idle);
    }
  }

  void try_to_grant(Client& client) {
    const bool expired = habits_.lease_ns != 0 && now_ns_ >= until_ns_;
    const bool free = held_ < habits_.permits || expired;
    if (!free && one_in(habits_.refuses_in)) client.phase = Phase::refused;
    if (!free && !one_in(habits_.errs_in)) return;
    held_ = expired ? 1 : held_ + 1;
    ++token_;
    client.phase = Phase::granted;
    if (habits_.lease_ns != 0) client.deadline_ns = until_ns_ = now_ns_ + habits_.lease_ns;
  }

  std::mt19937_64 random_;
  Habits habits_;
  std::vector<Client> clients_;
  std::string text_;
  std::uint64_t next_ = 1;
  std::uint64_t held_ = 0;
  std::uint64_t token_ = 0;
  std::int64_t until_ns_ = 0;
  std::int64_t now_ns_ = 0;
};

struct Tally {
  int violated = 0;
  int unverified = 0;
  int forged = 0;  ///< that were verified all the same
};

/// Whether a few calls of a legal history are said to prove it illegal.
bool forged(Certificate certificate, const CheckedHistory& history, std::mt19937_64& random) {
  using Names = Certificate::Names;
  constexpr std::array kNames = {Names::core, Names::answers, Names::until};
  certificate.verdict = Verdict::violated;
  certificate.names = kNames[random() % kNames.size()];
  certificate.calls.clear();
  const std::size_t last = random() % history.calls.size();
  for (std::size_t i = last; i <= last + 3 && i < history.calls.size(); ++i) {
    certificate.calls.push_back(history.calls[i].event());
  }
  return verify(certificate, history) == Verdict::violated;
}

/// Judges what such services told forty clients, every other time without a mistake, and has the
/// certificates verified.
Tally certify(const std::string& specification, Service::Habits habits) {
  const CheckOptions options = options_for(specification);
  const std::uint64_t errs_in = habits.errs_in;
  Tally tally;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    habits.errs_in = seed % 2 == 0 ? errs_in : 0;
    const CheckedHistory history = checked(Service(seed, habits).history(40, 1'500), options);
    const auto certificate = certificate_of(history, options);
    REQUIRE(certificate);
    if (verify(*certificate, history) != history.judgement.verdict) ++tally.unverified;
    std::mt19937_64 random(seed);
    if (history.judgement.verdict == Verdict::violated) {
      ++tally.violated;
    } else if (forged(*certificate, history, random)) {
      ++tally.forged;
    }
  }
  return tally;
}

TEST_CASE("certificates of locks are verified however many clients contend") {
  struct Case {
    const char* specification;
    Service::Habits habits;
  };
  for (const bool go_on : {false, true}) {
    for (const Case& each :
         {Case{"mutex", {}}, Case{"semaphore-3", {.permits = 3}},
          Case{"semaphore-3-owned", {.permits = 3}}, Case{"owner-mutex", {}},
          Case{"owner-mutex-strict-try", {.refuses_in = 5}}, Case{"reentrant-mutex-2", {}},
          Case{"fenced-mutex", {}}, Case{"fenced-mutex-dense", {}},
          Case{"leased-mutex", {.refuses_in = 1, .lease_ns = 400}}}) {
      Service::Habits habits = each.habits;
      habits.clients_go_on = go_on;
      CAPTURE(each.specification, go_on);
      const Tally tally = certify(each.specification, habits);
      CHECK(tally.violated > 0);
      CHECK(tally.violated < 20);
      CHECK(tally.unverified == 0);
      CHECK(tally.forged == 0);
    }
  }
}

/// So many writes of different values at once, or appends, of which a reader sees what it cannot.
std::string concurrent(const std::string& f, int calls, const std::vector<std::string>& reads) {
  std::string text;
  const auto event = [&text](int process, const char* type, const std::string& rest) {
    text += "{:process " + std::to_string(process) + ", :type :" + type + ", " + rest + "}\n";
  };
  const auto all = [&](const char* type) {
    for (int i = 0; i < calls; ++i) {
      event(i, type, ":f :" + f + ", :key \"k\", :value \"" + std::to_string(i) + "\"");
    }
  };
  all("invoke");
  for (const std::string& value : reads) {
    const std::string read = f == "append" ? ":f :get" : ":f :read";
    event(calls, "invoke", read + ", :key \"k\", :value nil");
    event(calls, "ok", read + ", :key \"k\", :value \"" + value + "\"");
  }
  all("ok");
  return text;
}

Verdict verified(const std::string& text, const char* specification) {
  const CheckOptions options = options_for(specification);
  const CheckedHistory history = checked(text, options);
  REQUIRE(history.judgement.verdict == Verdict::violated);
  const auto certificate = certificate_of(history, options);
  REQUIRE(certificate);
  return verify(*certificate, history);
}

TEST_CASE("of other objects a certificate is verified unless its answers leave too many orders") {
  // Which of forty writes came last is all that matters.
  CHECK(verified(concurrent("write", 40, {"3", "4", "3"}), "register") == Verdict::violated);
  // Of appends the order of all matters: of five there are 326, of nine 986,410.
  CHECK(verified(concurrent("append", 5, {"x"}), "kv") == Verdict::violated);
  CHECK(verified(concurrent("append", 9, {"x"}), "kv") == Verdict::unknown);
}

}  // namespace
}  // namespace leasehold::reports
