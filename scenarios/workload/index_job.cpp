#include "scenarios/workload/workloads.hpp"

// The index knows which generation its last write was for and whether that finished it. Without a
// token every builder writes into the one index that there is. With one, a builder writes a
// generation of its own, named after its token, which the last write puts in the place of the
// index.
namespace leasehold::scenarios {
namespace {

using checkers::AttemptId;
using checkers::Token;
using sim::Duration;
using sim::MonoTime;
using sim::Task;

constexpr std::uint64_t kFinished = 1;
constexpr unsigned kTokenBits = 31;

constexpr std::uint64_t building(std::uint64_t generation, Token token) {
  constexpr std::uint64_t kMask = (std::uint64_t{1} << kTokenBits) - 1;
  return generation << (kTokenBits + 1) | (token & kMask) << 1;
}
constexpr std::uint64_t finished(std::uint64_t generation) {
  return building(generation, 0) | kFinished;
}

/// Whether what the last write was for says that the generation is there, or a later one.
constexpr bool is_there(std::uint64_t generation, std::uint64_t last_job) {
  const std::uint64_t last = last_job >> (kTokenBits + 1);
  return last > generation || (last == generation && (last_job & kFinished) != 0);
}

}  // namespace

// when a generation falls due: acquire, see whether somebody has built it, build it, release
Task<void> IndexJobWorker::run() {
  const Duration every = index_job_.every.resolve(context_.scenario->yardsticks());
  while (const auto round = next_round()) {
    const Duration late = Duration::nanoseconds(round->think_ns);
    const std::int64_t due = self_.mono_now().since_zero() / every + 1;
    co_await self_.sleep_until(MonoTime::at(every * due) + late);
    const AttemptId attempt = next_attempt();
    const bool held = co_await acquire(attempt);
    if (!held) continue;
    enter(attempt);
    co_await rebuild(static_cast<std::uint64_t>(due), Duration::nanoseconds(round->work_ns));
    leave(attempt);
    co_await release(attempt);
  }
}

Task<void> IndexJobWorker::rebuild(std::uint64_t generation, Duration work) {
  job_ = building(generation, lock_->token());
  bool mine = co_await read();
  if (is_there(generation, last_job_)) co_return;
  for (std::uint32_t i = 1; mine && i <= index_job_.updates; ++i) {
    co_await self_.compute(work / index_job_.updates);
    if (i == index_job_.updates) job_ = finished(generation);
    mine = co_await write();
  }
}

}  // namespace leasehold::scenarios
