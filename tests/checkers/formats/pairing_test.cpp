#include "checkers/formats/pairing.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <string>
#include <vector>

#include "checkers/formats/open_history.hpp"

namespace leasehold::checkers {
namespace {

using Outcome = RecordedCall::Outcome;

struct Paired {
  std::vector<RecordedCall> calls;
  std::vector<std::string> facts;
  std::string error;
};

/// Reads lines as a Jepsen log has them.
Paired paired(const std::string& log) {
  Paired result;
  auto opened = open_history(std::make_unique<TextSource>(log));
  REQUIRE(opened);
  Pairing pairing([&](RecordedCall& call) { result.calls.push_back(call); },
                  [&](const RecordedEvent& fact, Position) { result.facts.push_back(fact.f); });
  const auto problem = pair_events(*opened->events, pairing);
  if (problem) result.error = problem->text().substr(1);
  return result;
}

TEST_CASE("calls are paired by process, in the order of the file") {
  const Paired result = paired(
      "0 :invoke :read nil\n1 :invoke :write 3\n1 :ok :write 3\n0 :ok :read 3\n"
      "0 :invoke :write 4\n0 :fail :write 4\n");
  REQUIRE(result.calls.size() == 3);
  CHECK(result.calls[0].invocation.f == "write");
  CHECK(result.calls[0].invoked == position_of(1));
  CHECK(result.calls[0].responded == position_of(2));
  CHECK(result.calls[1].invoked == position_of(0));
  CHECK(result.calls[1].value() == Value::of(std::int64_t{3}));  // of the answer
  CHECK(result.calls[2].outcome == Outcome::failed);
  CHECK(result.calls[2].responded == position_of(5));
}

TEST_CASE("a lost answer leaves a call open for ever, whether it is written down or not") {
  const Paired result =
      paired("0 :invoke :write 1\n1 :invoke :write 2\n0 :info :write :timed-out\n");
  REQUIRE(result.calls.size() == 2);
  for (const RecordedCall& call : result.calls) {
    CHECK(call.outcome == Outcome::indeterminate);
    CHECK(call.responded == kNever);
  }
  CHECK(result.calls[0].value() == Value::of(std::int64_t{1}));  // of the invocation
}

TEST_CASE("what no client did is no call") {
  const Paired result = paired(
      "0 :invoke :read nil\n:nemesis :info :start nil\n:nemesis :info :stop nil\n"
      "0 :ok :read nil\n7 :info :remark nil\n");
  CHECK(result.calls.size() == 1);
  CHECK(result.facts == std::vector<std::string>{"start", "stop"});
}

TEST_CASE("what cannot be paired is wrong, at its line") {
  CHECK(paired("0 :invoke :read nil\n0 :invoke :write 1\n").error ==
        "2:1: process 0 invokes write while its read of line 1 is open; expected its ok, fail or "
        "info first, or a process of its own");
  CHECK(paired("3 :ok :read 1\n").error ==
        "1:1: process 3 is answered, but has asked for nothing; expected an invoke before it");
  CHECK(paired("0 :invoke :read nil\n0 :ok :write 1\n").error ==
        "2:1: process 0 is answered to \"write\" while its read of line 1 is open; expected the "
        "same f as was invoked");
}

}  // namespace
}  // namespace leasehold::checkers
