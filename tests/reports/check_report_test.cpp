#include "reports/check_report.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace leasehold::reports {
namespace {

using checkers::CheckedHistory;
using checkers::CheckOptions;
using checkers::Verdict;

const std::string kHandover =
    "1 :invoke :acquire nil\n1 :ok :acquire nil\n2 :invoke :acquire nil\n"
    "1 :invoke :release nil\n2 :ok :acquire nil\n1 :ok :release nil\n";
const std::string kTwoHolders =
    "1 :invoke :acquire nil\n1 :ok :acquire nil\n2 :invoke :acquire nil\n2 :ok :acquire nil\n"
    "1 :invoke :release nil\n1 :ok :release nil\n";

CheckOptions options_for(const std::string& specification) {
  CheckOptions options;
  options.specification = checkers::find_specification(specification).value();
  return options;
}

CheckedHistory checked(const std::string& log, const CheckOptions& options) {
  auto history = checkers::read_history(std::make_unique<checkers::TextSource>(log), options);
  if (!history) FAIL(support::text(history.error()));
  judge_history(*history, options);
  return std::move(history).value();
}

TEST_CASE("the text names the verdicts, the calls and their lines") {
  const CheckOptions options = options_for("owner-mutex");
  std::vector<NamedCheck> checks;
  checks.push_back({"two", checked(kTwoHolders, options)});
  checks.push_back({"handover", checked(kHandover, options)});
  const std::string text = check_text(checks, options);
  CAPTURE(text);
  for (const std::string part :
       {"two: violated  (owner-mutex; Jepsen's log, 6 events, 3 calls)",
        "process 1: acquire  (lines 1 and 2)", "process 2: acquire  (lines 3 and 4)",
        "belief   violated: who was told so in line 2 still held it when another was told in line "
        "4",
        "handover: holds", "effect   n/a", "2 histories: 1 holds, 1 violated, 0 unknown"}) {
    CAPTURE(part);
    CHECK(text.find(part) != std::string::npos);
  }
}

TEST_CASE("calls are listed once where there is no more to say of them") {
  const CheckOptions options = options_for("owner-mutex");
  std::vector<NamedCheck> checks;
  checks.push_back({"freed", checked("1 :invoke :release nil\n1 :ok :release nil\n", options)});
  const std::string text = check_text(checks, options);
  CAPTURE(text);
  const std::size_t listed = text.find("cannot all have happened");
  REQUIRE(listed != std::string::npos);
  CHECK(text.find("cannot all have happened", listed + 1) == std::string::npos);
}

TEST_CASE("a violation after a hundred thousand calls is verified") {
  // Nobody holds the lock for long, some answers are lost, and at the end two hold it at once.
  std::string log;
  const auto event = [&log](int process, const char* type, const char* f) {
    log += std::to_string(process) + " :" + type + " :" + f + " nil\n";
  };
  for (int i = 0; i < 50'000; ++i) {
    event(i, "invoke", "acquire");
    event(i, i % 50 == 1 ? "info" : "ok", "acquire");
    if (i % 50 == 1) continue;
    event(i, "invoke", "release");
    event(i, i % 50 == 2 ? "info" : "ok", "release");
  }
  for (const int process : {60'000, 60'001}) {
    event(process, "invoke", "acquire");
    event(process, "ok", "acquire");
  }
  for (const std::string specification : {"mutex", "owner-mutex"}) {
    CAPTURE(specification);
    const CheckOptions options = options_for(specification);
    const CheckedHistory history = checked(log, options);
    CHECK(history.judgement.verdict == Verdict::violated);
    const auto certificate = certificate_of(history, options);
    REQUIRE(certificate);
    CHECK(verify(*certificate, history) == Verdict::violated);
  }
}

TEST_CASE("the JSON says the same") {
  const CheckOptions options = options_for("owner-mutex");
  std::vector<NamedCheck> checks;
  checks.push_back({"two", checked(kTwoHolders, options)});
  const auto json = nlohmann::json::parse(check_json(checks, options));
  CHECK(json["summary"]["violated"] == 1);
  const auto& history = json["histories"][0];
  CHECK(history["service"] == "violated");
  CHECK(history["belief"] == "violated");
  CHECK(history["effect"] == "n/a");
  CHECK(history["contradiction"][0]["line"] == 1);
}

TEST_CASE("a certificate proves its own history and no other") {
  for (const std::string specification : {"owner-mutex", "mutex", "leased-mutex"}) {
    CAPTURE(specification);
    CheckOptions options = options_for(specification);
    options.certify = true;
    const auto timed = [](const std::string& log) {  // leases are judged by time
      std::string edn;
      auto opened = checkers::open_history(std::make_unique<checkers::TextSource>(log));
      checkers::RecordedEvent event;
      for (std::int64_t now = 1; opened->events->next(event); ++now) {
        edn += "{:process " + std::to_string(event.process.number) + ", :type :" +
               std::string(event.type == checkers::RecordedEvent::Type::invoke ? "invoke" : "ok") +
               ", :f :" + event.f + ", :time " + std::to_string(now) + "}\n";
      }
      return edn;
    };
    const CheckedHistory legal = checked(timed(kHandover), options);
    const CheckedHistory illegal = checked(timed(kTwoHolders), options);
    for (const CheckedHistory* history : {&legal, &illegal}) {
      const auto written = certificate_of(*history, options);
      REQUIRE(written);
      const auto certificate = parse_certificate(certificate_json(*written), "c.json");
      REQUIRE(certificate);
      CHECK(verify(*certificate, *history) == history->judgement.verdict);
      const CheckedHistory& other = history == &legal ? illegal : legal;
      CHECK(verify(*certificate, other) == Verdict::not_applicable);
    }
  }
}

TEST_CASE("what is no certificate is refused") {
  for (const std::string text :
       {"", "[]", "{}", R"({"leasehold_certificate":2})", R"({"leasehold_certificate":1})",
        R"({"leasehold_certificate":1,"policy":"drop","verdict":"holds","specification":"mutex"})",
        R"({"leasehold_certificate":1,"policy":"drop","verdict":"holds","specification":"mutex",
            "order":[-1]})"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_certificate(text, "c.json"));
  }
}

}  // namespace
}  // namespace leasehold::reports
