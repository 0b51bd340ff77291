#include "reports/text.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

namespace leasehold::reports {
namespace {

using Lines = std::vector<std::string>;

TEST_CASE("widths are in columns of the terminal, not in bytes") {
  CHECK(display_width("") == 0);
  CHECK(display_width("≤ 0.37 %") == 8);
  CHECK(display_width("130 µs") == 6);
  CHECK(display_width("分散ロック") == 10);
  CHECK(display_width("e\u0301") == 1);
  CHECK(display_width("\xff\xfe") == 2);
}

TEST_CASE("what a terminal would act upon is not printed") {
  CHECK(printable("a\x1b[31mb\tc\nd") == "a\uFFFD[31mb\uFFFDc\nd");
  CHECK(printable("\xc2\x9b"
                  "x\u202Ey") == "\uFFFDx\uFFFDy");
  CHECK(printable("\xff\xc0\x80") == "\uFFFD\uFFFD\uFFFD");
  CHECK(printable("\xed\xa0\x80") == "\uFFFD\uFFFD\uFFFD");
  CHECK(printable("\xe2\x82") == "\uFFFD\uFFFD");
  CHECK(printable("– € 分") == "– € 分");
}

TEST_CASE("what is cut off leaves an ellipsis") {
  CHECK(abbreviate("partitions", 10) == "partitions");
  CHECK(abbreviate("partitions", 9) == "partitio…");
  CHECK(abbreviate("分散ロック", 4) == "分…");
  CHECK(abbreviate("xy", 1) == "…");
}

TEST_CASE("text wraps at spaces, and at hyphens if asked to") {
  CHECK(wrap("two clients worked", 11) == Lines{"two clients", "worked"});
  CHECK(wrap("", 5) == Lines{""});
  CHECK(wrap("a\n\nb c", 1) == Lines{"a", "", "b", "c"});
  CHECK(wrap("clock-steps", 8) == Lines{"clock-s…"});
  CHECK(wrap("clock-steps", 8, Break::at_hyphens_too) == Lines{"clock-", "steps"});
  CHECK(unbreakable_width("clock-steps of", Break::at_hyphens_too) == 6);
  CHECK(unbreakable_width("clock-steps of") == 11);
}

TEST_CASE("a number keeps its unit") {
  CHECK(wrap("in 70 % of runs", 5) == Lines{"in", "70 %", "of", "runs"});
  CHECK(wrap("5–60 s, ±500 ppm", 8) == Lines{"5–60 s,", "±500 ppm"});
  CHECK(wrap("of 5 servers", 6) == Lines{"of 5", "serve…"});
  CHECK(unbreakable_width("for 130 µs") == 6);
}

TEST_CASE("a paragraph is indented from its second line on") {
  CHECK(paragraph("one two three", 2, 9) == "one two\n  three\n");
}

TEST_CASE("no wrapped line is too wide, and no word is lost where there is room") {
  CHECK(rc::check([] {
    const auto alphabet = rc::gen::elementOf(Lines{"a", "b", "-", " ", " ", "µ", "分", "\n"});
    const auto letters = *rc::gen::container<std::vector<std::string>>(alphabet);
    std::string text;
    for (const std::string& letter : letters) text += letter;
    const auto width = *rc::gen::inRange<std::size_t>(1, 12);
    const auto where = *rc::gen::element(Break::at_spaces, Break::at_hyphens_too);
    std::string kept;
    for (const std::string& line : wrap(text, width, where)) {
      RC_ASSERT(display_width(line) <= width);
      kept += line;
    }
    if (unbreakable_width(text, where) > width) return;
    const auto without_blanks = [](std::string from) {
      std::erase_if(from, [](char c) { return c == ' ' || c == '\n'; });
      return from;
    };
    RC_ASSERT(without_blanks(kept) == without_blanks(text));
  }));
}

}  // namespace
}  // namespace leasehold::reports
