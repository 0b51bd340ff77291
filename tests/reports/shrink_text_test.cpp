#include "reports/shrink_text.hpp"

#include <catch2/catch.hpp>

/// What is told of a run that has been shrunk, and on the way there.
namespace leasehold::reports {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

scenarios::ResolvedCell cell() {
  static const models::AlgorithmRegistry kRegistry = models::built_in_algorithms();
  return scenarios::resolve(kRegistry, scenarios::Selection{{"calm"}, {"redis-ttl"}, {}, {}})
      .value()
      .front();
}

scenarios::Shrunk shrunk() {
  scenarios::Shrunk result;
  scenarios::PlannedFault pause;
  pause.target.role = scenarios::Role::holder;
  pause.duration_ns = 12 * kSecond;
  result.plan.faults.faults = {pause};
  result.plan.workload.emplace();
  result.before = {10, 5, 1'055, 12'629, 90 * kSecond};
  result.after = {1, 2, 2, 25, 42 * kSecond};
  result.runs = 87;
  return result;
}

std::string told(const scenarios::Shrunk& result, const std::string& file) {
  const scenarios::ResolvedCell of = cell();
  return shrink_text({of, 7, checkers::Property::work_exclusion}, result, file);
}

TEST_CASE("a shrunk run is told by its size before and after") {
  CHECK(told(shrunk(), "small.json") ==
        "redis-ttl on calm, seed 7: work_exclusion stays violated\n"
        "  faults              10 → 1     pause of holder for 12 s\n"
        "  clients              5 → 2\n"
        "  rounds           1,055 → 2\n"
        "  records         12,629 → 25\n"
        "  simulated time    90 s → 42 s\n"
        "  87 runs; no fault, client or round of what is left can be spared\n"
        "Next: leasehold explain 'small.json' --html 'small.html'\n");
}

TEST_CASE("where clients go on to the end, no round is said to be needed") {
  scenarios::Shrunk result = shrunk();
  result.plan.workload.reset();
  CHECK(told(result, "").find("no fault or client of what is left can be spared") !=
        std::string::npos);
}

TEST_CASE("without a file there is nothing to explain, and without faults none to tell") {
  scenarios::Shrunk result = shrunk();
  result.plan.faults.faults.clear();
  result.after.faults = 0;
  result.end = scenarios::Shrunk::End::budget;
  const std::string text = told(result, "");
  CHECK(text.find("explain") == std::string::npos);
  CHECK(text.find("10 → 0\n") != std::string::npos);
  CHECK(text.find("87 runs; no more were allowed") != std::string::npos);
}

TEST_CASE("a bar tells how much is left and is taken away in the end") {
  const scenarios::ShrinkProgress so_far{1'234, {1, 2, 12, 0, 0}};
  ShrinkProgress bar(ProgressMode::bar);
  CHECK(bar.update(so_far, 0) == "\r\x1b[K1 fault, 2 clients, 12 rounds after 1,234 runs");
  CHECK(bar.update(so_far, kSecond / 20).empty());
  CHECK(bar.finish() == "\r\x1b[K");
}

TEST_CASE("a shrink of under ten seconds writes no lines") {
  const scenarios::ShrinkProgress so_far{1, {0, 1, 1, 0, 0}};
  ShrinkProgress lines(ProgressMode::lines);
  CHECK(lines.update(so_far, 9 * kSecond).empty());
  CHECK(lines.update(so_far, 10 * kSecond) ==
        "leasehold: 0 faults, 1 client, 1 round after 1 run\n");
  CHECK(lines.finish().empty());
  ShrinkProgress none(ProgressMode::none);
  CHECK(none.update(so_far, 100 * kSecond).empty());
}

}  // namespace
}  // namespace leasehold::reports
