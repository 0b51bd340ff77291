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

TEST_CASE("tokens out of order close a cycle with real time") {
  const std::vector<Span> spans = {{0, 1, 2, 3, 9}, {2, 3, 6, 7, 4}};
  const std::vector<Precedence> cycle = shortest_cycle(spans);
  REQUIRE(cycle.size() == 2);
  CHECK(cycle[0].reason != cycle[1].reason);
  CHECK(shortest_cycle({{0, 1, 2, 3, 4}, {2, 3, 6, 7, 9}}).empty());
}

}  // namespace
}  // namespace leasehold::checkers
