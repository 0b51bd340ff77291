#include <catch2/catch.hpp>

#include <array>
#include <cstdint>

#include "tests/checkers/linearizability/every_order.hpp"
#include "tests/checkers/linearizability/lock_histories.hpp"
#include "tests/checkers/linearizability/small_histories.hpp"

namespace leasehold::checkers {
namespace {

using namespace testing;
using Kind = LockOperation::Kind;

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
  errors.histories = SmallHistories(operations, {Kind::acquire, Kind::release}, go_on, judge).run();
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
