#include "reports/history_page.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

// That the hash in the page's policy is that of its style, tests/cli/check_test.py reckons.
namespace leasehold::reports {
namespace {

const std::string kTwoHolders =
    "1 :invoke :acquire nil\n1 :ok :acquire nil\n2 :invoke :acquire nil\n2 :ok :acquire nil\n";

struct Drawn {
  std::size_t calls = 0;
  Violation violation;
  std::string page;
  std::string svg;
};

Drawn drawn(const std::string& file, const std::string& specification, const std::string& history) {
  checkers::CheckOptions options;
  options.specification = checkers::find_specification(specification).value();
  options.certify = true;
  auto read = checkers::read_history(std::make_unique<checkers::TextSource>(history), options);
  if (!read) FAIL(support::text(read.error()));
  NamedCheck check{file, std::move(read).value()};
  judge_history(check.history, options);
  REQUIRE(check.history.judgement.verdict == checkers::Verdict::violated);
  const Violation violation = explain_violation(check.history);
  return {check.history.calls.size(), violation, history_page(check, violation),
          history_svg(check, violation)};
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f; }

TEST_CASE("the page of a violation needs nothing but itself") {
  const std::string page = drawn("two.log", "owner-mutex", kTwoHolders).page;
  CAPTURE(page);
  CHECK(has(page, "content=\"default-src 'none'; style-src 'sha256-"));
  for (const std::string request :
       {"http:", "https:", "//", "src=", "href", "url(", "@import", "<script", "<link", "<img",
        "<iframe", "javascript", " style=", " onload", " onclick", " onmouseover"}) {
    CAPTURE(request);
    CHECK_FALSE(has(page, request));
  }
}

TEST_CASE("the calls that contradict one another stand out, in the picture and in words") {
  const Drawn two = drawn("two.log", "owner-mutex",
                          "7 :invoke :acquire nil\n7 :fail :acquire nil\n" + kTwoHolders);
  CAPTURE(two.page);
  REQUIRE(two.violation.core.size() == 2);
  CHECK(count(two.svg, "<rect class=\"core\"") == 2);
  CHECK(count(two.page, "<rect class=\"core\"") == 2);
  CHECK(count(two.page, "<tr class=\"core\">") == 2);
  CHECK(has(two.page, "<tr class=\"core\"><td>1</td>"));
  CHECK(has(two.page, "<tr class=\"core\"><td>2</td>"));
  CHECK(has(two.page, two.violation.words));
}

TEST_CASE("the table tells of the longest legal prefix where one was built") {
  CHECK_FALSE(has(drawn("two.log", "owner-mutex", kTwoHolders).page, "legal prefix"));
  const std::string wrong_read =
      "1 :invoke :write 1\n1 :ok :write 1\n2 :invoke :read nil\n2 :ok :read 2\n";
  CHECK(has(drawn("wrong.log", "register", wrong_read).page, "in the longest legal prefix</th>"));
}

TEST_CASE("names that would be markup, or break it, are only shown") {
  const std::string evil = "<script>alert(1)</script>&'\\\"\\u0001\\u001b[31m";
  const Drawn drawing =
      drawn("<script>\"'&\x01\x1b[2J\xff.edn", "register",
            "{:process 0, :type :invoke, :f :write, :value \"" + evil +
                "\"}\n{:process 0, :type :ok, :f :write, :value \"" + evil +
                "\"}\n{:process 1, :type :invoke, :f :read, :value nil}\n"
                "{:process 1, :type :ok, :f :read, :value \"<img src=x onerror=y>\"}\n");
  for (const std::string& text : {drawing.page, drawing.svg}) {
    CAPTURE(text);
    CHECK_FALSE(has(text, "<script"));
    CHECK_FALSE(has(text, "<img"));
    CHECK(has(text, "&lt;script&gt;alert(1)"));
    CHECK(std::none_of(text.begin(), text.end(), is_control));
    CHECK_FALSE(has(text, "\xff"));
  }
  CHECK(has(drawing.page, "<h1>&lt;script&gt;&quot;"));
}

TEST_CASE("of calls without end some are drawn, and the page says how many are not") {
  std::string history = "1 :invoke :acquire nil\n1 :ok :acquire nil\n2 :invoke :acquire nil\n";
  for (int process = 100; process < 1'100; ++process) {
    history += std::to_string(process) + " :invoke :acquire nil\n";
  }
  history += "2 :ok :acquire nil\n";
  const Drawn many = drawn("many.log", "owner-mutex", history);
  REQUIRE(many.calls == 1'002);
  const std::size_t bars = count(many.page, "<rect ");
  CHECK(bars > 100);
  CHECK(bars < 500);
  CHECK(count(many.page, "<tr") == bars + 1);
  CHECK(count(many.page, "<rect class=\"core") == many.violation.core.size());
  CHECK(has(many.page, ">" + std::to_string(many.calls - bars) + " calls before and after"));
  const Drawn few = drawn("two.log", "owner-mutex", kTwoHolders);
  CHECK_FALSE(has(few.page, "are not shown"));
}

}  // namespace
}  // namespace leasehold::reports
