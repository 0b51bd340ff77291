#include <catch2/catch.hpp>

#include <fstream>
#include <map>
#include <string>
#include <string_view>

#include "tests/checkers/linearizability/lock_histories.hpp"

namespace leasehold::checkers {
namespace {

using namespace testing;

const std::string kData = std::string(LEASEHOLD_SOURCE_DIR) + "/tests/checkers/data/";

/// What follows `key` in the line, up to the next delimiter; empty without the key.
std::string_view field(std::string_view line, std::string_view key) {
  const std::size_t found = line.find(key);
  if (found == std::string_view::npos) return {};
  const std::string_view rest = line.substr(found + key.size());
  return rest.substr(0, rest.find_first_of(" ,}\""));
}

std::uint64_t number(std::string_view digits) {
  return digits.empty() ? 0 : std::stoull(std::string(digits));
}

/// Reads only the lines that these files hold.
LockHistory read_history(const std::string& path) {
  std::ifstream in(path);
  REQUIRE(in);
  LockHistory history;
  std::map<std::uint64_t, std::size_t> open;  // by process
  Position now = 0;
  for (std::string line; std::getline(in, line);) {
    ++now;
    const std::uint64_t process = number(field(line, ":process "));
    const std::string_view type = field(line, ":type :");
    if (type == "invoke") {
      const bool acquires = field(line, ":f :") == "acquire";
      const auto kind = acquires ? LockOperation::Kind::acquire : LockOperation::Kind::release;
      const auto owner = static_cast<OwnerId>(1 + number(field(line, ":client \"c")));
      open[process] = history.size();
      history.push_back({{kind, false, owner, 0}, now, kNever});
      continue;
    }
    LockCall& call = history.at(open.at(process));
    if (type == "info") continue;
    call.responded = now;
    call.operation.refused = type == "fail";
    call.operation.token = number(field(line, ":fence "));
  }
  REQUIRE_FALSE(history.empty());
  return history;
}

TEST_CASE("every stored history gets its right verdict from the search and the fast procedures") {
  std::ifstream in(kData + "expected.csv");
  std::string line;
  std::getline(in, line);
  int rows = 0;
  int decided_fast = 0;
  while (std::getline(in, line)) {
    const std::size_t first = line.find(',');
    const std::size_t second = line.find(',', first + 1);
    const std::string file = line.substr(0, first);
    const std::string name = line.substr(first + 1, second - first - 1);
    const bool legal = line.substr(second + 1) == "ok";
    CAPTURE(file, name);
    const NamedSpecification& specification = specification_named(name);
    const LockHistory history = read_as(specification, read_history(kData + file));
    const Verdict expected = legal ? Verdict::holds : Verdict::violated;
    CHECK(search(specification, history).verdict == expected);
    const Verdict fast = judge_fast(specification, history);
    if (fast != Verdict::unknown) {
      CHECK(fast == expected);
      ++decided_fast;
    }
    ++rows;
  }
  CHECK(rows == 303);
  CHECK(decided_fast >= 200);
}

}  // namespace
}  // namespace leasehold::checkers
