#include "scenarios/thresholds.hpp"

#include <catch2/catch.hpp>

#include "scenarios/glob.hpp"

namespace leasehold::scenarios {
namespace {

TEST_CASE("a threshold is exceeded by the first run too many") {
  JudgedThreshold judged;
  judged.judged_runs = 1'000;
  CHECK_FALSE(judged.exceeded());
  judged.violated_runs = 1;
  CHECK(judged.exceeded());
  judged.threshold.max_violated_ppm = 1'000;
  CHECK_FALSE(judged.exceeded());
  judged.violated_runs = 2;
  CHECK(judged.exceeded());
  judged.threshold.max_violated_ppm = 1'000'000;
  judged.violated_runs = judged.judged_runs = ~std::uint64_t{0};
  CHECK_FALSE(judged.exceeded());
}

TEST_CASE("where nothing was judged nothing is exceeded") {
  CHECK_FALSE(JudgedThreshold{}.exceeded());
}

TEST_CASE("a star stands for any characters and a question mark for one") {
  CHECK(matches("redis-*", "redis-ttl"));
  CHECK(matches("*", ""));
  CHECK(matches("*-?as", "etcd-cas"));
  CHECK(matches("*a*b", "aXbYb"));
  CHECK_FALSE(matches("redis-?", "redis-ttl"));
  CHECK_FALSE(matches("", "x"));
  CHECK_FALSE(matches("redis", "redis-ttl"));
  CHECK_FALSE(matches(std::string(1'000, '*') + "b", std::string(100'000, 'a')));
}

}  // namespace
}  // namespace leasehold::scenarios
