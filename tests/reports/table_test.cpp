#include "reports/table.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "reports/text.hpp"
#include "tests/reports/lines.hpp"

namespace leasehold::reports {
namespace {

Table sample() {
  Table table({{"lock", Align::left}, {"gc-pauses"}, {"note", Align::left, true}});
  table.add_row({{"redis-ttl"}, {"31 %\n28–34", Style::bad}, {"a pause, \"held\" too long"}});
  table.add_row({{"oracle"}, {"≤ 0.37 %", Style::good}, {""}});
  return table;
}

TEST_CASE("a console table aligns by display width and leaves no blanks at line ends") {
  CHECK(to_console(sample(), {}) ==
        "lock       gc-pauses  note\n"
        "──────────────────────────────────────────────\n"
        "redis-ttl       31 %  a pause, \"held\" too long\n"
        "               28–34\n"
        "oracle      ≤ 0.37 %\n");
}

TEST_CASE("a narrow console wraps headings and what may be wrapped") {
  CHECK(to_console(sample(), {34, false}) ==
        "                gc-\n"
        "lock         pauses  note\n"
        "──────────────────────────────────\n"
        "redis-ttl      31 %  a pause,\n"
        "              28–34  \"held\" too\n"
        "                     long\n"
        "oracle     ≤ 0.37 %\n");
}

TEST_CASE("a table too wide for the console is told in blocks that repeat the first column") {
  Table table({{"lock", Align::left}, {"calm"}, {"crashes"}, {"mixed"}});
  table.add_row({{"setnx"}, {"1"}, {"2"}, {"3"}});
  CHECK(to_console(table, {14, false}) ==
        "lock  calm\n"
        "──────────\n"
        "setnx    1\n"
        "\n"
        "lock  crashes\n"
        "─────────────\n"
        "setnx       2\n"
        "\n"
        "lock  mixed\n"
        "───────────\n"
        "setnx     3\n");
}

TEST_CASE("colour wraps the text and nothing else") {
  Table table({{"lock", Align::left}, {"calm"}});
  table.add_row({{"none"}, {"9 %", Style::bad}});
  CHECK(to_console(table, {80, true}) ==
        "\x1b[1mlock\x1b[0m  \x1b[1mcalm\x1b[0m\n"
        "──────────\n"
        "none   \x1b[1;31m9 %\x1b[0m\n");
}

TEST_CASE("colour is for terminals whose user wants it") {
  CHECK(wants_colour({true, false, nullptr, "xterm"}));
  CHECK(wants_colour({true, false, "", nullptr}));
  CHECK_FALSE(wants_colour({false, false, nullptr, "xterm"}));
  CHECK_FALSE(wants_colour({true, true, nullptr, "xterm"}));
  CHECK_FALSE(wants_colour({true, false, "1", "xterm"}));
  CHECK_FALSE(wants_colour({true, false, nullptr, "dumb"}));
}

TEST_CASE("Markdown escapes what would break a table") {
  Table table({{"a|b", Align::left}, {"n"}});
  table.add_row({{"x\\|y"}, {"1\n2"}});
  CHECK(to_markdown(table) ==
        "| a\\|b | n |\n"
        "| :-- | --: |\n"
        "| x\\\\\\|y | 1<br>2 |\n");
}

TEST_CASE("CSV quotes commas, quotes and line ends, and ends records as RFC 4180 has it") {
  Table table({{"a"}, {"b"}});
  table.add_row({{"1,5"}, {"say \"no\"\nor not"}});
  table.add_row({{"plain"}, {""}});
  CHECK(to_csv(table) == "a,b\r\n\"1,5\",\"say \"\"no\"\"\nor not\"\r\nplain,\r\n");
}

TEST_CASE("no line of any table is wider than the console") {
  CHECK(rc::check([] {
    const auto word = [] {
      const auto letters = rc::gen::elementOf(
          std::vector<std::string>{"a", "b", "%", "-", " ", "µ", "分", "\n", "\x1b", "\xff"});
      std::string text;
      for (const auto& letter : *rc::gen::container<std::vector<std::string>>(letters)) {
        text += letter;
      }
      return text;
    };
    std::vector<TableColumn> columns;
    const auto count = *rc::gen::inRange<std::size_t>(1, 8);
    for (std::size_t i = 0; i < count; ++i) {
      columns.push_back(
          {word(), *rc::gen::element(Align::left, Align::right), *rc::gen::arbitrary<bool>()});
    }
    Table table(columns);
    const auto rows = *rc::gen::inRange<std::size_t>(0, 4);
    for (std::size_t i = 0; i < rows; ++i) {
      std::vector<TableCell> row;
      for (std::size_t k = 0; k < count; ++k) row.push_back({word()});
      table.add_row(row);
    }
    const Console console{*rc::gen::inRange<std::size_t>(8, 81), false};
    for (const std::string& line : test::lines_of(to_console(table, console))) {
      RC_ASSERT(display_width(line) <= console.width);
      RC_ASSERT(!line.ends_with(' '));
      RC_ASSERT(line == printable(line));
    }
  }));
}

}  // namespace
}  // namespace leasehold::reports
