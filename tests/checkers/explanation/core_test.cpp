#include "checkers/explanation/core.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <vector>

#include "checkers/explanation/explain.hpp"
#include "checkers/specifications/register.hpp"

namespace leasehold::checkers {
namespace {

using Operation = Register::Operation;
using RegisterHistory = History<Operation>;
using Kind = Operation::Kind;

Operation read(std::int64_t value) { return {Kind::read, Value::of(value), {}}; }
Operation write(std::int64_t value) { return {Kind::write, Value::of(value), {}}; }

IllegalCore explained(const RegisterHistory& history) {
  const Register specification;
  const SearchResult found = LinearizationSearch(specification, history).run();
  REQUIRE(found.verdict == Verdict::violated);
  return explain_illegal(specification, history, *found.blocked, {});
}

TEST_CASE("a core names the calls that contradict one another and no others") {
  // 7 was written once, and yet is read before and after 3.
  const RegisterHistory history = {
      {write(7), 1, 2}, {write(3), 3, 6}, {read(7), 4, 5},
      {read(3), 7, 8},  {read(7), 9, 10}, {write(4), 11, 12},
  };
  const IllegalCore core = explained(history);
  CHECK(core.smallest);
  CHECK(core.blocked == 4);
  CHECK(core.calls == std::vector<std::size_t>{2, 3, 4});
  CHECK(core.prefix == std::vector<std::size_t>{0, 2, 1, 3});
  // The second read of 7 would have to come before that of 3, which was over when it began.
  CHECK(core.overtaken == std::size_t{3});
}

TEST_CASE("a value that nobody wrote is a core of its own") {
  const RegisterHistory history = {{write(1), 1, 2}, {read(9), 3, 4}, {read(1), 5, 6}};
  const IllegalCore core = explained(history);
  CHECK(core.calls == std::vector<std::size_t>{1});
  CHECK(core.blocked == 1);
  CHECK_FALSE(core.overtaken);
}

/// Three clients at a register of three values, which is told to answer wrongly now and then.
RegisterHistory random_history(bool faulty) {
  RegisterHistory history;
  std::vector<std::size_t> open(3, static_cast<std::size_t>(-1));
  std::int64_t value = 0;
  Position now = 0;
  const int steps = *rc::gen::inRange(4, 40);
  for (int step = 0; step < steps; ++step) {
    const auto client = *rc::gen::inRange<std::size_t>(0, open.size());
    now += 1;
    if (open[client] >= history.size()) {
      const bool writes = *rc::gen::inRange(0, 2) == 0;
      const std::int64_t next = *rc::gen::inRange(1, 4);
      open[client] = history.size();
      history.push_back({writes ? write(next) : read(0), now, kNever});
      continue;
    }
    auto& call = history[open[client]];
    open[client] = static_cast<std::size_t>(-1);
    if (*rc::gen::inRange(0, 10) == 0) continue;  // the answer is lost
    call.responded = now;
    if (call.operation.kind == Kind::write) {
      value = call.operation.value.integer;
    } else {
      const bool wrong = faulty && *rc::gen::inRange(0, 4) == 0;
      const std::int64_t found = wrong ? *rc::gen::inRange(1, 4) : value;
      call.operation.value = found == 0 ? Value{} : Value::of(found);
    }
  }
  return history;
}

TEST_CASE("a core is illegal whatever the others did, and none of it can be spared") {
  const Register specification;
  int explained_histories = 0;
  for (int round = 0; round < 40; ++round) {
    CHECK(rc::check([&] {
      const RegisterHistory history = random_history(true);
      const SearchResult found = LinearizationSearch(specification, history).run();
      if (found.verdict != Verdict::violated) return;
      ++explained_histories;
      const IllegalCore core = explain_illegal(specification, history, *found.blocked, {});
      RC_ASSERT(core.smallest);
      const auto relaxed = [&](std::size_t spared) {
        RegisterHistory rest = history;
        for (std::size_t i = 0; i < rest.size(); ++i) {
          const bool kept = std::find(core.calls.begin(), core.calls.end(), i) != core.calls.end();
          if (!kept || i == spared) rest[i].responded = kNever;
        }
        return LinearizationSearch(specification, rest).run().verdict;
      };
      RC_ASSERT(relaxed(history.size()) == Verdict::violated);
      for (const std::size_t call : core.calls) RC_ASSERT(relaxed(call) == Verdict::holds);
      // The prefix is a legal order of what responded before the blocked call.
      RegisterHistory before = history;
      for (auto& call : before) {
        if (call.responded >= history[core.blocked].responded) call.responded = kNever;
      }
      RC_ASSERT(is_linearization(specification, before, core.prefix));
    }));
    if (explained_histories > 200) break;
  }
  CHECK(explained_histories > 200);
}

}  // namespace
}  // namespace leasehold::checkers
