#include "reports/rate_text.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <string>

namespace leasehold::reports {
namespace {

double number(const std::string& text) { return std::stod(text); }

TEST_CASE("a share is told with its interval, and a bound where nothing or everything was seen") {
  CHECK(rate_text({0, 1'000}).line() == "≤ 0.37 %");
  CHECK(rate_text({1'000, 1'000}).line() == "≥ 99.6 %");
  CHECK(rate_text({31, 1'000}).line() == "3.1 % (2.1–4.4)");
  CHECK(rate_text({310, 1'000}).line() == "31 % (28–34)");
  CHECK(rate_text({1, 1'000}).line() == "0.1 % (0.002–0.6)");
  CHECK(rate_text({999, 1'000}).line() == "99.9 % (99.4–99.998)");
  CHECK(rate_text({2, 30}).line() == "7 % (0.8–23)");
  CHECK(rate_text({0, 10}).line() == "≤ 31 %");
  CHECK(rate_text({1, 1}).line() == "≥ 2 %");
  CHECK(rate_text({10'000'000, 10'000'000}).line() == "≥ 99.99996 %");
  CHECK(rate_text({0, 10'000'000}).line() == "≤ 0.000037 %");
  CHECK(rate_text({0, 0}).line() == "–");
}

TEST_CASE("no share is ever told as 0 % or 100 %, and its interval contains the exact one") {
  CHECK(rc::check([] {
    const auto magnitude = *rc::gen::inRange(0, 7);
    std::uint64_t n = *rc::gen::inRange<std::uint64_t>(1, 11);
    for (int i = 0; i < magnitude; ++i) n = n * 10 + *rc::gen::inRange<std::uint64_t>(0, 10);
    const auto near = *rc::gen::inRange<std::uint64_t>(0, std::min<std::uint64_t>(n, 20) + 1);
    const auto far = *rc::gen::inRange<std::uint64_t>(0, n + 1);
    for (const std::uint64_t k : {near, n - near, far}) {
      const RateText text = rate_text({k, n});
      const Interval exact = clopper_pearson({k, n});
      const std::string bound = "≤ ";
      if (text.interval.empty()) {
        const double told = number(text.point.substr(bound.size()));
        const bool beyond =
            k == 0 ? told >= 100 * exact.high * 0.99999 : told <= 100 * exact.low * 1.00001;
        RC_ASSERT(beyond);
        RC_ASSERT(told > 0);
        RC_ASSERT(told < 100);
        continue;
      }
      RC_ASSERT(number(text.point) > 0);
      RC_ASSERT(number(text.point) < 100);
      const std::size_t dash = text.interval.find("–");
      RC_ASSERT(number(text.interval.substr(0, dash)) > 0);
      RC_ASSERT(number(text.interval.substr(dash + std::string("–").size())) < 100);
      RC_ASSERT(number(text.interval.substr(0, dash)) <= 100 * exact.low * 1.00001);
      RC_ASSERT(number(text.interval.substr(dash + std::string("–").size())) >=
                100 * exact.high * 0.99999);
    }
  }));
}

}  // namespace
}  // namespace leasehold::reports
