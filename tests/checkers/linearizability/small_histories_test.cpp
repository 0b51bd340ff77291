#include <catch2/catch.hpp>

#include <array>
#include <cstdint>

#include "tests/checkers/linearizability/every_order.hpp"
#include "tests/checkers/linearizability/lock_histories.hpp"

namespace leasehold::checkers {
namespace {

using namespace testing;
using Kind = LockOperation::Kind;

/// Every history of so many operations of three clients that acquire and release a lock, answered
/// or not: each once, whatever the clients are called. Invocations without a response in between
/// may stand in any order, so they stand in that of the clients; the same for responses.
template <class Judge>
class SmallHistories {
 public:
  SmallHistories(std::size_t operations, bool go_on, Judge judge)
      : operations_(operations), go_on_(go_on), judge_(judge) {}

  std::uint64_t run() {
    extend(0, false, 0);
    return count_;
  }

 private:
  static constexpr std::size_t kClients = 3;
  static constexpr std::size_t kIdle = static_cast<std::size_t>(-1);

  /// The last event was a response or an invocation, of a client below `next` or that one.
  void extend(Position now, bool responses, std::size_t next) {
    bool open = false;
    for (const std::size_t call : open_) open = open || call != kIdle;
    if (history_.size() == operations_ && !open) {
      ++count_;
      judge_(history_);
      return;
    }
    for (std::size_t client = 0; client < kClients; ++client) {
      if (open_[client] != kIdle && (!responses || client >= next)) respond(now, client);
      const bool in_order = responses || client >= next;
      if (open_[client] == kIdle && in_order && !gone_[client]) invoke(now, client);
      if (!used_[client]) break;  // those that did nothing yet are all alike
    }
  }

  void respond(Position now, std::size_t client) {
    const std::size_t call = std::exchange(open_[client], kIdle);
    history_[call].responded = now + 1;
    extend(now + 1, true, client + 1);
    history_[call].responded = kNever;
    open_[client] = call;
  }

  void invoke(Position now, std::size_t client) {
    if (history_.size() == operations_) return;
    const bool used = std::exchange(used_[client], true);
    for (const Kind kind : {Kind::acquire, Kind::release}) {
      history_.push_back({{kind, false, client + 1, 0}, now + 1, kNever});
      open_[client] = history_.size() - 1;
      extend(now + 1, false, client + 1);
      open_[client] = kIdle;  // or its answer is lost
      gone_[client] = !go_on_;
      extend(now + 1, false, client + 1);
      gone_[client] = false;
      history_.pop_back();
    }
    used_[client] = used;
  }

  std::size_t operations_;
  bool go_on_;
  Judge judge_;
  LockHistory history_;
  std::array<std::size_t, kClients> open_{kIdle, kIdle, kIdle};
  std::array<bool, kClients> gone_{};
  std::array<bool, kClients> used_{};
  std::uint64_t count_ = 0;
};

/// How often the fast procedure or the search is wrong or has no verdict.
struct Errors {
  std::uint64_t wrong = 0;
  std::uint64_t unknown = 0;
  std::uint64_t histories = 0;
  std::uint64_t legal = 0;
};

Errors judge_all(const NamedSpecification& specification, std::size_t operations, bool go_on) {
  Errors errors;
  const auto judge = [&](const LockHistory& all) {
    const LockHistory history = read_as(specification, all);
    const Verdict expected = with_specification(
        specification, [&](const auto& value) { return Exhaustive(value, history).judge(); });
    if (expected == Verdict::holds) ++errors.legal;
    const Verdict fast = judge_fast(specification, history);
    if (fast == Verdict::unknown) ++errors.unknown;
    if (fast != Verdict::unknown && fast != expected) ++errors.wrong;
    if (search(specification, history).verdict != expected) ++errors.wrong;
  };
  errors.histories = SmallHistories(operations, go_on, judge).run();
  return errors;
}

void judge_up_to(std::size_t most) {
  for (const char* name :
       {"mutex", "semaphore-2", "owner-mutex", "reentrant-mutex-2", "semaphore-2-owned"}) {
    const NamedSpecification& specification = specification_named(name);
    for (std::size_t operations = 1; operations <= most; ++operations) {
      for (const bool go_on : {false, true}) {
        CAPTURE(name, operations, go_on);
        const Errors errors = judge_all(specification, operations, go_on);
        CHECK(errors.wrong == 0);
        // Where owners go on after a lost answer, the fast procedure may leave it to the search.
        if (!go_on || !specification.owned) CHECK(errors.unknown == 0);
        CHECK(errors.legal > 0);
        CHECK(errors.legal < errors.histories);
      }
    }
  }
}

TEST_CASE("every lock history of up to four operations of three clients is judged rightly") {
  judge_up_to(4);
}

TEST_CASE("every lock history of up to six operations of three clients is judged rightly",
          "[slow]") {
  judge_up_to(6);
}

}  // namespace
}  // namespace leasehold::checkers
