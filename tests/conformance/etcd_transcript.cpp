#include <array>
#include <cstdio>
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "models/etcd/mutex.hpp"
#include "tests/models/etcd/etcd_world.hpp"

/// Prints what the etcd model answers to random requests of one client, a JSON object per line, for
/// etcd.py to ask a real member the same. Even seeds are about locks, odd ones about a job's last
/// run: no deployment has both.
namespace leasehold::models::etcd {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kLeases = 4;
constexpr LeaseId kUnknownLease = 900;  ///< never granted
constexpr std::uint64_t kTtlSeconds = 1'000;
/// For what may have to wait: longer than anything takes, and given up then.
constexpr Duration kPatience = Duration::milliseconds(500);

class Transcript final : public EtcdWorld {
 public:
  Transcript(std::uint64_t seed, int requests)
      : EtcdWorld(seed, "3.4"),
        rng_(sim::Rng::stream(seed, 0, sim::purpose("transcript"))),
        about_jobs_(seed % 2 == 1),
        requests_(requests) {
    run(Duration::seconds(5));  // until there is a leader
    add_client([](Process& self, EtcdWorld& world, std::uint32_t) {
      return static_cast<Transcript&>(world).write(self);
    });
    while (written_ < requests_) run(Duration::seconds(1));
  }

 private:
  Task<void> write(Process& self) {
    Client etcd(self, {members().front()});
    for (; written_ < requests_; ++written_) {
      const Request request = about_jobs_ ? job_request() : lock_request();
      const MonoTime until = self.mono_now() + kPatience;
      const std::optional<Reply> reply = co_await etcd.call(request, until);
      // What was given up is taken back before anything else is asked.
      co_await self.sleep(kPatience);
      print(request, reply);
      if (reply && request.verb == Verb::lease_grant) leases_.push_back(reply->lease);
      if (reply) revision_ = std::max(revision_, reply->revision);
      if (reply && about_jobs_) last_run_ = reply->mod_revision;
    }
    co_await self.sleep_until(MonoTime::never());
  }

  Request job_request() {
    constexpr std::array kVerbs{Verb::get_last_run, Verb::put_last_run};
    Request request{};
    request.verb = kVerbs.at(rng_.below(kVerbs.size()));
    request.key = kLastRun;
    request.revision = rng_.below(3) == 0 ? rng_.below(revision_ + 2) : last_run_;
    request.value = rng_.below(100);
    return request;
  }

  Request lock_request() {
    constexpr std::array kVerbs{Verb::lease_keep_alive, Verb::lease_revoke, Verb::put_if_absent,
                                Verb::put_if_absent,    Verb::delete_key,   Verb::get,
                                Verb::last_created,     Verb::watch_delete, Verb::lock};
    Request request{};
    if (leases_.size() < kLeases || rng_.below(10) == 0) {
      request.verb = Verb::lease_grant;
      request.value = kTtlSeconds + rng_.below(5);
      return request;
    }
    request.verb = kVerbs.at(rng_.below(kVerbs.size()));
    const LeaseId other = some_lease();
    request.lease = rng_.below(3) == 0 ? other : LeaseId{0};
    if (request.verb != Verb::put_if_absent) request.lease = other;
    request.key = Mutex::key_of(some_lease());
    request.serializable = request.verb == Verb::get && rng_.below(2) == 0 ? 1 : 0;
    request.revision = 1 + rng_.below(revision_ + 1);
    request.attempt = attempt_id(0, 0, 1);
    return request;
  }

  /// Granted lately, revoked or not, or never.
  LeaseId some_lease() {
    const std::uint64_t back = rng_.below(kLeases + 1);
    return back == kLeases ? kUnknownLease : leases_.at(leases_.size() - 1 - back);
  }

  static void print(const Request& request, const std::optional<Reply>& reply) {
    constexpr std::array kVerbs{"lease_grant",   "lease_keep_alive", "lease_revoke",
                                "put_if_absent", "delete_key",       "get",
                                "last_created",  "watch_delete",     "lock",
                                "cancel",        "get_last_run",     "put_last_run"};
    Json line{{"verb", kVerbs.at(static_cast<std::size_t>(request.verb))},
              {"key", request.key},
              {"lease", request.lease},
              {"serializable", request.serializable != 0},
              {"revision", request.revision},
              {"value", request.value}};
    if (reply) {
      constexpr std::array kStatuses{
          "ok",     "timeout",         "leader_changed", "lease_not_found",
          "absent", "session_expired", "unequal"};
      line["reply"] = {{"status", kStatuses.at(static_cast<std::size_t>(reply->status))},
                       {"key", reply->key},
                       {"revision", reply->revision},
                       {"own_revision", reply->own_revision},
                       {"first_revision", reply->first_revision},
                       {"lease", reply->lease},
                       {"ttl_s", reply->ttl_s},
                       {"mod_revision", reply->mod_revision},
                       {"value", reply->value}};
    }
    std::puts(line.dump().c_str());
  }

  sim::Rng rng_;
  bool about_jobs_;
  int requests_;
  int written_ = 0;
  std::vector<LeaseId> leases_;
  Revision revision_ = 1;
  Revision last_run_ = 0;
};

}  // namespace
}  // namespace leasehold::models::etcd

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: etcd_transcript SEED REQUESTS\n", stderr);
    return 64;
  }
  leasehold::models::etcd::Transcript(std::strtoull(argv[1], nullptr, 10), std::atoi(argv[2]));
}
