#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>

#include "models/resource/protocol.hpp"
#include "scenarios/library.hpp"
#include "tests/scenarios/as_expected.hpp"

// Runs the library of incidents: every file of scenarios/library/incidents comes out as it says.
namespace leasehold::scenarios {
namespace {

using test::cells_of;
using test::check_as_expected;
using test::registry;

void check_all_incidents(std::uint64_t seeds) {
  REQUIRE_FALSE(incident_files().empty());
  for (const LibraryFile& file : incident_files()) {
    check_as_expected(cells_of(std::string(file.name)), seeds);
  }
}

TEST_CASE("every incident comes out as it says") { check_all_incidents(1); }
TEST_CASE("every incident comes out as it says, 20 seeds each", "[slow]") {
  check_all_incidents(20);
}

Scenario loaded(const LibraryFile& file) {
  const auto incident = load_scenario(std::string(file.name), vocabulary_of(registry()));
  if (!incident) FAIL(support::text(incident.error()));
  return *incident;
}

TEST_CASE("every incident tells its story, and is called as its file and as nothing else") {
  for (const LibraryFile& file : incident_files()) {
    INFO(file.name);
    const Scenario incident = loaded(file);
    CHECK(incident.name == file.name);
    CHECK(find_file(library_files(), file.name) == nullptr);
    CHECK(find_file(truth_files(), file.name) == nullptr);
    CHECK_FALSE(incident.summary.empty());
    CHECK(incident.summary.size() <= 100);
    CHECK(incident.story.size() > 200);
    REQUIRE(incident.truth);
    CHECK_FALSE(incident.truth->condition.empty());
    CHECK_FALSE(incident.truth->source.empty());
    for (const Variant& variant : incident.variants) {
      INFO(variant.label);
      CHECK(variant.expect);
      CHECK(variant.label.size() <= 44);
    }
  }
}

/// Whether something bad is expected: a property violated, or a wait of some length.
bool expects_harm(const Expectation& expect) {
  const auto violated = [](const auto& share) { return share && share->at_least_per_mille > 0; };
  return std::any_of(expect.shares.begin(), expect.shares.end(), violated) ||
         (expect.longest_wait && expect.longest_wait->at_least != Span{});
}

TEST_CASE("every incident begins with a design that fails, and puts one right") {
  for (const LibraryFile& file : incident_files()) {
    INFO(file.name);
    const Scenario incident = loaded(file);
    CHECK(expects_harm(*incident.variants.front().expect));
    CHECK(std::any_of(incident.variants.begin() + 1, incident.variants.end(),
                      [&](const Variant& variant) {
                        return *variant.expect != *incident.variants.front().expect;
                      }));
  }
}

TEST_CASE("incidents stands for every incident, in the order of their names") {
  std::vector<std::string> names;
  for (const ResolvedCell& cell : cells_of("incidents")) {
    const std::string& name = cell.scenario().name;
    if (names.empty() || names.back() != name) names.push_back(name);
  }
  std::vector<std::string> files;
  for (const LibraryFile& file : incident_files()) files.emplace_back(file.name);
  CHECK(names == files);
}

// The vouchers, user by user.

/// Who has which voucher, and who was told of one.
class Vouchers final : public sim::RecordSink {
 public:
  void on_record(sim::TrueTime, std::uint64_t, std::uint16_t kind, const void* record) override {
    if (kind != checkers::Effect::kRecordKind) return;
    const auto& effect = *static_cast<const checkers::Effect*>(record);
    if (effect.kind == checkers::Effect::Kind::write) user_of[effect.job] = effect.attempt;
    if (effect.kind == checkers::Effect::Kind::notice) told[effect.attempt] = effect.job;
  }

  /// Users that were told of a voucher that is another's.
  std::size_t deceived() const {
    return static_cast<std::size_t>(std::count_if(
        told.begin(), told.end(),
        [this](const auto& notice) { return user_of.at(notice.second) != notice.first; }));
  }

