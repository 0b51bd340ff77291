#include "models/recipe_steps.hpp"

#include <array>

namespace leasehold::models {
namespace {

using What = checkers::Milestone::What;

struct StepAt {
  std::string_view algorithm;
  What milestone;
  std::string_view step;
};

constexpr std::array<StepAt, 19> kStepsAt{{
    {"setnx", What::acquire_sent, "(1)"},      {"setnx", What::work, "(3)"},
    {"setnx", What::release_sent, "(3)"},      {"redis-ttl", What::acquire_sent, "(1)"},
    {"redis-ttl", What::granted, "(4)"},       {"redis-ttl", What::renew_sent, "(6)"},
    {"redis-ttl", What::release_sent, "(7)"},  {"redlock", What::acquire_sent, "(1)"},
    {"redlock", What::granted, "(4)"},         {"redlock", What::renew_sent, "(6)"},
    {"redlock", What::release_sent, "(7)"},    {"etcd-lease", What::acquire_sent, "(2)"},
    {"etcd-lease", What::granted, "(3)"},      {"etcd-lease", What::renew_sent, "(1)"},
    {"etcd-lease", What::release_sent, "(6)"}, {"etcd-cas", What::acquire_sent, "(1)"},
    {"etcd-cas", What::granted, "(4)"},        {"etcd-cas", What::renew_sent, "(2)"},
    {"etcd-cas", What::release_sent, "(6)"},
}};

struct StepOfRequest {
  std::string_view algorithm;
  std::string_view begins;  ///< the request's words
  std::string_view step;
};

constexpr std::array<StepOfRequest, 10> kStepsOfRequests{{
    {"setnx", "SETNX ", "(1)"},
    {"redis-ttl", "SET ", "(2)"},
    {"redis-ttl", "GET ", "(3)"},
    {"redlock", "SET ", "(2)"},
    {"redlock", "if lock is ", "(5)"},
    {"etcd-lease", "LeaseGrant ", "(1)"},
    {"etcd-cas", "Range ", "(1)"},
    {"etcd-cas", "LeaseGrant ", "(2)"},
    {"etcd-cas", "Txn ", "(3)"},
    {"etcd-cas", "LeaseRevoke ", "(5)"},
}};

}  // namespace

std::string_view step_at(std::string_view algorithm, What milestone) {
  for (const StepAt& entry : kStepsAt) {
    if (entry.algorithm == algorithm && entry.milestone == milestone) return entry.step;
  }
  return "";
}

std::string_view step_of_request(std::string_view algorithm, std::string_view request) {
  for (const StepOfRequest& entry : kStepsOfRequests) {
    if (entry.algorithm == algorithm && request.starts_with(entry.begins)) return entry.step;
  }
  return "";
}

}  // namespace leasehold::models
