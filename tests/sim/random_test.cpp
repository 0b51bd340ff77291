#include "sim/process/random.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <set>

using leasehold::sim::purpose;
using leasehold::sim::Rng;

namespace {

std::array<std::uint64_t, 4> first_words(Rng rng) {
  return {rng.next(), rng.next(), rng.next(), rng.next()};
}

}  // namespace

TEST_CASE("a stream's words are pinned") {
  using Words = std::array<std::uint64_t, 4>;
  // From the published definitions of Philox4x64-10 and xoshiro256++, computed apart from this
  // code.
  CHECK(first_words(Rng::stream(0, 0, 0)) ==
        Words{0xc6c876b156494918, 0xaa705a3e4871e584, 0x8ed67008fe2a6d1d, 0x231698fecfc21342});
  CHECK(first_words(Rng::stream(1, 2, purpose("net.delay"))) ==
        Words{0x92f11e7c5142fc43, 0x5cd80e4fe3b4592a, 0x1fd38996aeeeb4c4, 0x6b9c9824eff82f27});
}

TEST_CASE("a purpose is the FNV-1a hash of its name") {
  CHECK(purpose("") == 0xcbf29ce484222325);
  CHECK(purpose("a") == 0xaf63dc4c8601ec8c);
  CHECK(purpose("foobar") == 0x85944171f73967e8);
}

TEST_CASE("seed, entity and purpose each change the whole stream") {
  std::set<std::uint64_t> words;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    for (std::uint64_t entity = 0; entity < 8; ++entity) {
      for (const std::uint64_t p : {purpose("net.delay"), purpose("net.loss"), entity, seed}) {
        for (const std::uint64_t word : first_words(Rng::stream(seed, entity, p + 100))) {
          words.insert(word);
        }
      }
    }
  }
  // 8 x 8 x 4 streams, of which those with p == entity == seed meet once: 8 repeated streams.
  CHECK(words.size() == (8 * 8 * 4 - 8) * 4);
}

TEST_CASE("a stream depends neither on the order of creation nor on draws from others") {
  Rng early = Rng::stream(7, 1, purpose("net.delay"));
  Rng other = Rng::stream(7, 2, purpose("net.delay"));
  for (int i = 0; i < 1000; ++i) other.next();
  CHECK(Rng::stream(7, 1, purpose("net.delay")) == early);
  const auto before = first_words(early);
  CHECK(first_words(Rng::stream(7, 1, purpose("net.delay"))) == before);
}

TEST_CASE("words of neighbouring streams agree in half of their bits") {
  std::int64_t equal_bits = 0;
  constexpr int kPairs = 20'000;
  for (std::uint64_t entity = 0; entity < kPairs; ++entity) {
    Rng a = Rng::stream(3, entity, purpose("net.delay"));
    Rng b = Rng::stream(3, entity + 1, purpose("net.delay"));
    equal_bits += std::popcount(~(a.next() ^ b.next()));
  }
  // Binomial(64 * 20,000, 1/2): standard deviation 566.
  CHECK(std::abs(equal_bits - 32 * kPairs) < 5 * 566);
}

TEST_CASE("below stays in range and treats all values alike") {
  Rng rng = Rng::stream(1, 1, purpose("below"));
  std::array<int, 6> counts{};
  for (int i = 0; i < 60'000; ++i) ++counts[rng.below(6)];
  for (const int count : counts) CHECK(std::abs(count - 10'000) < 5 * 92);
  CHECK(rng.below(1) == 0);
  CHECK(rng.below(~std::uint64_t{0}) < ~std::uint64_t{0});
}

TEST_CASE("chance draws one word whatever the probability") {
  Rng rng = Rng::stream(1, 1, purpose("chance"));
  Rng reference = rng;
  int hits = 0;
  for (int i = 0; i < 100'000; ++i) hits += rng.chance(1, 100) ? 1 : 0;
  CHECK(std::abs(hits - 1'000) < 5 * 32);
  CHECK_FALSE(rng.chance(0, 1));
  CHECK(rng.chance(1, 1));
  for (int i = 0; i < 100'002; ++i) reference.next();
  CHECK(rng == reference);
}
