#include "support/diagnostic.hpp"

#include <catch2/catch.hpp>

#include "support/expected.hpp"
#include "support/read_file.hpp"

namespace leasehold::support {
namespace {

TEST_CASE("a diagnostic names file, line, column, pointer, what was expected and what is near") {
  const Diagnostic diagnostic{.file = "a.json",
                              .line = 3,
                              .column = 7,
                              .pointer = "/faults/0/kind",
                              .message = "unknown word \"paus\"",
                              .expected = "pause or crash",
                              .nearest = "pause"};
  CHECK(diagnostic.text() ==
        "a.json:3:7: /faults/0/kind: unknown word \"paus\"; did you mean \"pause\"? "
        "Expected pause or crash");
  Diagnostic bare;
  bare.message = "it is wrong";
  CHECK(bare.text() == "it is wrong");
  bare.expected = "better";
  CHECK(bare.text() == "it is wrong; expected better");
  CHECK(text({bare, bare}) == "it is wrong; expected better\nit is wrong; expected better\n");
}

TEST_CASE("what a file holds cannot garble a terminal through a diagnostic") {
  CHECK(quoted("a\x1b[31m\n") == "\"a\\x1b[31m\\x0a\"");
  CHECK(quoted(std::string(1'000, 'a')) == "\"" + std::string(60, 'a') + "…\"");
  CHECK(quoted("größer") == "\"größer\"");
}

TEST_CASE("an expected value is either its value or its error") {
  const Expected<int, std::string> good = 3;
  const Expected<int, std::string> bad = std::string("no");
  REQUIRE(good.has_value());
  CHECK(*good == 3);
  REQUIRE_FALSE(bad);
  CHECK(bad.error() == "no");
}

TEST_CASE("a file that cannot be read is a diagnostic with its name and the reason") {
  const auto missing = read_file("/nowhere/at/all.json", 10);
  REQUIRE_FALSE(missing);
  CHECK(text(missing.error()) ==
        "/nowhere/at/all.json: cannot be read: No such file or directory\n");
  CHECK_FALSE(read_file("/", 10));
  const auto endless = read_file("/dev/zero", 1'000);
  REQUIRE_FALSE(endless);
  CHECK(endless.error().front().message == "cannot be read: longer than 1000 bytes");
}

}  // namespace
}  // namespace leasehold::support
