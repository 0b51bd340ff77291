#include "support/nearest_word.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <string>

namespace leasehold::support {
namespace {

constexpr std::array<std::string_view, 4> kWords{"redis-ttl", "redlock", "setnx", "pg-advisory"};

TEST_CASE("a slip of the keyboard finds the word that was meant") {
  CHECK(nearest_word("redlokc", kWords) == "redlock");
  CHECK(nearest_word("setxn", kWords) == "setnx");
  CHECK(nearest_word("redis_ttl", kWords) == "redis-ttl");
  CHECK(nearest_word("PG-Advisory", kWords) == "pg-advisory");
  CHECK(nearest_word("pgadvisory", kWords) == "pg-advisory");
}

TEST_CASE("nothing is suggested where nothing is close") {
  CHECK(nearest_word("zookeeper", kWords).empty());
  CHECK(nearest_word("", kWords).empty());
  CHECK(nearest_word("x", kWords).empty());
  CHECK(nearest_word(std::string(10'000, 'r'), kWords).empty());
  CHECK(nearest_word("redlock", {}).empty());
}

TEST_CASE("an edit distance counts insertions, deletions, replacements and swaps") {
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("abc", "abc") == 0);
  CHECK(edit_distance("abc", "ac") == 1);
  CHECK(edit_distance("abc", "acb") == 1);
  CHECK(edit_distance("abcd", "abxd") == 1);
  CHECK(edit_distance("kitten", "sitting") == 3);
}

TEST_CASE("an edit distance is symmetric and zero only for equal words") {
  CHECK(rc::check([] {
    const auto letters = rc::gen::container<std::string>(rc::gen::inRange('a', 'e'));
    const std::string a = *letters;
    const std::string b = *letters;
    RC_ASSERT(edit_distance(a, b) == edit_distance(b, a));
    RC_ASSERT((edit_distance(a, b) == 0) == (a == b));
    RC_ASSERT(edit_distance(a, b) <= std::max(a.size(), b.size()));
  }));
}

}  // namespace
}  // namespace leasehold::support
