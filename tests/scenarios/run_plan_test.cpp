#include <catch2/catch.hpp>
#include <map>

#include "scenarios/resolve.hpp"

/// A run by the plan of all that its seed draws is that run, and a plan with less in it is obeyed.
namespace leasehold::scenarios {
namespace {

ResolvedCell cell_of(const std::string& algorithm, const std::string& scenario) {
  static const models::AlgorithmRegistry kRegistry = models::built_in_algorithms();
  return resolve(kRegistry, Selection{{scenario}, {algorithm}, {}, {}}).value().front();
}

/// Remembers what each client did.
class Doings final : public sim::RecordSink {
 public:
  void on_record(sim::TrueTime, std::uint64_t, std::uint16_t kind, const void* record) override {
    if (kind == checkers::ClientLife::kRecordKind) {
      const auto& life = *static_cast<const checkers::ClientLife*>(record);
      if (life.phase == checkers::ClientLife::Phase::started) ++started[life.client];
    }
    if (kind != checkers::Operation::kRecordKind) return;
    const auto& operation = *static_cast<const checkers::Operation*>(record);
    const bool wish = operation.kind == checkers::Operation::Kind::acquire &&
                      operation.phase == checkers::Operation::Phase::invoked;
    if (wish) ++wishes[operation.client];
  }

  std::map<checkers::ClientId, int> started;
  std::map<checkers::ClientId, int> wishes;
};

TEST_CASE("a run by its own plan is the same run") {
  const std::vector<std::pair<std::string, std::string>> runs{
      {"redis-ttl", "mixed"}, {"etcd-lease", "crashes"},   {"pg-advisory", "partitions"},
      {"setnx", "gc-pauses"}, {"redis-ttl", "period-job"}, {"redis-ttl", "index-job"},
      {"oracle", "crashes"},  {"redlock", "clock-steps"}};
  for (const auto& [algorithm, scenario] : runs) {
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      CAPTURE(algorithm, scenario, seed);
      const ResolvedCell cell = cell_of(algorithm, scenario);
      const RunPlan plan = draw_run_plan(cell.cell(), seed);
      Runner runner(cell.cell());
      const std::uint64_t drawn = runner.run(seed).digest;
      CHECK(runner.run(seed, plan).digest == drawn);
    }
  }
}

TEST_CASE("clients do the rounds of their plan and no more") {
  const ResolvedCell cell = cell_of("redis-ttl", "calm");
  RunPlan plan;
  plan.workload = WorkloadPlan{{{{1'000'000, 2'000'000}, {0, 5'000'000}}, {}, {{0, 0}}}};
  Doings doings;
  Onlookers onlookers;
  onlookers.records = &doings;
  Runner(cell.cell()).run(7, plan, onlookers);
  CHECK(doings.wishes == std::map<checkers::ClientId, int>{{0, 2}, {2, 1}});
  CHECK(doings.started == std::map<checkers::ClientId, int>{{0, 1}, {2, 1}});
}

}  // namespace
}  // namespace leasehold::scenarios
