#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checkers/specifications/key_value_map.hpp"
#include "checkers/specifications/multi_register.hpp"
#include "checkers/specifications/register.hpp"
#include "checkers/specifications/set.hpp"
#include "checkers/specifications/verify.hpp"
#include "tests/checkers/linearizability/check_often.hpp"
#include "tests/checkers/linearizability/every_order.hpp"
#include "tests/checkers/linearizability/lock_histories.hpp"

/// Histories that a right object has answered, and the same with a little wrong: what is nearly
/// legal is where a checker errs.
namespace leasehold::checkers {
namespace {

using namespace testing;

Value small(int bound) { return Value::of(std::int64_t{*rc::gen::inRange(0, bound)}); }

/// How a kind of object is used: `ask` invents a request of a client, `answer` completes it from
/// the state in which it takes effect, `bend` spoils it.
template <Specification S>
struct Use;

template <>
struct Use<Register> {
  using Kind = Register::Operation::Kind;
  Register::Operation ask(OwnerId) {
    return {*rc::gen::element(Kind::read, Kind::write, Kind::cas), small(3), small(3)};
  }
  void answer(Register::Operation& asked, const Register::State& state) {
    if (asked.kind == Kind::read) asked.value = state;
    if (asked.kind == Kind::cas && asked.expected != state) asked.kind = Kind::failed_cas;
  }
  void bend(Register::Operation& operation) { operation.value = small(3); }
};

template <>
struct Use<KeyValueMap> {
  using Kind = KeyValueMap::Operation::Kind;
  KeyValueMap::Operation ask(OwnerId) {
    const std::string text = *rc::gen::element<std::string>("a", "b");
    return {*rc::gen::element(Kind::get, Kind::put, Kind::append), small(2), Value::string(text)};
  }
  void answer(KeyValueMap::Operation& asked, const KeyValues& state) {
    if (asked.kind == Kind::get) asked.value = state.get(asked.key, Value::string(""));
  }
  void bend(KeyValueMap::Operation& operation) {
    operation.value = Value::string(*rc::gen::element<std::string>("", "a", "ab", "ba"));
  }
};

template <>
struct Use<Set> {
  using Kind = Set::Operation::Kind;
  Set::Operation ask(OwnerId) {
    return {*rc::gen::element(Kind::add, Kind::remove, Kind::contains), small(2), std::nullopt};
  }
  void answer(Set::Operation& asked, const Set::State& state) {
    asked.found = false;
    if (!Set().step(state, asked)) asked.found = true;
  }
  void bend(Set::Operation& operation) { operation.found = !operation.found.value_or(false); }
};

template <>
struct Use<MultiRegister> {
  MultiRegister::Operation ask(OwnerId) {
    MultiRegister::Operation operation;
    for (std::int64_t key = *rc::gen::inRange(0, 2); key < 2; ++key) {
      operation.push_back({*rc::gen::arbitrary<bool>(), Value::of(key), small(2)});
    }
    return operation;
  }
  void answer(MultiRegister::Operation& asked, const MultiRegister::State& state) {
    for (auto& access : asked) {
      if (!access.writes) access.value = state.get(access.key, {});
    }
  }
  void bend(MultiRegister::Operation& operation) { operation.front().value = small(2); }
};

template <Specification S>
  requires std::same_as<typename S::Operation, LockOperation>
struct Use<S> {
  std::vector<int> depth = std::vector<int>(8, 0);
  Token token = 0;
  LockOperation ask(OwnerId client) {
    const bool acquires = depth[client] == 0 || *rc::gen::inRange(0, 5) == 0;
    depth[client] += acquires ? 1 : -1;
    const auto kind = acquires ? LockOperation::Kind::acquire : LockOperation::Kind::release;
    return {kind, false, client, 0};
  }
  void answer(LockOperation& asked, const typename S::State&) {
    if (asked.kind == LockOperation::Kind::acquire) asked.token = token + 1;
  }
  void bend(LockOperation& operation) {
    const int choice = *rc::gen::inRange(0, 3);
    if (choice == 0) operation.owner = *rc::gen::inRange<OwnerId>(1, 4);
    if (choice == 1) operation.token = *rc::gen::inRange<Token>(0, 4);
    if (choice == 2) {
      const bool acquires = operation.kind == LockOperation::Kind::acquire;
      operation.kind = acquires ? LockOperation::Kind::release : LockOperation::Kind::acquire;
    }
  }
};

/// What three clients were told by an object that does as it should: each call takes effect at some
/// time between its invocation and its answer.
template <Specification S>
History<typename S::Operation> legal_history(const S& specification, std::size_t calls) {
  enum class Phase { idle, asked, done, gone };
  struct Client {
    Phase phase = Phase::idle;
    std::size_t call = 0;
  };
  Use<S> use;
  History<typename S::Operation> history;
  std::vector<Client> clients(3);
  typename S::State state = specification.initial();
  Position now = 0;
  const auto steps = *rc::gen::inRange<std::size_t>(4, 5 * calls);
  for (std::size_t step = 0; step < steps; ++step) {
    const auto id = *rc::gen::inRange<std::size_t>(0, clients.size());
    Client& client = clients[id];
    now += 2;
    const bool lost = client.phase != Phase::idle && *rc::gen::inRange(0, 20) == 0;
    if (lost) {
      client.phase = Phase::gone;
    } else if (client.phase == Phase::idle && history.size() < calls) {
      client = {Phase::asked, history.size()};
      history.push_back({use.ask(static_cast<OwnerId>(id + 1)), now, kNever});
    } else if (client.phase == Phase::asked) {
      auto operation = history[client.call].operation;
      use.answer(operation, state);
      const auto next = specification.step(state, operation);
      if (!next) continue;
      state = *next;
      history[client.call].operation = operation;
      if constexpr (requires { use.token; }) use.token = std::max(use.token, operation.token);
      client.phase = Phase::done;
    } else if (client.phase == Phase::done) {
      history[client.call].responded = now;
      client.phase = Phase::idle;
    }
  }
  return history;
}

template <Specification S>
void mutate(History<typename S::Operation>& history) {
  if (history.empty()) return;
  auto& call = history[*rc::gen::inRange<std::size_t>(0, history.size())];
  switch (*rc::gen::inRange(0, 5)) {
    case 0:  // it was answered sooner
      if (!call.indeterminate()) call.responded = call.invoked + 1;
      break;
    case 1:  // asked later
      if (!call.indeterminate()) call.invoked = call.responded - 1;
      break;
    case 2:  // not at all
      history.erase(history.begin() + (&call - history.data()));
      break;
    default:
      Use<S>().bend(call.operation);
  }
}

struct Tally {
  int holds = 0;
  int violated = 0;
};

/// `fast` judges by another procedure than the search, if there is one.
template <Specification S, class Fast>
void judges_mutants(const S& specification, const Fast& fast) {
  Tally tally;
  REQUIRE(check_often([&] {
    auto history = legal_history(specification, 8);
    RC_ASSERT(Exhaustive(specification, history).judge() == Verdict::holds);
    for (int left = *rc::gen::inRange(1, 4); left > 0; --left) mutate<S>(history);
    const Verdict expected = Exhaustive(specification, history).judge();
    ++(expected == Verdict::holds ? tally.holds : tally.violated);
    RC_ASSERT(LinearizationSearch(specification, history).run().verdict == expected);
    RC_ASSERT(is_illegal(specification, history) == (expected == Verdict::violated));
    std::vector<std::size_t> answered;
    for (std::size_t i = 0; i < history.size(); ++i) {
      if (!history[i].indeterminate()) answered.push_back(i);
    }
    const auto unexplained = is_illegal(specification, with_answers_to(history, answered));
    RC_ASSERT(unexplained == (expected == Verdict::violated));
    const auto some = *rc::gen::inRange<std::size_t>(0, answered.size() + 1);
    answered.resize(some);
    RC_ASSERT(expected == Verdict::violated ||
              is_illegal(specification, with_answers_to(history, answered)) == false);
    const Verdict faster = fast(history);
    RC_ASSERT(faster == expected || faster == Verdict::unknown);
  }));
  CHECK(tally.holds > kRounds / 8);
  CHECK(tally.violated > kRounds / 100);
}

template <Specification S>
void judges_mutants(const S& specification) {
  judges_mutants(specification, [](const auto&) { return Verdict::unknown; });
}

TEST_CASE("a legal history with a little wrong is judged as trying every order judges it") {
  SECTION("register") { judges_mutants(Register()); }
  SECTION("kv") { judges_mutants(KeyValueMap()); }
  SECTION("set") { judges_mutants(Set()); }
  SECTION("multi-register") { judges_mutants(MultiRegister()); }
  SECTION("locks") {
    for (const NamedSpecification& lock : specifications()) {
      CAPTURE(std::string(lock.name));
      with_specification(lock, [&lock](const auto& specification) {
        judges_mutants(specification, [&lock](const LockHistory& history) {
          return judge_fast(lock, read_as(lock, history));
        });
      });
    }
  }
}

}  // namespace
}  // namespace leasehold::checkers
