#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "checkers/formats/edn_reader.hpp"
#include "checkers/specifications/check_history.hpp"

namespace leasehold::checkers {
namespace {

const std::string kData = std::string(LEASEHOLD_SOURCE_DIR) + "/tests/checkers/data/";

/// The fields of a line, quotes removed.
std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"' && quoted && line.substr(i + 1, 1) == "\"") {
      fields.back() += line[++i];
    } else if (line[i] == '"') {
      quoted = !quoted;
    } else if (line[i] == ',' && !quoted) {
      fields.emplace_back();
    } else if (line[i] != '\r') {
      fields.back() += line[i];
    }
  }
  return fields;
}

CheckedHistory checked(const std::string& path, CheckOptions options) {
  auto source = FileSource::open(path);
  REQUIRE(source);
  auto history = read_history(std::move(source).value(), options);
  if (!history) FAIL(support::text(history.error()));
  judge_history(*history, options);
  return std::move(history).value();
}

/// Judges a row of expected.csv, and has what was found re-checked.
void check_row(const std::string& folder, const std::vector<std::string>& row) {
  CAPTURE(row[0], row[1]);
  CheckOptions options;
  auto specification = find_specification(row[1]);
  REQUIRE(specification);
  options.specification = std::move(specification).value();
  options.certify = true;
  if (row.size() > 4 && !options.specification.lock && row[4] != "nil") {
    options.initial = parse_edn(row[4]).value();
  }
  const CheckedHistory history = checked(folder + row[0], options);
  const Verdict expected = row[2] == "ok" ? Verdict::holds : Verdict::violated;
  CHECK(history.judgement.verdict == expected);
  if (history.judgement.verdict == Verdict::holds) {
    CHECK(history.judge->proves(history.judgement.order));
  } else if (history.judgement.verdict == Verdict::violated) {
    const std::vector<std::size_t>& core = history.judgement.contradiction;
    const auto refuted = core.empty()
                             ? history.judge->refutes_until(history.judgement.blocked.value())
                             : history.judge->refutes(core);
    CHECK(refuted.value_or(!options.specification.lock));  // of locks always, of others if it can
  }
}

int check_rows(const std::string& folder, const std::string& list) {
  std::ifstream in(folder + list);
  REQUIRE(in);
  std::string line;
  std::getline(in, line);
  int rows = 0;
  for (; std::getline(in, line); ++rows) check_row(folder, fields_of(line));
  return rows;
}

TEST_CASE("every stored history of a lock gets its right verdict and a certificate") {
  CHECK(check_rows(kData, "expected.csv") == 303);
  CHECK(check_rows(kData, "expected_large.csv") == 52);
}

TEST_CASE("every history of LEASEHOLD_HISTORIES gets its right verdict and a certificate") {
  const char* const folder = std::getenv("LEASEHOLD_HISTORIES");
  if (folder == nullptr) {
    WARN("LEASEHOLD_HISTORIES is unset: Porcupine's and Knossos' histories were skipped");
    return;
  }
  CHECK(check_rows(std::string(folder) + "/", "expected.csv") > 0);
}

TEST_CASE("a verdict that depends on what a failed release means says so") {
  constexpr const char* kExpired =
      "{:process 1, :type :invoke, :f :acquire}\n{:process 1, :type :ok, :f :acquire}\n"
      "{:process 1, :type :invoke, :f :release}\n"
      "{:process 1, :type :fail, :f :release, :error [:not-found \"requested lease not found\"]}\n"
      "{:process 2, :type :invoke, :f :acquire}\n{:process 2, :type :ok, :f :acquire}\n";
  for (const std::string name : {"mutex", "owner-mutex", "semaphore-1", "reentrant-mutex-2"}) {
    CAPTURE(name);
    CheckOptions options;
    options.specification = find_specification(name).value();
    auto history = read_history(std::make_unique<TextSource>(kExpired), options);
    REQUIRE(history);
    judge_history(*history, options);
    CHECK(history->judgement.verdict == Verdict::violated);
    REQUIRE(history->under);
    CHECK(history->depends_on_policy());
    CHECK((*history->under)[1] == Verdict::holds);
    CHECK((*history->under)[2] == Verdict::violated);
  }
}

