#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "checkers/formats/edn_reader.hpp"
#include "checkers/formats/open_history.hpp"
#include "checkers/formats/write_event.hpp"
#include "tests/checkers/formats/any_event.hpp"

namespace leasehold::checkers {
namespace {

using testing::any_event;
using testing::any_value;
using Kind = Value::Kind;
using Type = RecordedEvent::Type;

/// Without the name of a file there is nothing before the first colon.
std::string said(const support::Diagnostic& diagnostic) { return diagnostic.text().substr(1); }

struct Read {
  std::optional<HistoryFormat> format;
  std::vector<RecordedEvent> events;
  std::string error;
};

Read read(const std::string& text, std::size_t piece = std::string::npos) {
  Read result;
  auto opened = open_history(std::make_unique<TextSource>(text, piece));
  if (!opened) {
    result.error = said(opened.error().front());
    return result;
  }
  result.format = opened->format;
  RecordedEvent event;
  while (opened->events->next(event)) result.events.push_back(event);
  if (opened->events->error()) result.error = said(*opened->events->error());
  return result;
}

RecordedEvent only_event(const std::string& text) {
  const Read result = read(text);
  CHECK(result.error == "");
  REQUIRE(result.events.size() == 1);
  return result.events.front();
}

std::string as_text(const std::vector<RecordedEvent>& events, bool json) {
  std::string text = json ? json_lines_header() : "";
  for (const RecordedEvent& event : events) {
    if (json) {
      append_json(text, event);
    } else {
      append_edn(text, event);
    }
  }
  return text;
}

TEST_CASE("what is written as EDN or JSON Lines reads as the same history") {
  for (const bool json : {false, true}) {
    CHECK(rc::check([json] {
      const auto events = *rc::gen::container<std::vector<RecordedEvent>>(any_event());
      const Read result = read(as_text(events, json));
      RC_ASSERT(result.error.empty());
      RC_ASSERT(result.events == events);
    }));
  }
}

TEST_CASE("a history reads the same in whatever pieces it comes") {
  CHECK(rc::check([] {
    const auto events = *rc::gen::container<std::vector<RecordedEvent>>(any_event());
    const bool json = *rc::gen::arbitrary<bool>();
    const std::string text = as_text(events, json);
    const auto piece = *rc::gen::inRange<std::size_t>(1, 40);
    RC_ASSERT(read(text, piece).events == read(text).events);
    // A file that was cut off is wrong at the same place.
    const std::string cut = text.substr(0, *rc::gen::inRange<std::size_t>(0, text.size() + 1));
    RC_ASSERT(read(cut, piece).error == read(cut).error);
  }));
}

TEST_CASE("EDN has more ways to say the same") {
  const auto same = [](const std::string& text, const std::string& plain) {
    CAPTURE(text);
    const auto value = parse_edn(text);
    if (!value) FAIL(support::text(value.error()));
    CHECK(edn(*value) == plain);
  };
  same("12N", "12");
  same("+7", "7");
  same("-9223372036854775808", "-9223372036854775808");
  same("9223372036854775808", "9223372036854775808");
  same("0x1f", "31");
  same("{:b 2, :a 1}", "{:a 1, :b 2}");
  same("#{3 1 2}", "#{1 2 3}");
  same("[1 #_ 2 3 #_#_ 4 5] ; and so on", "[1 3]");
  same("#jepsen.history.Op {:a #inst \"2020\"}", "{:a \"2020\"}");
  same("^{:doc \"x\"} [1]", "[1]");
  same("(1 (2 [3 {4 #{}}]))", "(1 (2 [3 {4 #{}}]))");
  same("\"\\u03bb \\ud83d\\ude00\"", "\"λ 😀\"");
  same("[\\a \\newline \\(]", "[\\a \\newline \\(]");
  same("[nil true false nilly]", "[nil true false nilly]");
  CHECK(parse_edn("12N").value().kind == Kind::integer);
  CHECK(parse_edn("9223372036854775808").value().kind == Kind::number);
}

TEST_CASE("what is wrong with an EDN value is said with its place") {
  const auto error = [](const std::string& text) {
    const auto value = parse_edn(text);
    return value ? "none" : said(value.error().front());
  };
  CHECK(error("[1 2") == "1:5: the file ends within what opens in line 1");
  CHECK(error("\n {:a}") ==
        "2:2: a map with a key that has no value; expected keys and values in turn");
  CHECK(error("{:a 1 :a 2}") == "1:1: a map with a key twice");
  CHECK(error("\"λ\\q\"") ==
        R"(1:3: an unknown escape; expected one of \" \\ \/ \b \f \n \r \t \uXXXX)");
  CHECK(error("12x") == "1:1: \"12x\" is no number; expected a value");
  CHECK(error(")") == "1:1: an unexpected ); expected a value");
  CHECK(error("1 2") == "1:3: something follows the value; expected one value");
  CHECK(error(std::string(200, '[')) == "1:101: nested more than 100 levels deep");
  CHECK(error(std::string(300, '(') + "#_") != "none");
}

TEST_CASE("the fields of an event are found whatever their order") {
  const RecordedEvent event = only_event(
      "{:index 4, :time 12, :value {:client \"c1\"}, :f :acquire, :type :ok, :process 3,\n"
      " :error [:timeout \"late\"] :node n1}");
  CHECK(event.process == Process{3, ""});
  CHECK(event.type == Type::ok);
  CHECK(event.f == "acquire");
  REQUIRE(event.value.find("client") != nullptr);
  CHECK(event.value.find("client")->text == "c1");
  CHECK(event.time_ns == 12);
  CHECK(event.index == 4);
  CHECK(edn(event.error) == "[:timeout \"late\"]");
  CHECK(edn(event.extras) == "{:node n1}");
  CHECK(only_event("{:process :nemesis, :type :info, :f :start}").process == Process{0, "nemesis"});
}

TEST_CASE("each format is recognised by its content") {
  const auto format = [](const std::string& text) { return read(text).format; };
  const std::string event = "{:process 0 :type :invoke :f :read}";
  CHECK(format(event) == HistoryFormat::edn);
  CHECK(format("; a comment\n\n[" + event + "]") == HistoryFormat::edn);
  CHECK(format("(" + event + "\n" + event + ")") == HistoryFormat::edn);
  CHECK(format("#op " + event) == HistoryFormat::edn);
  CHECK(format("[]") == HistoryFormat::edn);
  CHECK(format(R"({:process 0, :type :invoke, :f :get, :key "1"})") == HistoryFormat::porcupine_kv);
  const std::string json = R"({"process":0,"type":"invoke","f":"read"})";
  CHECK(format(json) == HistoryFormat::json_lines);
  CHECK(format("[" + json + ",\n" + json + "]") == HistoryFormat::json_lines);
  CHECK(format("{\"leasehold_history\":1}\n") == HistoryFormat::json_lines);
  CHECK(format("\xEF\xBB\xBF" + json) == HistoryFormat::json_lines);
  CHECK(format("INFO  jepsen.util - 4\t:invoke\t:read\tnil\n") == HistoryFormat::porcupine_log);
  CHECK(format("starting\n0\t:invoke\t:acquire\tnil\n") == HistoryFormat::jepsen_log);
  CHECK(
      read("once upon a time").error ==
      "1:1: no history of a known format; expected JSON Lines, EDN, or the lines of a Jepsen log");
}

TEST_CASE("a vector, a list and lines of maps are the same history") {
  const std::string one = "{:process 0, :type :invoke, :f :read}";
  const std::string two = "{:process 0, :type :ok, :f :read, :value 1}";
  const auto events = read(one + "\n" + two).events;
  CHECK(events.size() == 2);
  CHECK(read("[" + one + " " + two + "]").events == events);
  CHECK(read("(" + one + ", #_" + one + two + ")\n").events == events);
  CHECK(read("[" + one + "] " + two).error ==
        "1:41: something follows the end of the history; expected the end of the file");
  CHECK(read("[" + one).error == "1:39: the file ends within a vector of events");
}

TEST_CASE("log lines are read up to their errors, others are skipped") {
  const Read log = read(
      "2022-01-05 INFO [main] jepsen.core: ready\n"
      "2022-01-05 12:00:00 INFO [jepsen worker 1] jepsen.util: 1\t:invoke\t:cas\t[1 2]\n"
      "INFO  jepsen.util - 1   :info   :cas    :timed-out\r\n"
      ":nemesis\t:info\t:start\tCut off {:n1 #{:n2}}\n"
      "2\t:fail\t:release\tnil\t[:not-found \"lease\"]");
  CHECK(log.error == "");
  REQUIRE(log.events.size() == 4);
  CHECK(log.events[0].process.number == 1);
  CHECK(edn(log.events[0].value) == "[1 2]");
  CHECK(log.events[0].place.line == 2);
  CHECK(log.events[0].place.column == 57);
  CHECK(log.events[1].type == Type::info);
  CHECK(edn(log.events[1].value) == ":timed-out");
  CHECK(log.events[2].process.name == "nemesis");
  CHECK(log.events[3].error.items.size() == 2);
  CHECK(read("1\t:invoke\t:cas\t[1 2\n").error ==
        "1:20: the line ends within what opens in line 1");
}

TEST_CASE("what is wrong with an event is said with its place") {
  const auto error = [](const std::string& text) { return read(text).error; };
  CHECK(error("{:process 0, :type :invoke, :f :read}\n  {:process 0, :type :invok, :f :read}") ==
        "2:22: the type is \":invok\"; did you mean \"invoke\"? Expected invoke, ok, fail or info");
  CHECK(error("{:process 0, :f :read}") ==
        "1:1: an event without a type; expected an event with process, type and f");
  CHECK(error("{:process 0, :process 1}") == "1:23: :process stands in one event twice");
  CHECK(error("{:process 1.5, :type :ok, :f :read}") ==
        "1:11: the process is \"1.5\"; expected a client's number, or a name such as :nemesis");
  CHECK(error("{:process 0, :type :ok, :f :read, :time :now}") ==
        "1:41: :time is \":now\"; expected an integer of 64 bits");
  CHECK(error("{:process 0, :type :ok, :f :read} [1]") ==
        "1:35: not an event; expected a map such as {:process 0, :type :invoke, :f :read}");
  CHECK(error(R"({"process":0,"type":"invoke","f":"read","value":{"#sett":[1]}})") ==
        "1:49: a malformed special form \"#sett\"; expected an object of one of #keyword, #symbol, "
        "#character, #number, #list, #set, #map");
  CHECK(error(R"({"process":0 "type":"invoke"})") == "1:14: no , in an event; expected ,");
  CHECK(error("{\"leasehold_history\":2}\n") ==
        "1:22: version 2 of the history format; expected version 1");
}

TEST_CASE("what the fuzzers start from is read as a history") {
  std::size_t seeds = 0;
  for (const auto& seed : std::filesystem::recursive_directory_iterator(
           std::string(LEASEHOLD_SOURCE_DIR) + "/tests/fuzz/corpus")) {
    const bool history = seed.path().parent_path().filename().string().starts_with("history_");
    if (!history || !seed.is_regular_file()) continue;
    CAPTURE(seed.path().string());
    std::ifstream in(seed.path(), std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    const Read result = read(text.str());
    CHECK(result.error == "");
    CHECK_FALSE(result.events.empty());
    ++seeds;
  }
  CHECK(seeds >= 13);
}

/// A history without end, made up as it is read.
class Endless final : public ByteSource {
 public:
  explicit Endless(std::size_t lines) : lines_(lines) {}
  std::size_t read(char* into, std::size_t most) override {
    while (pending_.size() < most && lines_ > 0) {
      pending_ += "{:process 1, :type :invoke, :f :acquire, :value {:client \"c1\"}}\n";
      --lines_;
    }
    const std::size_t count = pending_.copy(into, most);
    pending_.erase(0, count);
    largest_ = std::max(largest_, most);
    return count;
  }
  [[nodiscard]] std::size_t largest() const { return largest_; }

 private:
  std::size_t lines_;
  std::string pending_;
  std::size_t largest_ = 0;
};

TEST_CASE("the window does not grow with the file") {
  Endless source(100'000);
  EdnReader reader(source);
  RecordedEvent event;
  std::uint64_t events = 0;
  while (reader.next(event)) ++events;
  CHECK_FALSE(reader.error());
  CHECK(events == 100'000);
  CHECK(event.place.line == 100'000);
  CHECK(source.largest() <= (std::size_t{1} << 18));
}

}  // namespace
}  // namespace leasehold::checkers