  std::map<std::uint64_t, checkers::AttemptId> user_of;  ///< by voucher: who claimed it last
  std::map<checkers::AttemptId, std::uint64_t> told;
};

struct VoucherRun {
  Vouchers vouchers;
  checkers::EffectCounts effects;
};

VoucherRun voucher_run(const std::string& algorithm, std::vector<std::string> settings,
                       const std::string& incident = "voucher") {
  const std::vector<ResolvedCell> cells = cells_of(incident, {algorithm}, std::move(settings));
  REQUIRE(cells.size() == 1);
  VoucherRun outcome;
  Runner runner(cells.front().cell());
  outcome.effects = runner.run(8'000'000, {nullptr, &outcome.vouchers}).checker->effects().counts;
  return outcome;
}

TEST_CASE("two pods without a lock tell a user of a voucher that another one has") {
  const VoucherRun run = voucher_run("none", {"scenario.variant=no lock"});
  CHECK(run.vouchers.told.size() > 500);
  CHECK(run.vouchers.deceived() > 10);
  // Each of them lost a voucher to another's claim, which is what the checker counts.
  CHECK(run.effects.lost == run.vouchers.deceived());
  CHECK(run.effects.stale <= run.effects.lost);
  CHECK(run.effects.duplicate == 0);
}

TEST_CASE("a claim that counts its rows gives every user a voucher of its own, in order") {
  const VoucherRun run = voucher_run("none", {"scenario.variant=conditional claim, no lock"});
  CHECK(run.vouchers.told.size() > 500);
  CHECK(run.vouchers.deceived() == 0);
  CHECK(run.effects.lost == 0);
  std::set<std::uint64_t> numbers;
  for (const auto& [voucher, user] : run.vouchers.user_of) numbers.insert(voucher);
  CHECK(*numbers.begin() == 1);
  CHECK(*numbers.rbegin() == numbers.size());
}

TEST_CASE(
    "whoever does not count the rows of a conditional claim deceives, and overwrites nobody") {
  const VoucherRun run = voucher_run("none", {"scenario.variant=conditional, rows not counted"});
  CHECK(run.effects.lost == 0);
  CHECK(run.vouchers.deceived() > 10);
  CHECK(run.effects.stale == run.vouchers.deceived());
}

/// Vouchers claimed, and rows of users.
std::size_t rows_from(const Vouchers& vouchers, std::uint64_t first, std::uint64_t last) {
  return static_cast<std::size_t>(
      std::count_if(vouchers.user_of.begin(), vouchers.user_of.end(),
                    [&](const auto& row) { return row.first >= first && row.first <= last; }));
}

TEST_CASE("a message that comes again gives its user a second voucher, unless it is recognised") {
  constexpr std::uint64_t kFirstUser = models::resource::kFirstKey;
  const VoucherRun again = voucher_run(
      "redis-ttl", {"scenario.variant=looks for a free voucher again"}, "voucher-twice");
  const std::size_t vouchers = rows_from(again.vouchers, 1, kFirstUser - 1);
  const std::size_t users = rows_from(again.vouchers, kFirstUser, ~std::uint64_t{0});
  CHECK(users > 100);
  CHECK(vouchers == users + 1);
  CHECK(again.effects.lost == 1);
  const VoucherRun once = voucher_run(
      "redis-ttl", {"scenario.variant=looks if the user has one first"}, "voucher-twice");
  CHECK(rows_from(once.vouchers, 1, kFirstUser - 1) ==
        rows_from(once.vouchers, kFirstUser, ~std::uint64_t{0}));
  CHECK(once.effects.lost == 0);
  CHECK(once.effects.stale == 0);
  // Every user has been told, also the one whose pod died.
  CHECK(once.vouchers.told.size() == rows_from(once.vouchers, kFirstUser, ~std::uint64_t{0}));
}

TEST_CASE(
    "a message that was acknowledged on receipt leaves its user with a voucher and no notice") {
  const VoucherRun run = voucher_run(
      "redis-ttl", {"scenario.variant=acknowledged on receipt: no notice"}, "voucher-twice");
  const auto untold =
      std::count_if(run.vouchers.user_of.begin(), run.vouchers.user_of.end(),
                    [&](const auto& row) { return !run.vouchers.told.contains(row.second); });
  CHECK(untold == 1);
  CHECK(run.effects.lost == 0);
}

TEST_CASE("keeping the lock helps as long as no pod takes longer from looking to locking") {
  for (const std::int64_t work_ms : {5, 10, 40}) {
    for (const std::int64_t more_ms : {-2, 3}) {
      INFO("from looking to locking " << work_ms << " ms, kept " << work_ms + more_ms << " ms");
      const VoucherRun run =
          voucher_run("redis-ttl",
                      {"scenario.variants=[]", "scenario.work=" + std::to_string(work_ms) + "ms",
                       "scenario.workload.hold_after=" + std::to_string(work_ms + more_ms) + "ms"});
      CHECK((run.effects.lost > 0) == (more_ms < 0));
    }
  }
}

}  // namespace
}  // namespace leasehold::scenarios
