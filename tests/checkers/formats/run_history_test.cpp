#include "checkers/formats/run_history.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <string>

#include "checkers/specifications/check_history.hpp"
#include "tests/checkers/records.hpp"

namespace leasehold::checkers {
namespace {

using namespace testing;

/// A run of which a record is written down every millisecond.
class Run {
 public:
  template <class Record>
  Run& operator<<(const Record& record) {
    history_.observe(clock_.at(++ms_), record);
    return *this;
  }
  CheckedHistory check(const std::string& specification) const {
    CheckOptions options;
    options.specification = find_specification(specification).value();
    auto history = read_history(std::make_unique<TextSource>(history_.text()), options);
    if (!history) FAIL(support::text(history.error()));
    judge_history(*history, options);
    return std::move(history).value();
  }
  Verdict service(const std::string& specification) const {
    return check(specification).judgement.verdict;
  }

 private:
  RunHistory history_{EffectRules{true, true, true}, {{"recipe", "lh1:none@calm#1"}}};
  Clock clock_;
  std::int64_t ms_ = 0;
};

Run& acquired(Run& run, ClientId who) {
  return run << acquire(kInvoked, who, who) << grant_begun(who, who) << acquire(kOk, who, who);
}
Run& released(Run& run, ClientId who) {
  return run << release(kInvoked, who, who) << grant_ended(who, who) << release(kOk, who, who);
}

TEST_CASE("a run that was written down is judged as the run was") {
  constexpr auto kHolds = Verdict::holds;
  constexpr auto kViolated = Verdict::violated;
  struct Case {
    const char* name;
    Run run;
    Verdict owner_mutex;
    Verdict leased_mutex;
    Verdict mutex;
  };
  Run handover;
  released(acquired(released(acquired(handover, 1), 1), 2), 2);
  Run two_holders = handover;
  acquired(acquired(two_holders, 3), 4);
  Run expired;
  acquired(acquired(expired, 1) << grant_ended(1, 1, Grant::End::deadline), 2);
  for (const Case& each : {Case{"handover", handover, kHolds, kHolds, kHolds},
                           Case{"two holders", two_holders, kViolated, kViolated, kViolated},
                           Case{"expired", expired, kViolated, kHolds, kViolated}}) {
    CAPTURE(each.name);
    CHECK(each.run.service("owner-mutex") == each.owner_mutex);
    CHECK(each.run.service("fenced-mutex") == each.owner_mutex);
    CHECK(each.run.service("leased-mutex") == each.leased_mutex);
    CHECK(each.run.service("mutex") == each.mutex);
  }
}

TEST_CASE("an attempt whose answer was lost binds nobody") {
  Run run;
  run << acquire(kInvoked, 1, 7) << acquire(kIndeterminate, 1, 7);
  run << acquire(kInvoked, 1, 8) << acquire(kOk, 1, 8);
  const CheckedHistory history = run.check("owner-mutex");
  CHECK(history.judgement.verdict == Verdict::holds);
  // Nor does its process, as in Jepsen's histories.
  REQUIRE(history.calls.size() == 2);
  CHECK(history.calls[0].process != history.calls[1].process);
}

TEST_CASE("what clients believed and what the resource accepted are verdicts of their own") {
  Run run;
  acquired(run, 1) << belief_begun(1, 1) << grant_ended(1, 1, Grant::End::deadline);
  acquired(run, 2);
  CHECK(run.check("leased-mutex").views.belief() == Verdict::holds);
  run << belief_begun(2, 2);
  const CheckedHistory believed = run.check("leased-mutex");
  CHECK(believed.judgement.verdict == Verdict::holds);
  CHECK(believed.views.belief() == Verdict::violated);
  REQUIRE(believed.views.overlap());
  CHECK(believed.views.overlap()->earlier_line == 6);
  CHECK(believed.views.overlap()->later_line == 11);
  CHECK(believed.views.effect() == Verdict::holds);

  Effect effect;
  effect.kind = Effect::Kind::write;
  effect.attempt = effect.client = 2;
  effect.version = 1;
  run << effect;
  CHECK(run.check("leased-mutex").views.effect() == Verdict::holds);
  effect.attempt = effect.client = 1;
  effect.version = 2;
  effect.based_on = 1;
  run << effect;
  const CheckedHistory harmed = run.check("leased-mutex");
  CHECK(harmed.views.effect() == Verdict::violated);
  REQUIRE(harmed.views.harm());
  CHECK(harmed.views.harm()->rule == EffectViolation::Rule::stale);
  CHECK(harmed.views.harm()->at.line == 13);
}

TEST_CASE("where no belief is stated it lasts from the answer to the request for the release") {
  const auto belief = [](const std::string& second) {
    CheckOptions options;
    options.specification = find_specification("owner-mutex").value();
    const std::string first =
        "1 :invoke :acquire nil\n1 :ok :acquire nil\n2 :invoke :acquire nil\n";
    auto history = read_history(std::make_unique<TextSource>(first + second), options);
    if (!history) FAIL(support::text(history.error()));
    judge_history(*history, options);
    return history->views.belief();
  };
  CHECK(belief("2 :ok :acquire nil\n1 :invoke :release nil\n") == Verdict::violated);
  CHECK(belief("1 :invoke :release nil\n2 :ok :acquire nil\n") == Verdict::holds);
  CHECK(belief("2 :info :acquire nil\n") == Verdict::holds);
}

}  // namespace
}  // namespace leasehold::checkers
