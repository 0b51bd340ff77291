#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "checkers/linearizability/search.hpp"
#include "checkers/specifications/key_value_map.hpp"
#include "checkers/specifications/multi_register.hpp"
#include "checkers/specifications/register.hpp"
#include "checkers/specifications/set.hpp"
#include "tests/checkers/linearizability/check_often.hpp"
#include "tests/checkers/linearizability/every_order.hpp"

namespace leasehold::checkers {
namespace {

using testing::check_often;
using testing::Exhaustive;

Value small(int bound) { return Value::of(std::int64_t{*rc::gen::inRange(0, bound)}); }

Register::Operation any(const Register&) {
  using Kind = Register::Operation::Kind;
  const Kind kind = *rc::gen::element(Kind::read, Kind::write, Kind::cas, Kind::failed_cas);
  return {kind, small(3), small(3)};
}

KeyValueMap::Operation any(const KeyValueMap&) {
  using Kind = KeyValueMap::Operation::Kind;
  const Kind kind = *rc::gen::element(Kind::get, Kind::put, Kind::append, Kind::append);
  const std::string letters = "ab";
  std::string text;
  const int length = kind == Kind::get ? *rc::gen::inRange(0, 4) : 1;
  for (int i = 0; i < length; ++i) text += letters[*rc::gen::inRange<std::size_t>(0, 2)];
  return {kind, small(2), Value::string(text)};
}

Set::Operation any(const Set&) {
  using Kind = Set::Operation::Kind;
  const Kind kind = *rc::gen::element(Kind::add, Kind::remove, Kind::contains);
  std::optional<bool> found;
  if (kind == Kind::contains || *rc::gen::inRange(0, 3) == 0) found = *rc::gen::arbitrary<bool>();
  return {kind, small(2), found};
}

MultiRegister::Operation any(const MultiRegister&) {
  MultiRegister::Operation operation;
  const int accesses = *rc::gen::inRange(1, 3);
  for (int i = 0; i < accesses; ++i) {
    const bool writes = *rc::gen::arbitrary<bool>();
    operation.push_back({writes, small(2), writes ? small(2) : Value{}});
  }
  return operation;
}

/// What four clients ask in turn, some of it never answered.
template <Specification S>
History<typename S::Operation> any_history(const S& specification, std::size_t calls) {
  History<typename S::Operation> history;
  std::vector<std::size_t> open(4, calls);
  Position now = 0;
  const auto steps = *rc::gen::inRange<std::size_t>(2, 3 * calls);
  for (std::size_t step = 0; step < steps; ++step) {
    const auto client = *rc::gen::inRange<std::size_t>(0, open.size());
    ++now;
    if (open[client] < calls) {
      const bool lost = *rc::gen::inRange(0, 6) == 0;
      if (!lost) history[open[client]].responded = now;
      open[client] = calls;
    } else if (history.size() < calls) {
      open[client] = history.size();
      history.push_back({any(specification), now, kNever});
    }
  }
  return history;
}

template <Specification S>
void agrees_with_every_order(const S& specification) {
  int legal = 0;
  int illegal = 0;
  REQUIRE(check_often([&] {
    const auto history = any_history(specification, 8);
    const Verdict expected = Exhaustive(specification, history).judge();
    ++(expected == Verdict::holds ? legal : illegal);
    for (const std::size_t easy : {std::size_t{0}, std::size_t{64}}) {
      SearchBudget budget;
      budget.easy = easy;
      budget.threads = 2;
      const SearchResult found = LinearizationSearch(specification, history, budget).run();
      RC_ASSERT(found.verdict == expected);
      if (expected == Verdict::holds) {
        RC_ASSERT(is_linearization(specification, history, found.order));
        continue;
      }
      // By the answer to the call that it names, the history is illegal.
      auto prefix = history;
      for (auto& call : prefix) {
        if (call.responded > history[*found.blocked].responded) call.responded = kNever;
      }
      RC_ASSERT(Exhaustive(specification, prefix).judge() == Verdict::violated);
    }
  }));
  CHECK(legal > 100);
  CHECK(illegal > 100);
}

TEST_CASE("the search agrees with trying every order for a CAS register") {
  agrees_with_every_order(Register());
}

TEST_CASE("the search agrees with trying every order for a map, key by key and as a whole") {
  agrees_with_every_order(KeyValueMap());
}

TEST_CASE("the search agrees with trying every order for a set") { agrees_with_every_order(Set()); }

TEST_CASE("the search agrees with trying every order for several registers at once") {
  agrees_with_every_order(MultiRegister());
}

TEST_CASE("a search is given up when it is told to") {
  std::atomic<bool> stop = true;
  SearchBudget budget;
  budget.stop = &stop;
  History<Register::Operation> history;
  history.push_back({{Register::Operation::Kind::write, Value::of(std::int64_t{1}), {}}, 1, 2});
  const Register specification;
  CHECK(LinearizationSearch(specification, history, budget).run().verdict == Verdict::unknown);
}

}  // namespace
}  // namespace leasehold::checkers
