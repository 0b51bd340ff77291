#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/models/redis/one_server.hpp"

/// Prints what the Redis model answers to random commands of three clients while it now and then
/// dies and comes back, a JSON object per line, for redis.py to do the same to a real server.
namespace leasehold::models::redis {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint32_t kClients = 3;
constexpr std::uint64_t kKeys = 2;
constexpr std::uint64_t kValues = 3;
/// Gone after any wait, and after nothing else; and there until the end.
constexpr std::array<std::uint64_t, 2> kTtls{250, 100'000};
constexpr std::int64_t kWaitMs = 400;

struct Choice {
  const char* name;
  Verb verb;
  bool may_live_for_ever;
};
constexpr std::array kChoices{Choice{"ping", Verb::ping, true},
                              Choice{"get", Verb::get, true},
                              Choice{"set", Verb::set, true},
                              Choice{"set_nx", Verb::set_nx, true},
                              Choice{"setnx", Verb::setnx, true},
                              Choice{"getset", Verb::getset, true},
                              Choice{"incr", Verb::incr, true},
                              Choice{"del", Verb::del, true},
                              Choice{"pexpire", Verb::pexpire, false},
                              Choice{"pttl", Verb::pttl, true},
                              Choice{"watch", Verb::watch, true},
                              Choice{"unwatch", Verb::unwatch, true},
                              Choice{"multi", Verb::multi, true},
                              Choice{"exec", Verb::exec, true},
                              Choice{"compare_and_delete", Verb::compare_and_delete, true},
                              Choice{"compare_and_pexpire", Verb::compare_and_pexpire, false},
                              Choice{"set_nx_and_incr", Verb::set_nx_and_incr, false}};

const char* name_of(Reply::Kind kind) {
  constexpr std::array kNames{"ok", "nil", "integer", "value", "queued", "array", "error"};
  return kNames.at(static_cast<std::size_t>(kind));
}

class Transcript {
 public:
  Transcript(std::uint64_t seed, PersistenceMode persistence)
      : rng_(sim::Rng::stream(seed, 0, sim::purpose("transcript"))),
        world_(testing::instant_server(persistence), kClients, 1, sim::Duration::zero()) {}

  void write(int commands) {
    for (int i = 0; i < commands; ++i) {
      if (rng_.below(25) == 0) {
        world_.wait_ms(kWaitMs);
        print({{"wait_ms", kWaitMs}});
      }
      if (rng_.below(50) == 0) crash();
      command();
    }
  }

 private:
  /// The process is killed: what the operating system has taken stays. What is to be gone after a
  /// wait is, so that nothing depends on how long a start takes.
  void crash() {
    world_.wait_ms(kWaitMs);
    world_.crash_and_restart();
    for (std::uint32_t i = 0; i < kClients; ++i) world_.send(Verb::ping, 0, 0, 0, i);
    print({{"crash_after_ms", kWaitMs}});
  }

  void command() {
    const Choice& choice = kChoices.at(rng_.below(kChoices.size()));
    const auto client = static_cast<std::uint32_t>(rng_.below(kClients));
    Request request{};
    request.verb = choice.verb;
    request.key = rng_.below(kKeys);
    request.value = rng_.below(kValues);
    const bool lives = choice.may_live_for_ever && rng_.below(2) == 0;
    if (!lives) request.ttl_ms = kTtls.at(rng_.below(kTtls.size()));
    const Reply reply = world_.send(request, client).value();
    print({{"client", client},
           {"verb", choice.name},
           {"key", request.key},
           {"value", request.value},
           {"ttl_ms", request.ttl_ms},
           {"reply", {name_of(reply.kind), static_cast<std::int64_t>(reply.value)}}});
  }

  static void print(const Json& line) { std::puts(line.dump().c_str()); }

  sim::Rng rng_;
  testing::OneServer world_;
};

}  // namespace
}  // namespace leasehold::models::redis

int main(int argc, char** argv) {
  using leasehold::models::redis::PersistenceMode;
  const std::map<std::string, PersistenceMode> modes{
      {"none", PersistenceMode::none},
      {"rdb", PersistenceMode::rdb},
      {"aof-everysec", PersistenceMode::aof_everysec},
      {"aof-always", PersistenceMode::aof_always}};
  if (argc != 4 || !modes.contains(argv[3])) {
    std::fputs("usage: redis_transcript SEED COMMANDS none|rdb|aof-everysec|aof-always\n", stderr);
    return 64;
  }
  leasehold::models::redis::Transcript(std::strtoull(argv[1], nullptr, 10), modes.at(argv[3]))
      .write(std::atoi(argv[2]));
}
