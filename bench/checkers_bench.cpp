// checkers_bench [FOLDER]: how fast histories are judged. Those that are not made here are read
// from the FOLDER, which has one of each kind; without it they are left out.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "checkers/linearizability/definite_holds.hpp"
#include "checkers/linearizability/earliest_deadline.hpp"
#include "checkers/specifications/check_history.hpp"

namespace leasehold::bench {
namespace {

using checkers::kNever;
using checkers::LockHistory;
using Kind = checkers::LockOperation::Kind;

/// A legal history of twenty clients that contend for a lock. A client whose answer was lost, one
/// in `lost_in`, goes on as another owner.
LockHistory lock_history(std::size_t calls, std::uint64_t lost_in) {
  enum class Phase { idle, waiting, granted, holding, releasing, released };
  struct Client {
    std::uint64_t owner;
    std::size_t open = 0;
    Phase phase = Phase::idle;
  };
  std::mt19937_64 random(7);
  std::uint64_t owners = 0;
  std::vector<Client> clients;
  while (clients.size() < 20) clients.push_back({++owners});
  LockHistory history;
  history.reserve(calls);
  bool held = false;
  checkers::Token token = 0;
  checkers::Position now = 0;
  const auto answer = [&](Client& client, Phase next) {
    const bool lost = lost_in != 0 && random() % lost_in == 0;
    if (!lost) history[client.open].responded = now;
    if (lost && next == Phase::holding) held = false;  // its session ends with it
    if (lost) client.owner = ++owners;
    client.phase = lost ? Phase::idle : next;
  };
  while (history.size() < calls) {
    Client& client = clients[random() % clients.size()];
    ++now;
    switch (client.phase) {
      case Phase::idle:
      case Phase::holding: {
        const Kind kind = client.phase == Phase::idle ? Kind::acquire : Kind::release;
        client.phase = client.phase == Phase::idle ? Phase::waiting : Phase::releasing;
        client.open = history.size();
        history.push_back({{kind, false, client.owner, 0}, now, kNever});
        break;
      }
      case Phase::waiting:
        if (held) break;
        held = true;
        client.phase = Phase::granted;
        break;
      case Phase::granted:
        history[client.open].operation.token = ++token;
        answer(client, Phase::holding);
        break;
      case Phase::releasing:
        held = false;
        client.phase = Phase::released;
        break;
      case Phase::released:
        answer(client, Phase::idle);
        break;
    }
  }
  return history;
}

void definite_holds(benchmark::State& state) {
  const LockHistory history = lock_history(static_cast<std::size_t>(state.range(0)),
                                           static_cast<std::uint64_t>(state.range(1)));
  checkers::HoldsResult result;
  for (auto _ : state) {
    result = checkers::DefiniteHolds({.fenced = true}).judge(history);
    if (result.verdict != checkers::Verdict::holds) state.SkipWithError("misjudged");
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["bytes"] = static_cast<double>(result.bytes);
}
BENCHMARK(definite_holds)
    ->ArgsProduct({{1'000, 10'000, 100'000, 1'000'000, 10'000'000}, {0, 10}})
    ->Unit(benchmark::kMillisecond);

void earliest_deadline(benchmark::State& state) {
  const LockHistory history = lock_history(static_cast<std::size_t>(state.range(0)),
                                           static_cast<std::uint64_t>(state.range(1)));
  checkers::EarliestDeadlineResult result;
  for (auto _ : state) {
    result = checkers::judge_by_earliest_deadline(history);
    benchmark::DoNotOptimize(result.verdict);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["bytes"] = static_cast<double>(result.bytes);
}
BENCHMARK(earliest_deadline)
    ->ArgsProduct({{1'000, 10'000, 100'000, 1'000'000, 10'000'000}, {0, 10}})
    ->Unit(benchmark::kMillisecond);

/// Reads and judges every file of a folder.
void stored(benchmark::State& state, const std::string& folder, const std::string& specification) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  checkers::CheckOptions options;
  options.specification = checkers::find_specification(specification).value();
  for (auto _ : state) {
    for (const std::string& file : files) {
      auto source = checkers::FileSource::open(file);
      auto history = checkers::read_history(std::move(source).value(), options);
      if (!history) continue;
      checkers::judge_history(*history, options);
      benchmark::DoNotOptimize(history->judgement.verdict);
    }
  }
  state.counters["files"] = static_cast<double>(files.size());
}

}  // namespace
}  // namespace leasehold::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (argc > 1) {
    const auto add = [argv](const char* name, const char* specification) {
      const std::string folder = std::string(argv[1]) + "/" + name;
      benchmark::RegisterBenchmark(name, leasehold::bench::stored, folder, specification)
          ->Unit(benchmark::kMillisecond);
    };
    add("porcupine_etcd_log", "cas-register");
    add("porcupine_kv", "kv");
  }
  benchmark::RunSpecifiedBenchmarks();
}
