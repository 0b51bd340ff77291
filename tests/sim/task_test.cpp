#include "sim/process/task.hpp"

#include <catch2/catch.hpp>
#include <optional>
#include <string>

#include "tests/sim/world.hpp"

using namespace leasehold::sim;
using namespace leasehold::sim::test;

namespace {

Task<int> immediate(int value) { co_return value; }

Task<std::string> after(Process& self, Duration span, std::string value) {
  co_await self.sleep(span);
  co_return value;
}

Task<std::string> twice(Process& self, Duration span) {
  const std::string first = co_await after(self, span, "a");
  const std::string second = co_await after(self, span, "b");
  co_return first + second;
}

Task<int> depth(int left) {
  if (left == 0) co_return 0;
  const int below = co_await depth(left - 1);
  co_return below + 1;
}

/// Sleeps first, so that every level completes through the trampoline.
Task<int> late_depth(Process& self, int left) {
  if (left == 0) {
    co_await self.sleep(1_ms);
    co_return 0;
  }
  const int below = co_await late_depth(self, left - 1);
  co_return below + 1;
}

struct MoveOnly {
  explicit MoveOnly(int v) : value(v) {}
  MoveOnly(MoveOnly&&) = default;
  MoveOnly& operator=(MoveOnly&&) = default;
  int value;
};

Task<MoveOnly> make_move_only(int value) { co_return MoveOnly(value); }

}  // namespace

TEST_CASE("10^6 awaits that complete at once do not grow the stack, at any optimisation") {
  World world;
  world.add_hosts(1);
  std::int64_t sum = 0;
  world.process(0, [&](Process&) -> Task<void> {
    for (int i = 0; i < 1'000'000; ++i) {
      const int value = co_await immediate(1);
      sum += value;
    }
  });
  world.run_until(1_s);
  CHECK(sum == 1'000'000);
}

TEST_CASE("10^6 messages that are there already do not grow the stack") {
  World world;
  world.add_hosts(1);
  std::int64_t received = 0;
  world.process(0, [&](Process& self) -> Task<void> {
    for (int i = 0; i < 1'000'000; ++i) {
      self.send(self.id(), text(1));
      if (i % 1000 != 999) continue;
      co_await self.sleep(1_s);
      while (!self.inbox().empty()) {
        const Incoming incoming = co_await self.inbox().receive();
        received += static_cast<std::int64_t>(value_of(incoming));
      }
    }
  });
  world.run_until(2000_s);
  CHECK(received == 1'000'000);
}

TEST_CASE("a task's value reaches its awaiter, at once or later") {
  World world;
  world.add_hosts(1);
  std::string result;
  int moved = 0;
  world.process(0, [&](Process& self) -> Task<void> {
    const MoveOnly value = co_await make_move_only(7);
    moved = value.value;
    result = co_await twice(self, 1_ms);
  });
  world.run_until(1_ms);
  CHECK(moved == 7);
  CHECK(result.empty());
  world.run_until(2_ms);
  CHECK(result == "ab");
}

TEST_CASE("deep chains of awaits complete in either way") {
  World world;
  world.add_hosts(1);
  int at_once = 0;
  int late = 0;
  world.process(0, [&](Process& self) -> Task<void> {
    at_once = co_await depth(1000);
    late = co_await late_depth(self, 1000);
  });
  world.run_until(1_s);
  CHECK(at_once == 1000);
  CHECK(late == 1000);
}

TEST_CASE("a task that is never awaited never runs and leaks nothing") {
  bool ran = false;
  {
    const auto body = [](bool& flag) -> Task<void> {
      flag = true;
      co_return;
    };
    const Task<void> task = body(ran);
  }
  CHECK(!ran);
}

// What g++ 12 compiles wrongly is not used here; what is used must be compiled rightly.
TEST_CASE("the shapes of co_await that leasehold uses work on this compiler") {
  World world;
  world.add_hosts(1);
  int sum = 0;
  std::size_t letters = 0;
  world.process(0, [&](Process& self) -> Task<void> {
    const int named = co_await immediate(1);
    sum += named;
    if (const int in_condition = co_await immediate(2); in_condition > 1) sum += in_condition;
    const std::string argument = "argument";
    const std::string by_copy = co_await after(self, 1_ms, argument);
    letters += by_copy.size();
    std::string moved = "moved along";
    const std::string by_move = co_await after(self, 1_ms, std::move(moved));
    letters += by_move.size();
    for (int i = 0; i < 3; ++i) {
      co_await self.sleep(1_ms);
      const std::optional<Incoming> nothing =
          co_await self.inbox().receive_until(self.mono_now() + 1_ms);
      if (!nothing) ++sum;
    }
  });
  world.run_until(1_s);
  CHECK(sum == 6);
  CHECK(letters == 19);
}
