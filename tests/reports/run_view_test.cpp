#include "reports/run_view.hpp"

#include <catch2/catch.hpp>
#include <regex>
#include <string>

#include "models/describe.hpp"
#include "scenarios/resolve.hpp"

namespace leasehold::reports {
namespace {

using checkers::Verdict;

/// As one line, without the breaks and the indentation that the width makes.
std::string in_one_line(const std::string& text) {
  return std::regex_replace(text, std::regex("\\s+"), " ");
}

struct Viewed {
  checkers::LinearizableResult linearizable;
  std::string view;
};

/// Every run of the seeds whose history no order explains, and one that an order does.
std::vector<Viewed> view_runs(const std::string& scenario, const std::string& algorithm) {
  const auto registry = models::built_in_algorithms();
  const auto cells = scenarios::resolve(registry, {{scenario}, {algorithm}, {}, {}});
  REQUIRE(cells.has_value());
  scenarios::Runner runner(cells->front().cell());
  std::vector<Viewed> viewed;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const scenarios::RunResult result = runner.run(seed);
    viewed.push_back({result.checker->linearizable(), run_view(cells->front(), result, "lh1:x")});
  }
  return viewed;
}

TEST_CASE("a history that no order explains names the calls that contradict one another") {
  std::uint32_t violated = 0;
  for (const Viewed& run : view_runs("clock-steps", "redis-ttl")) {
    const std::string view = in_one_line(run.view);
    CAPTURE(run.view);
    if (run.linearizable.verdict != Verdict::violated) {
      CHECK(view.find("no order") == std::string::npos);
      continue;
    }
    ++violated;
    CHECK(view.find("linearizable violated no order is legal of: ") != std::string::npos);
    REQUIRE(run.linearizable.contradiction.size() >= 2);
    std::uint32_t acquires = 0;
    for (const checkers::ContradictingCall& call : run.linearizable.contradiction) {
      if (call.kind != checkers::LockOperation::Kind::acquire) continue;
      ++acquires;
      CHECK(view.find("acquire of " + models::attempt_name(call.attempt) + ", told at ") !=
            std::string::npos);
    }
    CHECK(acquires == 2);
  }
  CHECK(violated > 0);
}

}  // namespace
}  // namespace leasehold::reports