TEST_CASE("a release that failed shows that its caller did not hold the lock, if it is observed") {
  const auto judge = [](const std::string& history, FailedReleases policy) {
    CheckOptions options;
    options.specification = find_specification("owner-mutex").value();
    options.policy = policy;
    auto read = read_history(std::make_unique<TextSource>(history), options);
    REQUIRE(read);
    judge_history(*read, options);
    return read->judgement.verdict;
  };
  const std::string acquired =
      "{:process 1, :type :invoke, :f :acquire}\n{:process 1, :type :ok, :f :acquire}\n";
  const std::string denied =
      "{:process 1, :type :invoke, :f :release}\n"
      "{:process 1, :type :fail, :f :release, :error :not-held}\n";
  CHECK(judge(acquired + denied, FailedReleases::drop) == Verdict::holds);
  CHECK(judge(acquired + denied, FailedReleases::observation) == Verdict::violated);
  CHECK(judge(denied + acquired, FailedReleases::observation) == Verdict::holds);
  CHECK(judge(acquired + denied, FailedReleases::ends_hold) == Verdict::holds);
}

/// The verdict on a history of a leased mutex, an event a line: `PROCESS TIME EVENT`.
Verdict judge_leases(const std::string& events) {
  CheckOptions options;
  options.specification = find_specification("leased-mutex").value();
  auto history = read_history(std::make_unique<TextSource>(events), options);
  if (!history) FAIL(support::text(history.error()));
  judge_history(*history, options);
  if (history->judgement.verdict == Verdict::holds) {
    CHECK(history->judge->proves(history->judgement.order));
  }
  return history->judgement.verdict;
}

std::string event(int process, const char* type, const char* f, int time_ns,
                  const char* value = "nil") {
  return "{:process " + std::to_string(process) + ", :type " + type + ", :f " + f + ", :time " +
         std::to_string(time_ns) + ", :value " + value + "}\n";
}

TEST_CASE("a grant with a lease may end at its deadline and not before") {
  const auto handover = [](int answered, const char* lease) {
    return judge_leases(
        event(1, ":invoke", ":acquire", 100) + event(1, ":ok", ":acquire", 110, lease) +
        event(2, ":invoke", ":acquire", 120) + event(2, ":ok", ":acquire", answered));
  };
  // Granted between 100 and 110.
  CHECK(handover(149, "{:lease_ns 50}") == Verdict::violated);
  CHECK(handover(150, "{:lease_ns 50}") == Verdict::holds);
  CHECK(handover(159, "{:deadline_ns 160}") == Verdict::violated);
  CHECK(handover(160, "{:deadline_ns 160}") == Verdict::holds);
  CHECK(handover(999, "nil") == Verdict::violated);
}

TEST_CASE("clients that wait for a leased lock when the history ends are no choices to try") {
  // Of four leases of 10 ns that were granted between 0 and 29, three at most fit.
  std::string waiting;
  std::string granted;
  for (int process = 0; process < 40; ++process)
    waiting += event(process, ":invoke", ":acquire", 0);
  for (const int process : {0, 1, 2, 3}) {
    granted += event(process, ":ok", ":acquire", 29, "{:lease_ns 10}");
    CHECK(judge_leases(waiting + granted) == (process < 3 ? Verdict::holds : Verdict::violated));
  }
}

TEST_CASE("what a failed release means matters to leases too") {
  const auto under = [](const char* error) {
    CheckOptions options;
    options.specification = find_specification("leased-mutex").value();
    const std::string failed =
        "{:process 1, :type :fail, :f :release, :time 130, :error " + std::string(error) + "}\n";
    auto history = read_history(
        std::make_unique<TextSource>(event(1, ":invoke", ":acquire", 100) +
                                     event(1, ":ok", ":acquire", 110, "{:lease_ns 50}") +
                                     event(1, ":invoke", ":release", 120) + failed +
                                     event(2, ":invoke", ":acquire", 135) +
                                     event(2, ":ok", ":acquire", 140)),
        options);
    REQUIRE(history);
    judge_history(*history, options);
    CHECK(history->judgement.procedure == "leases");
    return history->under;
  };
  constexpr auto kHolds = Verdict::holds;
  constexpr auto kViolated = Verdict::violated;
  // Nobody may say before 150 that the lease is gone; if it is true all the same, the lock is free.
  CHECK(under("[:not-found \"lease\"]") == std::array{kViolated, kHolds, kViolated});
  CHECK(under(":not-held") == std::array{kViolated, kViolated, kViolated});
  CHECK_FALSE(under(":timeout"));
}

