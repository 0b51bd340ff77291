// What g++ 12 and clang 19 make of the shapes in which leasehold awaits. tests/checks/awaits.py
// keeps every source to these, because of what g++ 12.2 does to others, without a warning and at
// any optimisation:
//
//   if (co_await f()) { … }              as in while and switch: when the body declares nothing, it
//                                        never runs, and the coroutine never finishes or traps
//   co_await f(Options{})                an aggregate with a destructor, in braces in the awaited
//                                        expression or being what is awaited: destroyed twice
//   condition ? T{} : T{co_await f()}    T with a destructor: destroyed twice
//   std::vector<int>{co_await f(), …}    does not compile
//
// clang 19 compiles them correctly. They are listed only: none has a defined outcome to test.

#include <catch2/catch.hpp>
#include <coroutine>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

namespace {

/// A lazy task of the standard library alone, so that what fails here is the compiler.
template <class T>
class Task {
 public:
  struct promise_type {
    struct Done {
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<>) const noexcept {}
      void await_resume() const noexcept {}
    };
    Task get_return_object() {
      return Task(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    Done final_suspend() noexcept { return {}; }
    void return_value(T result) { value.emplace(std::move(result)); }
    void unhandled_exception() { std::abort(); }
    std::optional<T> value;
  };

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (handle_) handle_.destroy();
  }

  struct Awaiter {
    bool await_ready() const noexcept { return false; }
    /// False resumes the awaiter on the spot: without symmetric transfer, which g++ does not make
    /// at -O0 or under sanitizers, the stack stays flat all the same.
    bool await_suspend(std::coroutine_handle<>) {
      task.resume();
      return !task.done();
    }
    T await_resume() { return std::move(task.promise().value).value(); }
    std::coroutine_handle<promise_type> task;
  };
  Awaiter operator co_await() && noexcept { return Awaiter{handle_}; }

  /// Runs the task; empty if it did not finish.
  std::optional<T> run() && {
    handle_.resume();
    return handle_.done() ? std::move(handle_.promise().value) : std::nullopt;
  }

 private:
  explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  std::coroutine_handle<promise_type> handle_;
};

/// Counts what is made and destroyed. Holds memory, so that a second destruction is also found by
/// the allocator and by ASan.
struct Ledger {
  int made = 0;
  int gone = 0;
};

class Counted {
 public:
  explicit Counted(Ledger& ledger) : ledger_(&ledger) { ++ledger_->made; }
  Counted(const Counted& other) : ledger_(other.ledger_), text_(other.text_) { ++ledger_->made; }
  Counted(Counted&& other) noexcept : ledger_(other.ledger_), text_(std::move(other.text_)) {
    ++ledger_->made;
  }
  Counted& operator=(const Counted&) = default;
  Counted& operator=(Counted&&) = default;
  ~Counted() { ++ledger_->gone; }

  std::size_t size() const { return text_.size(); }

 private:
  Ledger* ledger_;
  std::string text_ = std::string(40, 'x');
};

struct Options {
  int retries = 0;
  Counted name;
};

Task<int> number(int value) { co_return value; }
Task<Counted> counted(Ledger& ledger) { co_return Counted(ledger); }
Task<std::size_t> size_of(Counted value) { co_return value.size(); }
Task<std::size_t> size_of_name(Options options) { co_return options.name.size(); }

/// The value is right, and what was made for it was destroyed once.
template <class T, class Coroutine>
void require(T expected, Coroutine coroutine) {
  Ledger ledger;
  CHECK(coroutine(ledger).run() == expected);
  CHECK(ledger.made > 0);
  CHECK(ledger.made == ledger.gone);
}

Task<std::size_t> initialises(Ledger& ledger) {
  const Counted value = co_await counted(ledger);
  co_return value.size();
}

Task<std::size_t> assigns_in_a_loop(Ledger& ledger) {
  Counted value = co_await counted(ledger);
  std::size_t sum = value.size();
  for (int i = 0; i < 3; ++i) {
    value = co_await counted(ledger);
    sum += value.size();
  }
  co_return sum;
}

Task<int> stands_alone(Ledger& ledger) {
  co_await counted(ledger);
  for (int i = 0; i < 3; ++i) co_await counted(ledger);
  co_return 1;
}

Task<std::size_t> returns_directly(Ledger& ledger) {
  Counted value(ledger);
  co_return co_await size_of(std::move(value));
}

Task<std::size_t> passes_a_temporary_with_a_constructor(Ledger& ledger) {
  const std::size_t size = co_await size_of(Counted(ledger));
  co_return size;
}

Task<std::size_t> passes_a_named_aggregate(Ledger& ledger) {
  Options options{.retries = 1, .name = Counted(ledger)};
  const std::size_t size = co_await size_of_name(std::move(options));
  co_return size;
}

Task<std::size_t> passes_the_result_of_an_earlier_await(Ledger& ledger) {
  Counted value = co_await counted(ledger);
  const std::size_t size = co_await size_of(std::move(value));
  co_return size;
}

Task<int> awaits_often(int times) {
  int sum = 0;
  for (int i = 0; i < times; ++i) {
    const int one = co_await number(1);
    sum += one;
  }
  co_return sum;
}

}  // namespace

TEST_CASE("a name initialised from an await is made and destroyed once") {
  require(std::size_t{40}, initialises);
}

TEST_CASE("a name assigned from awaits keeps the last value") {
  require(std::size_t{160}, assigns_in_a_loop);
}

TEST_CASE("what a lone await returns is destroyed") { require(1, stands_alone); }

TEST_CASE("co_return co_await passes the value on") { require(std::size_t{40}, returns_directly); }

TEST_CASE("arguments of an await are destroyed once") {
  require(std::size_t{40}, passes_a_temporary_with_a_constructor);
  require(std::size_t{40}, passes_a_named_aggregate);
  require(std::size_t{40}, passes_the_result_of_an_earlier_await);
}

TEST_CASE("a million awaits that complete at once need no more stack than one") {
  CHECK(awaits_often(1'000'000).run() == 1'000'000);
}
