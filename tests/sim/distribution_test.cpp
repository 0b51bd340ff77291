#include "sim/process/distribution.hpp"

#include <rapidcheck.h>
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>
#include <type_traits>

using leasehold::sim::Distribution;
using leasehold::sim::Duration;
using leasehold::sim::purpose;
using leasehold::sim::Rng;
using namespace leasehold::sim::literals;

static_assert(std::is_trivially_copyable_v<Distribution>);
static_assert(sizeof(Distribution) <= 40);

namespace {

constexpr std::uint64_t kLastWord = ~std::uint64_t{0};
constexpr std::uint64_t kCut = std::uint64_t{1} << 22;

double probability(std::uint64_t word) { return (static_cast<double>(word) + 0.5) * 0x1p-64; }

/// The standard normal's quantile: bisection on libm's erfc from the nearer tail.
double normal_quantile(std::uint64_t word) {
  const bool above = word >> 63 != 0;
  const double tail = probability(above ? ~word : word);
  double near = 0;
  double far = 40;
  for (int i = 0; i < 100; ++i) {
    const double z = (near + far) / 2;
    (std::erfc(z * std::sqrt(0.5)) / 2 > tail ? near : far) = z;
  }
  return above ? near : -near;
}

/// Words of every order of magnitude from both ends, where the tails are.
rc::Gen<std::uint64_t> any_word() {
  return rc::gen::apply(
      [](std::uint64_t word, int shift, bool above) {
        const std::uint64_t tail = word >> shift;
        return above ? ~tail : tail;
      },
      rc::gen::arbitrary<std::uint64_t>(), rc::gen::inRange(0, 48), rc::gen::arbitrary<bool>());
}

/// The same, but for the last 2^-42 at either end, where the tables are cut.
rc::Gen<std::uint64_t> inner_word() {
  return rc::gen::map(any_word(), [](std::uint64_t word) { return std::clamp(word, kCut, ~kCut); });
}

rc::Gen<Distribution> any_distribution() {
  const auto length = rc::gen::map(
      rc::gen::pair(any_word(), rc::gen::inRange(7, 64)), [](std::pair<std::uint64_t, int> p) {
        return Duration::nanoseconds(static_cast<std::int64_t>(p.first >> p.second));
      });
  const auto shortened =
      rc::gen::map(length, [](Duration d) { return std::min(d, Distribution::kLongest); });
  return rc::gen::apply(
      [](int kind, Duration a, Duration b, std::uint32_t sigma) {
        switch (kind) {
          case 0:
            return Distribution::constant(-a);
          case 1:
            return Distribution::uniform(-a, b);
          case 2:
            return Distribution::exponential(a);
          default:
            return Distribution::lognormal(a, sigma);
        }
      },
      rc::gen::inRange(0, 4), shortened, shortened,
      rc::gen::inRange<std::uint32_t>(0, Distribution::kLargestSigmaMilli + 1));
}

/// Sample statistics of `count` draws, in nanoseconds.
struct Summary {
  double mean;
  double median;
  double p99;
};

Summary summary(const Distribution& distribution, std::size_t count) {
  Rng rng = Rng::stream(11, 0, purpose("distribution.test"));
  std::vector<double> values(count);
  double sum = 0;
  for (double& value : values) sum += value = static_cast<double>(distribution.sample(rng).ns());
  std::sort(values.begin(), values.end());
  return {sum / static_cast<double>(count), values[count / 2], values[count * 99 / 100]};
}

}  // namespace

TEST_CASE("a constant is always itself, negative ones too") {
  Rng rng = Rng::stream(1, 0, 0);
  for (const Duration value : {0_ns, 7_ms, -3_s}) {
    CHECK(Distribution::constant(value).sample(rng) == value);
    CHECK(Distribution::constant(value).minimum() == value);
    CHECK(Distribution::constant(value).maximum() == value);
  }
}

