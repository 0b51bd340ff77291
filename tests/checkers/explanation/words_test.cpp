#include "checkers/explanation/words.hpp"

#include <catch2/catch.hpp>

namespace leasehold::checkers {
namespace {

NamedCall call(const char* who, const char* what, Position invoked, Position responded) {
  const auto line = [](Position at) { return "line " + std::to_string(at); };
  return {who, what, line(invoked), responded == kNever ? "" : line(responded), invoked, responded};
}

TEST_CASE("two holds that overlap would each have to come before the other") {
  const std::vector<NamedCall> calls = {call("c3", "acquire", 1, 2), call("c3", "release", 9, 10),
                                        call("c0", "acquire", 3, 4), call("c0", "release", 7, 8)};
  const std::string words = holds_in_words(calls);
  CHECK(words.find("C3 was told in line 2 that it held the lock, and did not ask to give it back "
                   "before line 9") == 0);
  CHECK(words.find("The hold of c0 cannot have ended before that of c3 began") !=
        std::string::npos);
  CHECK(words.find("The hold of c3 cannot have ended before that of c0 began") !=
        std::string::npos);
  CHECK(words.find("a contradiction.") != std::string::npos);
}

TEST_CASE("holds that follow one another are no contradiction") {
  CHECK(holds_in_words(
            {call("c3", "acquire", 1, 2), call("c3", "release", 3, 4), call("c0", "acquire", 5, 6)})
            .empty());
}

TEST_CASE("only what does not follow from others is said to precede") {
  const std::vector<Precedence> edges =
      real_time_edges({call("a", "x", 1, 2), call("b", "x", 3, 4), call("c", "x", 5, 6),
                       call("d", "x", 3, kNever)});
  REQUIRE(edges.size() == 3);
  CHECK(edges[0].after == 1);
  CHECK(edges[1].after == 3);
  CHECK(edges[2].before == 1);
  CHECK(edges[2].after == 2);
}

TEST_CASE("what is overtaken closes a cycle with real time") {
  const std::vector<NamedCall> calls = {call("a", "read → 7", 4, 5), call("b", "read → 3", 7, 8),
                                        call("c", "read → 7", 9, 10)};
  CoreFacts facts;
  facts.blocked = 2;
  CHECK(core_edges(calls, facts).size() == 2);
  CHECK(core_in_words(calls, facts).find("contradiction") == std::string::npos);
  facts.overtaken = 0;
  const std::vector<Precedence> cycle = core_edges(calls, facts);
  REQUIRE(cycle.size() == 3);
  CHECK(core_in_words(calls, facts)
            .find("In every order that explains the answers, c's read → 7 (line 9, answered in "
                  "line 10) comes before a's read → 7") != std::string::npos);
}

TEST_CASE("a renewal of nothing and a refusal by nobody are told as what they are") {
  CHECK(renewal_in_words({call("c1", "renew", 1, 2)}) ==
        "C1 was told in line 2 that what it held was renewed, but it had never asked for it.");
  CHECK(renewal_in_words(
            {call("c1", "acquire", 1, 2), call("c1", "release", 3, 4), call("c1", "renew", 5, 6)})
            .ends_with("but its hold was over before it asked in line 5."));
  CHECK(refusal_in_words({call("c2", "acquire", 1, 4)}) ==
        "C2 asked in line 1 for the lock and was refused it in line 4, but nobody can have held it "
        "in between.");
  CHECK(refusal_in_words({call("c2", "acquire", 1, 4), call("c3", "acquire", 5, 6)})
            .ends_with("and c3 was granted it later, as it was told in line 6."));
}

TEST_CASE("tokens out of order close a cycle with real time") {
  const std::vector<Span> spans = {{0, 1, 2, 3, 9}, {2, 3, 6, 7, 4}};
  const std::vector<Precedence> cycle = shortest_cycle(spans);
  REQUIRE(cycle.size() == 2);
  CHECK(cycle[0].reason != cycle[1].reason);
  CHECK(shortest_cycle({{0, 1, 2, 3, 4}, {2, 3, 6, 7, 9}}).empty());
}

}  // namespace
}  // namespace leasehold::checkers