TEST_CASE("a belief lasts to the latest deadline that its client was told") {
  const auto belief = [](const std::string& between, int second_told) {
    CheckOptions options;
    options.specification = find_specification("leased-mutex").value();
    auto history = read_history(
        std::make_unique<TextSource>(event(1, ":invoke", ":acquire", 100) +
                                     event(1, ":ok", ":acquire", 101, "{:deadline_ns 150}") +
                                     between + event(2, ":invoke", ":acquire", 145) +
                                     event(2, ":ok", ":acquire", second_told)),
        options);
    if (!history) FAIL(support::text(history.error()));
    judge_history(*history, options);
    return history->views.belief();
  };
  CHECK(belief("", 149) == Verdict::violated);
  CHECK(belief("", 150) == Verdict::holds);
  const std::string renewed =
      event(1, ":invoke", ":renew", 120) + event(1, ":ok", ":renew", 121, "{:deadline_ns 170}");
  CHECK(belief(renewed, 169) == Verdict::violated);
  CHECK(belief(renewed, 170) == Verdict::holds);
  // Acquired once more after the first belief was over.
  const std::string again =
      event(1, ":invoke", ":acquire", 155) + event(1, ":ok", ":acquire", 156, "{:deadline_ns 190}");
  CHECK(belief(again, 189) == Verdict::violated);
  CHECK(belief(again, 190) == Verdict::holds);
}

TEST_CASE("a history that memory does not hold is unknown") {
  std::string events;
  for (int i = 0; i < 50'000; ++i) {
    events += event(i % 7, ":invoke", ":acquire", i) + event(i % 7, ":info", ":acquire", i);
  }
  CheckOptions options;
  options.specification = find_specification("mutex").value();
  const auto judged = [&](std::size_t bytes) {
    options.budget.bytes = bytes;
    auto history = read_history(std::make_unique<TextSource>(events), options);
    REQUIRE(history);
    judge_history(*history, options);
    return std::move(history).value();
  };
  CHECK(judged(std::size_t{1} << 26).judgement.verdict == Verdict::holds);
  const CheckedHistory cut = judged(std::size_t{1} << 20);
  CHECK(cut.judgement.verdict == Verdict::unknown);
  REQUIRE(cut.cut_after_line);
  CHECK(*cut.cut_after_line < 100'000);
  CHECK(cut.bytes() < (std::size_t{1} << 22));
}

TEST_CASE("what a history holds of each call is little") {
  std::string events;
  for (int i = 0; i < 20'000; ++i) {
    const char* const f = i % 2 == 0 ? ":acquire" : ":release";
    events += event(1, ":invoke", f, i) + event(1, ":ok", f, i);
  }
  CheckOptions options;
  options.specification = find_specification("owner-mutex").value();
  auto history = read_history(std::make_unique<TextSource>(events), options);
  REQUIRE(history);
  judge_history(*history, options);
  CHECK(history->judgement.verdict == Verdict::holds);
  CHECK(history->bytes() / history->calls.size() <= 140);
}

TEST_CASE("two leases cannot both begin at the earliest end of a third") {
  const auto three = [](int third_answered) {
    return judge_leases(
        event(1, ":invoke", ":acquire", 100) + event(2, ":invoke", ":acquire", 100) +
        event(3, ":invoke", ":acquire", 100) + event(1, ":ok", ":acquire", 110, "{:lease_ns 50}") +
        event(2, ":ok", ":acquire", 155, "{:lease_ns 50}") +
        event(3, ":ok", ":acquire", third_answered, "{:lease_ns 50}"));
  };
  CHECK(three(199) == Verdict::violated);
  CHECK(three(200) == Verdict::holds);
}

TEST_CASE("a renewal moves the deadline, and proves that the grant had not ended") {
  const auto renewed = [](int answered) {
    return judge_leases(
        event(1, ":invoke", ":acquire", 100) + event(1, ":ok", ":acquire", 100, "{:lease_ns 50}") +
        event(1, ":invoke", ":renew", 140) + event(1, ":ok", ":renew", 142, "{:lease_ns 50}") +
        event(2, ":invoke", ":acquire", 145) + event(2, ":ok", ":acquire", answered));
  };
  CHECK(renewed(189) == Verdict::violated);
  CHECK(renewed(190) == Verdict::holds);
}

}  // namespace
}  // namespace leasehold::checkers
