#include "models/recipe_steps.hpp"

#include <array>

namespace leasehold::models {
namespace {

using What = checkers::Milestone::What;

constexpr std::array<std::string_view, 3> kSetnx{
    {"SETNX key owner; 1: ours", "0: somebody's; wait and start again", "work, then DEL key"}};
constexpr std::array<std::string_view, 7> kRedisTtl{
    {"read the clock", "SET key owner NX PX ttl",
     "no answer: ask whether the key is ours, for the SET may have been applied",
     "ours: valid until the time of (1) plus ttl less a drift allowance; over by now: no success",
     "not ours: wait a random while and start again",
     "renew every third of the ttl by compare-and-PEXPIRE; the answer 0 means lost",
     "release by compare-and-DEL"}};
constexpr std::array<std::string_view, 7> kRedlock{
    {"read the clock",
     "SET key owner NX PX ttl on all nodes at once, each with a timeout far below the ttl",
     "validity = ttl - (time since (1)) - drift allowance",
     "a quorum said yes and the validity is positive: ours",
     "else remove the value from all nodes and wait a random while before the next try",
     "extend, on request, in the same way and within the validity",
     "release: compare-and-DEL on all nodes"}};
constexpr std::array<std::string_view, 6> kEtcdLease{
    {"a session: a lease that is kept alive; a new one when the old one is done",
     "lock the mutex: the first key created is the first served",
     "locked: trust it until the session is done, and no longer than was promised",
     "the session is done: the lock is lost",
     "given up: take back what an unanswered try may have left",
     "unlock, again until an answer comes or the session is done"}};
constexpr std::array<std::string_view, 6> kEtcdCas{
    {"is the key there? Then somebody has the claim: wait and start again", "grant a lease",
     "Txn: if create_revision(key) == 0 then put(key, lease)",
     "ours: valid for a TTL from the grant of the lease",
     "not ours: revoke the lease, wait and start again",
     "release: revoke the lease, and the key with it"}};
constexpr std::array<std::string_view, 7> kRunClaim{
    {"get last_run, and its mod_revision r; 0 if the job never ran",
     "it is less than T ago by our wall clock: not due; wait and start again",
     "Txn: if mod_revision(last_run) == r then put(last_run, now)",
     "succeeded: ours, the next run falls due T later, whatever becomes of us",
     "failed: another claimed it since (1); wait and start again",
     "no answer: it may be ours, and nobody will ever know; wait and start again",
     "release: nothing is given back"}};
constexpr std::array<std::string_view, 5> kPgAdvisory{
    {"connect, unless the session is still there",
     "SELECT pg_advisory_lock(key), or another of its kind, as mode says",
     "with a token: SELECT nextval",
     "work; nothing expires, and nobody looks at the connection meanwhile",
     "SELECT pg_advisory_unlock(key), or COMMIT"}};
constexpr std::array<std::string_view, 6> kLastRunCas{
    {"connect, unless the session is still there",
     "UPDATE job SET last_run WHERE it is due, committed before the answer",
     "one row: ours, the next run falls due T later, whatever becomes of us",
     "no row: it is not due; wait and start again",
     "no answer: it may be ours, and nobody will ever know; wait and start again",
     "release: nothing is given back"}};

struct Recipe {
  std::string_view name;
  std::span<const std::string_view> steps;
};

constexpr std::array kRecipes{Recipe{"setnx", kSetnx},
                              Recipe{"redis-ttl", kRedisTtl},
                              Recipe{"redlock", kRedlock},
                              Recipe{"etcd-lease", kEtcdLease},
                              Recipe{"etcd-cas", kEtcdCas},
                              Recipe{"run-claim", kRunClaim},
                              Recipe{"pg-advisory", kPgAdvisory},
                              Recipe{"last-run-cas", kLastRunCas}};

struct StepAt {
  std::string_view recipe;
  What milestone;
  std::string_view step;
};

constexpr std::array kStepsAt{
    StepAt{"setnx", What::acquire_sent, "(1)"},
    StepAt{"setnx", What::work, "(3)"},
    StepAt{"setnx", What::release_sent, "(3)"},
    StepAt{"redis-ttl", What::acquire_sent, "(1)"},
    StepAt{"redis-ttl", What::granted, "(4)"},
    StepAt{"redis-ttl", What::renew_sent, "(6)"},
    StepAt{"redis-ttl", What::release_sent, "(7)"},
    StepAt{"redlock", What::acquire_sent, "(1)"},
    StepAt{"redlock", What::granted, "(4)"},
    StepAt{"redlock", What::renew_sent, "(6)"},
    StepAt{"redlock", What::release_sent, "(7)"},
    StepAt{"etcd-lease", What::acquire_sent, "(2)"},
    StepAt{"etcd-lease", What::granted, "(3)"},
    StepAt{"etcd-lease", What::renew_sent, "(1)"},
    StepAt{"etcd-lease", What::release_sent, "(6)"},
    StepAt{"etcd-cas", What::acquire_sent, "(1)"},
    StepAt{"etcd-cas", What::granted, "(4)"},
    StepAt{"etcd-cas", What::release_sent, "(6)"},
    StepAt{"run-claim", What::acquire_sent, "(1)"},
    StepAt{"run-claim", What::granted, "(4)"},
    StepAt{"run-claim", What::release_sent, "(7)"},
    StepAt{"pg-advisory", What::acquire_sent, "(1)"},
    StepAt{"pg-advisory", What::granted, "(4)"},
    StepAt{"pg-advisory", What::work, "(4)"},
    StepAt{"pg-advisory", What::release_sent, "(5)"},
    StepAt{"last-run-cas", What::acquire_sent, "(1)"},
    StepAt{"last-run-cas", What::granted, "(3)"},
    StepAt{"last-run-cas", What::release_sent, "(6)"},
};

struct StepOfRequest {
  std::string_view recipe;
  std::string_view begins;  ///< the request's words
  std::string_view step;
};

// The calls of the etcd mutex are all its page's step (2), but for the one that takes a key back.
constexpr std::array kStepsOfRequests{
    StepOfRequest{"setnx", "SETNX ", "(1)"},
    StepOfRequest{"redis-ttl", "SET ", "(2)"},
    StepOfRequest{"redis-ttl", "GET ", "(3)"},
    StepOfRequest{"redlock", "SET ", "(2)"},
    StepOfRequest{"redlock", "if lock is ", "(5)"},
    StepOfRequest{"etcd-lease", "LeaseGrant ", "(1)"},
    StepOfRequest{"etcd-lease", "Txn ", "(2)"},
    StepOfRequest{"etcd-lease", "Range ", "(2)"},
    StepOfRequest{"etcd-lease", "Watch ", "(2)"},
    StepOfRequest{"etcd-lease", "Lock ", "(2)"},
    StepOfRequest{"etcd-lease", "Delete ", "(5)"},
    StepOfRequest{"etcd-cas", "Range ", "(1)"},
    StepOfRequest{"etcd-cas", "LeaseGrant ", "(2)"},
    StepOfRequest{"etcd-cas", "Txn ", "(3)"},
    StepOfRequest{"etcd-cas", "LeaseRevoke ", "(5)"},
    StepOfRequest{"run-claim", "Range ", "(1)"},
    StepOfRequest{"run-claim", "Txn ", "(3)"},
    StepOfRequest{"pg-advisory", "startup", "(1)"},
    StepOfRequest{"pg-advisory", "SET lock_timeout ", "(2)"},
    StepOfRequest{"pg-advisory", "BEGIN", "(2)"},
    StepOfRequest{"pg-advisory", "pg_", "(2)"},
    StepOfRequest{"pg-advisory", "nextval", "(3)"},
    StepOfRequest{"last-run-cas", "startup", "(1)"},
    StepOfRequest{"last-run-cas", "UPDATE ", "(2)"},
};

}  // namespace

std::string_view recipe_of(std::string_view algorithm, const Parameters& parameters) {
  const bool claims_a_run = algorithm == "etcd-cas" && parameters.is("compare", "mod");
  return claims_a_run ? "run-claim" : algorithm;
}

std::span<const std::string_view> steps_of(std::string_view recipe) {
  for (const Recipe& entry : kRecipes) {
    if (entry.name == recipe) return entry.steps;
  }
  return {};
}

std::string_view step_at(std::string_view recipe, What milestone) {
  for (const StepAt& entry : kStepsAt) {
    if (entry.recipe == recipe && entry.milestone == milestone) return entry.step;
  }
  return "";
}

std::string_view step_of_request(std::string_view recipe, std::string_view request) {
  for (const StepOfRequest& entry : kStepsOfRequests) {
    if (entry.recipe == recipe && request.starts_with(entry.begins)) return entry.step;
  }
  return "";
}

}  // namespace leasehold::models