TEST_CASE("a uniform distribution reaches both ends and nothing beyond") {
  const Distribution die = Distribution::uniform(1_ns, 6_ns);
  Rng rng = Rng::stream(1, 0, 0);
  std::array<int, 8> counts{};
  for (int i = 0; i < 60'000; ++i) ++counts[static_cast<std::size_t>(die.sample(rng).ns())];
  CHECK(counts[0] + counts[7] == 0);
  for (std::size_t face = 1; face <= 6; ++face) CHECK(std::abs(counts[face] - 10'000) < 5 * 92);
  CHECK(die.minimum() == 1_ns);
  CHECK(die.maximum() == 6_ns);
}

TEST_CASE("exponential samples follow the exact quantile function") {
  constexpr double kMean = 1e12;
  const Distribution exponential = Distribution::exponential(1000_s);
  CHECK(rc::check("within 2.5e-6 means", [&] {
    const std::uint64_t word = *inner_word();
    const double exact = -std::log(probability(~word)) * kMean;
    RC_ASSERT(std::abs(static_cast<double>(exponential.at(word).ns()) - exact) < 2.5e-6 * kMean);
  }));
}

TEST_CASE("lognormal samples follow the exact quantile function") {
  CHECK(rc::check("within 2e-6 + 1.5e-5 sigma of the value", [] {
    const auto sigma = *rc::gen::inRange<std::uint32_t>(0, 2'001);
    const std::uint64_t word = *inner_word();
    const double exact = 1e15 * std::exp(sigma * 1e-3 * normal_quantile(word));
    RC_PRE(exact < 4.6e18);  // beyond 2^62 ns a sample may be cut to Duration::max()
    const Distribution lognormal = Distribution::lognormal(1'000'000_s, sigma);
    const double sampled = static_cast<double>(lognormal.at(word).ns());
    RC_ASSERT(std::abs(sampled - exact) < (2e-6 + 1.5e-8 * sigma) * exact + 1);
  }));
}

TEST_CASE("mean, median and p99 of many draws are those of the distribution") {
  constexpr std::size_t kCount = 1'000'000;
  SECTION("exponential") {
    const Summary s = summary(Distribution::exponential(1_s), kCount);
    CHECK(s.mean == Approx(1e9).epsilon(0.005));
    CHECK(s.median == Approx(std::log(2.0) * 1e9).epsilon(0.005));
    CHECK(s.p99 == Approx(std::log(100.0) * 1e9).epsilon(0.01));
  }
  SECTION("lognormal") {
    for (const std::uint32_t sigma_milli : {100U, 500U, 1600U}) {
      const double sigma = sigma_milli * 1e-3;
      const Summary s = summary(Distribution::lognormal(1_s, sigma_milli), kCount);
      CHECK(s.mean == Approx(1e9 * std::exp(sigma * sigma / 2)).epsilon(0.02));
      CHECK(s.median == Approx(1e9).epsilon(0.005 * (1 + sigma)));
      CHECK(s.p99 == Approx(1e9 * std::exp(2.3263479 * sigma)).epsilon(0.01 * (1 + sigma)));
    }
  }
}

TEST_CASE("a sample never falls as the word rises") {
  CHECK(rc::check("for any two words, near or far", [] {
    const Distribution distribution = *any_distribution();
    const std::uint64_t low = *any_word();
    const std::uint64_t step = *any_word();
    const std::uint64_t high = low + std::min(step, kLastWord - low);
    RC_ASSERT(distribution.at(low) <= distribution.at(high));
    RC_ASSERT(distribution.minimum() <= distribution.at(low));
    RC_ASSERT(distribution.at(high) <= distribution.maximum());
  }));
}

TEST_CASE("a sample never falls across the seams of the tables") {
  const Distribution exponential = Distribution::exponential(Distribution::kLongest);
  const Distribution lognormal = Distribution::lognormal(Distribution::kLongest, 500);
  for (int bit = 0; bit < 64; ++bit) {
    for (std::uint64_t piece = 0; piece < 512; ++piece) {
      const std::uint64_t scaled = bit < 9 ? piece >> (9 - bit) : piece << (bit - 9);
      const std::uint64_t tail = (std::uint64_t{1} << bit) + scaled;
      for (const std::uint64_t seam : {tail, ~tail}) {
        REQUIRE(exponential.at(seam - 1) <= exponential.at(seam));
        REQUIRE(lognormal.at(seam - 1) <= lognormal.at(seam));
      }
    }
  }
}

TEST_CASE("samples at both ends of the parameters do not overflow") {
  const Distribution widest =
      Distribution::lognormal(Distribution::kLongest, Distribution::kLargestSigmaMilli);
  CHECK(widest.minimum() == 0_ns);
  CHECK(widest.maximum() == Duration::max());
  const Duration longest_exponential = Distribution::exponential(Distribution::kLongest).maximum();
  CHECK(longest_exponential / Distribution::kLongest == 44);
  CHECK(Distribution::lognormal(0_ns, 500).maximum() == 0_ns);
  CHECK(Distribution::exponential(0_ns).maximum() == 0_ns);
  CHECK(Distribution::lognormal(1_ns, 0).minimum() == 1_ns);
  CHECK(Distribution::lognormal(1_ns, 0).maximum() == 1_ns);
}

TEST_CASE("bounds move samples to themselves and are taken together") {
  const Distribution bounded = Distribution::exponential(10_ms).clamped(2_ms, 50_ms);
  CHECK(bounded.minimum() == 2_ms);
  CHECK(bounded.maximum() == 50_ms);
  CHECK(bounded.at(std::uint64_t{1} << 63) == Distribution::exponential(10_ms).at(1ULL << 63));
  CHECK(bounded.clamped(1_ms, 40_ms).minimum() == 2_ms);
  CHECK(bounded.clamped(1_ms, 40_ms).maximum() == 40_ms);
  CHECK(bounded.clamped(60_ms, 70_ms).minimum() == 60_ms);
  CHECK(bounded.clamped(60_ms, 70_ms).maximum() == 60_ms);
}

TEST_CASE("distributions are equal when kind, parameters and bounds are") {
  CHECK(Distribution::constant(3_ms) == Distribution::uniform(3_ms, 3_ms));
  CHECK(Distribution::exponential(3_ms) == Distribution::exponential(3_ms));
  CHECK_FALSE(Distribution::exponential(3_ms) == Distribution::exponential(4_ms));
  CHECK_FALSE(Distribution::lognormal(3_ms, 500) == Distribution::lognormal(3_ms, 501));
  CHECK_FALSE(Distribution::lognormal(3_ms, 500) == Distribution::lognormal(6_ms, 500));
  CHECK_FALSE(Distribution::exponential(3_ms) ==
              Distribution::exponential(3_ms).clamped(0_ms, 9_ms));
}

TEST_CASE("every distribution takes one word a sample") {
  Rng rng = Rng::stream(5, 0, 0);
  Rng reference = rng;
  for (const Distribution& d :
       {Distribution::constant(1_ms), Distribution::uniform(1_ms, 2_ms),
        Distribution::exponential(1_ms), Distribution::lognormal(1_ms, 500)}) {
    d.sample(rng);
    reference.next();
    CHECK(rng == reference);
  }
}

TEST_CASE("samples are pinned to the nanosecond") {
  std::uint64_t digest = 0xcbf29ce484222325;
  Rng rng = Rng::stream(2, 3, purpose("pinned"));
  for (int i = 0; i < 100'000; ++i) {
    for (const Distribution& d :
         {Distribution::uniform(-1_ms, 2_s), Distribution::exponential(7_ms),
          Distribution::lognormal(260_us, 470), Distribution::lognormal(10_s, 1600)}) {
      digest = (digest ^ static_cast<std::uint64_t>(d.sample(rng).ns())) * 0x100000001b3;
    }
  }
  CHECK(digest == 0x392b1134ae3d782c);
  CHECK(Distribution::exponential(1_s).at(1ULL << 63) == 693147180_ns);
  CHECK(Distribution::lognormal(1_s, 1000).at(1ULL << 63) == 1000000003_ns);
  CHECK(Distribution::lognormal(1_s, 1000).at(kLastWord) == 2616986688137_ns);
}

TEST_CASE("the sampling tables are those that their script writes") {
  if (std::system("python3 -c '' 2>/dev/null") != 0) {
    WARN("no python3: the sampling tables were not compared");
    return;
  }
  const std::string folder = LEASEHOLD_SOURCE_DIR "/sim/process/";
  const std::string script =
      "d=$(mktemp -d) && python3 '" + folder + "generate_sampling_tables.py' \"$d\" && " +
      "cmp \"$d/sampling_tables.hpp\" '" + folder + "sampling_tables.hpp' && " +
      "cmp \"$d/sampling_tables.cpp\" '" + folder + "sampling_tables.cpp'; " +
      "code=$?; rm -rf \"$d\"; exit $code";
  CHECK(std::system(script.c_str()) == 0);
}
