#include "models/recipe_steps.hpp"

#include <array>

namespace leasehold::models {
namespace {

using What = checkers::Milestone::What;

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
