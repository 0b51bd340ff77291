#include "scenarios/json/located_value.hpp"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

namespace leasehold::scenarios {
namespace {

std::string repeated(std::string_view part, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += part;
  return out;
}

support::Diagnostic error_of(std::string_view text) {
  const auto parsed = parse_located(text, "x.json");
  REQUIRE_FALSE(parsed);
  REQUIRE(parsed.error().size() == 1);
  return parsed.error().front();
}

std::string place_and_message(std::string_view text) {
  const support::Diagnostic error = error_of(text);
  return std::to_string(error.line) + ":" + std::to_string(error.column) + " " + error.message;
}

nlohmann::json plain(const LocatedValue& value) {
  switch (value.kind) {
    case LocatedValue::Kind::null:
      return nullptr;
    case LocatedValue::Kind::boolean:
      return value.boolean;
    case LocatedValue::Kind::number:
      return nlohmann::json::parse(value.text);
    case LocatedValue::Kind::string:
      return value.text;
    case LocatedValue::Kind::array: {
      nlohmann::json out = nlohmann::json::array();
      for (const LocatedValue& item : value.items) out.push_back(plain(item));
      return out;
    }
    case LocatedValue::Kind::object:
      break;
  }
  nlohmann::json out = nlohmann::json::object();
  for (const LocatedMember& member : value.members) out[member.key] = plain(member.value);
  return out;
}

TEST_CASE("every value knows its line and column") {
  const auto root =
      parse_located("{\n  \"a\": [1, true,\n        \"x\\\"]\"],\n\t\"ö\": null }", "");
  REQUIRE(root);
  const auto at = [&](const char* pointer) {
    const Place place = place_of(*root, pointer);
    return std::to_string(place.line) + ":" + std::to_string(place.column);
  };
  CHECK(at("") == "1:1");
  CHECK(at("/a") == "2:8");
  CHECK(at("/a/0") == "2:9");
  CHECK(at("/a/1") == "2:12");
  CHECK(at("/a/2") == "3:9");
  CHECK(at("/ö") == "4:7");
  CHECK(root->members[1].key_place.column == 2);
  CHECK(at("/a/7/b") == "2:8");  // the nearest that exists
}

TEST_CASE("pointers escape what JSON pointers must escape") {
  CHECK(pointer_to("/a", "b/c~d") == "/a/b~1c~0d");
  const auto root = parse_located("{\"b/c~d\":\n 1}", "");
  REQUIRE(root);
  CHECK(place_of(*root, "/b~1c~0d").line == 2);
}

TEST_CASE("a byte order mark is skipped") {
  const auto root = parse_located("\xEF\xBB\xBF{}", "");
  REQUIRE(root);
  CHECK(root->place.column == 1);
}

TEST_CASE("syntax errors are located and say what was expected") {
  const support::Diagnostic error = error_of("{\n  \"a\": 1,\n}");
  CHECK(error.file == "x.json");
  CHECK(error.line == 3);
  CHECK(error.column == 1);
  CHECK(error.message == "not valid JSON: in object key - unexpected '}'");
  CHECK(error.expected == "string literal");
  CHECK(place_and_message("[1 2]") == "1:4 not valid JSON: in array - unexpected number literal");
  CHECK(place_and_message("") == "1:1 not valid JSON: in value - unexpected end of input");
  CHECK(place_and_message("{} x").substr(0, 4) == "1:4 ");
  CHECK(place_and_message("[1e999]") == "1:6 not valid JSON: a number is out of range");
  CHECK(place_and_message("// note\n{}").substr(0, 4) == "1:1 ");
}

TEST_CASE("truncated files are errors, wherever they end") {
  const std::string whole = R"({"name": "x", "faults": [{"kind": "pause", "count": [1, 2.5]}]})";
  REQUIRE(parse_located(whole, ""));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    INFO(whole.substr(0, size));
    CHECK_FALSE(parse_located(whole.substr(0, size), ""));
  }
}

TEST_CASE("bad UTF-8 is located") {
  const std::string where = place_and_message("{\n\"a\": \"\xff\"}");
  CHECK(where == "2:7 not valid JSON: in value - invalid string: ill-formed UTF-8 byte");
  CHECK(place_and_message("\"\xed\xa0\x80\"").find("UTF-8") != std::string::npos);  // surrogate
  CHECK(place_and_message("\"\xc0\xaf\"").find("UTF-8") != std::string::npos);      // overlong
}

TEST_CASE("a NUL does not end a file") {
  CHECK(place_and_message(std::string_view("{}\n\0 garbage", 12)) ==
        "2:1 not valid JSON: a NUL byte");
}

TEST_CASE("a key that stands twice is refused at its second place") {
  CHECK(place_and_message("{\"a\": 1,\n \"b\": 2,\n \"a\": 3}") ==
        "3:2 key \"a\" stands twice in the same object");
  CHECK(parse_located("{\"a\": {\"a\": 1}}", ""));
}

TEST_CASE("deeply nested, huge and long inputs are refused, not read") {
  const std::string deep = repeated("[", 65) + repeated("]", 65);
  CHECK(parse_located(deep.substr(1, 128), ""));
  CHECK(place_and_message(deep) == "1:65 nested deeper than 64 levels");
  CHECK(place_and_message(repeated("[", 4'000'000)) == "1:65 nested deeper than 64 levels");
  CHECK(place_and_message(repeated("{\"a\":", 500'000)).find("nested deeper") != std::string::npos);
  CHECK(error_of(std::string((4U << 20U) + 1, ' ')).message == "longer than 4194304 bytes");
  CHECK(error_of("[" + repeated("0,", 200'000) + "0]").message == "more than 100000 values");
  CHECK(error_of("[\n\"" + repeated("a", 70'000) + "\"]").line == 2);
  CHECK(error_of("{\"" + repeated("a", 70'000) + "\": 1}").message ==
        "string longer than 65536 bytes");
}

TEST_CASE("numbers are kept as they were written") {
  const auto root = parse_located("[-0.250, 12345678901234567890123, 1E5]", "");
  REQUIRE(root);
  CHECK(root->items[0].text == "-0.250");
  CHECK(root->items[1].text == "12345678901234567890123");
  CHECK(root->items[2].text == "1E5");
}

/// Any JSON of a few levels.
rc::Gen<nlohmann::json> json(int depth) {
  const auto text = rc::gen::element<std::string>("", "a", "\"\\/", "ö€😀", "\n\t", "{[,:]}", "~/");
  const auto leaf = rc::gen::oneOf(
      rc::gen::map(rc::gen::arbitrary<bool>(), [](bool b) { return nlohmann::json(b); }),
      rc::gen::map(rc::gen::arbitrary<int>(), [](int n) { return nlohmann::json(n); }),
      rc::gen::map(rc::gen::inRange(-999, 999), [](int n) { return nlohmann::json(n / 8.0); }),
      rc::gen::map(text, [](std::string s) { return nlohmann::json(std::move(s)); }),
      rc::gen::just(nlohmann::json()));
  if (depth == 0) return leaf;
  const auto list = rc::gen::map(rc::gen::container<std::vector<nlohmann::json>>(json(depth - 1)),
                                 [](std::vector<nlohmann::json> items) {
                                   items.resize(std::min<std::size_t>(items.size(), 4));
                                   return nlohmann::json(items);
                                 });
  const auto object = rc::gen::map(
      rc::gen::container<std::map<std::string, nlohmann::json>>(text, json(depth - 1)),
      [](const std::map<std::string, nlohmann::json>& members) { return nlohmann::json(members); });
  return rc::gen::oneOf(leaf, list, object);
}

TEST_CASE("any document is read as a plain parser reads it") {
  CHECK(rc::check([] {
    const nlohmann::json document = *json(3);
    const std::string text =
        document.dump(*rc::gen::element(-1, 0, 2), ' ', *rc::gen::arbitrary<bool>());
    const auto root = parse_located(text, "");
    RC_ASSERT(root.has_value());
    RC_ASSERT(plain(*root) == document);
  }));
}

}  // namespace
}  // namespace leasehold::scenarios
