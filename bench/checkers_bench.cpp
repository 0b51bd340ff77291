// checkers_bench [FOLDER]: how fast histories are judged. Those that are not made here are read
// from the FOLDER, which has one of each kind; without it they are left out.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "checkers/linearizability/definite_holds.hpp"
#include "checkers/linearizability/earliest_deadline.hpp"
#include "checkers/specifications/check_history.hpp"
#include "checkers/specifications/dense_fenced_mutex.hpp"

namespace leasehold::bench {
namespace {

using checkers::kNever;
using checkers::LockHistory;
using Kind = checkers::LockOperation::Kind;

/// A legal history of twenty clients that contend for so many permits. A client whose answer was
/// lost, one in `lost_in`, goes on as another owner.
LockHistory lock_history(std::size_t calls, std::uint64_t lost_in, std::uint32_t permits = 1) {
  enum class Phase { idle, waiting, granted, holding, releasing, released };
  struct Client {
    checkers::OwnerId owner;
    std::size_t open = 0;
    Phase phase = Phase::idle;
  };
  std::mt19937_64 random(7);
  checkers::OwnerId owners = 0;
  std::vector<Client> clients;
  while (clients.size() < 20) clients.push_back({++owners});
  LockHistory history;
  history.reserve(calls);
  std::uint32_t held = 0;
  checkers::Token token = 0;
  checkers::Position now = 0;
  const auto answer = [&](Client& client, Phase next) {
    const bool lost = lost_in != 0 && random() % lost_in == 0;
    if (!lost) history[client.open].responded = now;
    if (lost && next == Phase::holding) --held;  // its session ends with it
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
        if (held == permits) break;
        ++held;
        client.phase = Phase::granted;
        break;
      case Phase::granted:
        history[client.open].operation.token = ++token;
        answer(client, Phase::holding);
        break;
      case Phase::releasing:
        --held;
        client.phase = Phase::released;
        break;
      case Phase::released:
        answer(client, Phase::idle);
        break;
    }
  }
  return history;
}

/// As a file tells of the calls: when they are answered.
LockHistory as_answered(LockHistory history) {
  std::sort(history.begin(), history.end(),
            [](const auto& a, const auto& b) { return a.responded < b.responded; });
  return history;
}

struct OwnedLock {
  const char* name;
  checkers::OwnerRules rules;
  std::uint32_t permits = 1;
};

void definite_holds(benchmark::State& state, const OwnedLock& lock) {
  LockHistory history = lock_history(static_cast<std::size_t>(state.range(0)),
                                     static_cast<std::uint64_t>(state.range(1)), lock.permits);
  if (state.range(2) != 0) history = as_answered(std::move(history));
  checkers::HoldsResult result;
  for (auto _ : state) {
    result = checkers::DefiniteHolds(lock.rules, lock.permits).judge(history);
    if (result.verdict != checkers::Verdict::holds) state.SkipWithError("misjudged");
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["bytes"] = static_cast<double>(result.bytes);
}

void dense_tokens(benchmark::State& state) {
  const LockHistory history = lock_history(static_cast<std::size_t>(state.range(0)), 0);
  for (auto _ : state) {
    if (checkers::judge_dense_tokens(history).verdict != checkers::Verdict::holds) {
      state.SkipWithError("misjudged");
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(dense_tokens)
    ->ArgName("calls")
    ->RangeMultiplier(10)
    ->Range(1'000, 10'000'000)
    ->Unit(benchmark::kMillisecond);

void earliest_deadline(benchmark::State& state) {
  const auto permits = static_cast<std::uint32_t>(state.range(2));
  const LockHistory history = lock_history(static_cast<std::size_t>(state.range(0)),
                                           static_cast<std::uint64_t>(state.range(1)), permits);
  checkers::EarliestDeadlineResult result;
  for (auto _ : state) {
    result = checkers::judge_by_earliest_deadline(history, permits);
    benchmark::DoNotOptimize(result.verdict);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["bytes"] = static_cast<double>(result.bytes);
}
BENCHMARK(earliest_deadline)
    ->ArgNames({"calls", "lost_in", "permits"})
    ->ArgsProduct({{1'000, 10'000, 100'000, 1'000'000, 10'000'000}, {0, 10}, {1, 8}})
    ->Unit(benchmark::kMillisecond);

using checkers::CheckOptions;

std::vector<std::filesystem::path> files_of(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

support::Expected<checkers::CheckedHistory> read(const std::filesystem::path& file,
                                                 const CheckOptions& options) {
  return checkers::read_history(checkers::FileSource::open(file.string()).value(), options);
}

/// Reads and judges the files, all of them in each round.
void stored(benchmark::State& state, const std::vector<std::filesystem::path>& files,
            const CheckOptions& options) {
  for (auto _ : state) {
    for (const std::filesystem::path& file : files) {
      auto history = read(file, options);
      if (!history) continue;
      checkers::judge_history(*history, options);
      benchmark::DoNotOptimize(history->judgement.verdict);
    }
  }
  state.counters["files"] = static_cast<double>(files.size());
}

/// Judges one file, the reading left out. The counters tell the fastest of all rounds: of the
/// judging, and with the file opened and read.
void judged(benchmark::State& state, const std::filesystem::path& file,
            const CheckOptions& options) {
  using Clock = std::chrono::steady_clock;
  using Microseconds = std::chrono::duration<double, std::micro>;
  Microseconds fastest = Microseconds::max();
  Microseconds fastest_whole = Microseconds::max();
  for (auto _ : state) {
    const auto opened = Clock::now();
    auto history = read(file, options);
    if (!history) return state.SkipWithError("unreadable");
    const auto begin = Clock::now();
    checkers::judge_history(*history, options);
    const auto end = Clock::now();
    fastest = std::min(fastest, Microseconds(end - begin));
    fastest_whole = std::min(fastest_whole, Microseconds(end - opened));
    state.SetIterationTime(std::chrono::duration<double>(end - begin).count());
  }
  state.counters["check_us"] = fastest.count();
  state.counters["whole_us"] = fastest_whole.count();
}

void add_definite_holds() {
  for (const OwnedLock& lock :
       {OwnedLock{"owner", {}}, OwnedLock{"fenced", {.fenced = true}},
        OwnedLock{"reentrant", {.reentrancy = 2}}, OwnedLock{"strict_try", {.strict_try = true}},
        OwnedLock{"semaphore_owned", {}, 8}}) {
    const std::string name = std::string("definite_holds/") + lock.name;
    benchmark::RegisterBenchmark(name.c_str(), definite_holds, lock)
        ->ArgNames({"calls", "lost_in", "as_answered"})
        ->ArgsProduct({{1'000, 10'000, 100'000, 1'000'000, 10'000'000}, {0, 10}, {0, 1}})
        ->Unit(benchmark::kMillisecond);
  }
}

void add_stored(const std::filesystem::path& folder, const char* specification) {
  CheckOptions options;
  options.specification = checkers::find_specification(specification).value();
  const std::vector<std::filesystem::path> files = files_of(folder);
  const std::string name = folder.filename().string();
  benchmark::RegisterBenchmark(name.c_str(), stored, files, options)->Unit(benchmark::kMicrosecond);
  for (const std::filesystem::path& file : files) {
    const std::string file_name = name + "/" + file.filename().string();
    benchmark::RegisterBenchmark(file_name.c_str(), judged, file, options)
        ->Unit(benchmark::kMicrosecond)
        ->UseManualTime();
  }
}

}  // namespace
}  // namespace leasehold::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  leasehold::bench::add_definite_holds();
  if (argc > 1) {
    leasehold::bench::add_stored(std::string(argv[1]) + "/porcupine_etcd_log", "cas-register");
    leasehold::bench::add_stored(std::string(argv[1]) + "/porcupine_kv", "kv");
  }
  benchmark::RunSpecifiedBenchmarks();
}
