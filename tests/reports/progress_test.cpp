#include "reports/progress.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "reports/text.hpp"

namespace leasehold::reports {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

TEST_CASE("automatic progress is a bar on terminals and lines elsewhere") {
  CHECK(progress_mode("auto", true) == ProgressMode::bar);
  CHECK(progress_mode("auto", false) == ProgressMode::lines);
  CHECK(progress_mode("none", true) == ProgressMode::none);
  CHECK_FALSE(progress_mode("fancy", true));
}

TEST_CASE("lines come at once and then every ten seconds") {
  Progress progress(ProgressMode::lines, 49'000);
  CHECK(progress.start() == "leasehold: 49,000 runs\n");
  CHECK(progress.update(1, 0).empty());
  CHECK(progress.update(9'000, 9 * kSecond).empty());
  CHECK(progress.update(12'250, 10 * kSecond) ==
        "leasehold: 12,250 of 49,000 runs (25 %), 31 s left\n");
  CHECK(progress.update(24'500, 19 * kSecond).empty());
  CHECK(progress.finish(49'000, 38'400'000'000) == "leasehold: 49,000 runs in 38.4 s\n");
}

TEST_CASE("a bar redraws its line and clears it in the end") {
  Progress progress(ProgressMode::bar, 1'000, 60);
  CHECK(progress.start() == "\r\x1b[K────────────────────────────── 0 of 1,000 runs (0 %)");
  CHECK(progress.update(400, 2 * kSecond) ==
        "\r\x1b[K━━━━━━━━━─────────────── 400 of 1,000 runs (40 %), 4 s left");
  CHECK(progress.update(500, 2 * kSecond + 50'000'000).empty());
  CHECK(progress.finish(600, 3 * kSecond) == "\r\x1b[Kleasehold: 600 of 1,000 runs in 3 s\n");
}

TEST_CASE("nothing is written if nobody wants to see it") {
  Progress progress(ProgressMode::none, 10);
  CHECK((progress.start() + progress.update(5, kSecond) + progress.finish(10, kSecond)).empty());
}

TEST_CASE("lines are never animated and a bar never fills its line") {
  CHECK(rc::check([] {
    const auto planned = *rc::gen::inRange<std::uint64_t>(0, 10'000'000);
    const auto done = *rc::gen::inRange<std::uint64_t>(0, planned + 1);
    const auto elapsed = *rc::gen::inRange<std::int64_t>(0, 100'000 * kSecond);
    const auto width = *rc::gen::inRange<std::size_t>(2, 120);
    Progress bar(ProgressMode::bar, planned, width);
    const std::string drawn = bar.update(done, elapsed);
    RC_ASSERT(drawn.substr(0, 4) == "\r\x1b[K");
    RC_ASSERT(display_width(drawn.substr(4)) < width);
    Progress lines(ProgressMode::lines, planned, width);
    const std::string text =
        lines.start() + lines.update(done, elapsed) + lines.finish(done, elapsed);
    RC_ASSERT(text.find_first_of("\r\x1b") == std::string::npos);
  }));
}

}  // namespace
}  // namespace leasehold::reports
