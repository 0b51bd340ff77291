#include "reports/result_json.hpp"

#include <array>

#include "checkers/property_name.hpp"
#include "reports/digest_text.hpp"
#include "reports/interval.hpp"
#include "reports/not_exercised.hpp"
#include "reports/number.hpp"
#include "reports/truth_text.hpp"
#include "scenarios/words.hpp"
#include "scenarios/workload/workloads.hpp"

namespace leasehold::reports {
namespace {

using checkers::CensoredHistogram;
using checkers::Histogram;
using checkers::Property;
using checkers::Quantile;
using scenarios::CampaignResult;
using scenarios::CellResult;
using scenarios::CellTally;
using scenarios::PropertyTally;
using scenarios::RateSums;
using scenarios::SeedRanges;
using Json = nlohmann::ordered_json;

struct NamedQuantile {
  const char* name;
  Quantile p;
};
constexpr NamedQuantile kP5{"p5", {5, 100}};
constexpr NamedQuantile kP50{"p50", {50, 100}};
constexpr NamedQuantile kP90{"p90", {90, 100}};
constexpr NamedQuantile kP95{"p95", {95, 100}};
constexpr NamedQuantile kP99{"p99", {99, 100}};
constexpr NamedQuantile kP999{"p999", {999, 1'000}};
constexpr NamedQuantile kMax{"max", {1, 1}};

template <class Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json ratio(std::uint64_t numerator, std::uint64_t denominator) {
  if (denominator == 0) return nullptr;
  return six_digits(static_cast<double>(numerator) / static_cast<double>(denominator));
}

Json list(const SeedRanges& seeds) {
  Json ranges = Json::array();
  for (const SeedRanges::Range& range : seeds.ranges()) {
    ranges.push_back(Json::array({range.first, range.last}));
  }
  return ranges;
}

std::string verdict_of(const PropertyTally& tally, std::uint64_t runs) {
  if (!tally.violated_seeds.empty()) return "violated";
  if (runs > 0 && tally.not_applicable_seeds.count() == runs) return "n/a";
  // Runs that put nothing to the test prove nothing.
  return tally.unknown_seeds.empty() && tally.judged_runs() > 0 ? "holds" : "unknown";
}

Json property_json(const CellResult& cell, Property property) {
  const PropertyTally& tally = cell.tally.property(property);
  const Proportion share = violated_share(tally);
  Json json;
  json["verdict"] = verdict_of(tally, cell.tally.runs());
  json["violated_runs"] = share.count;
  json["unknown_runs"] = tally.unknown_seeds.count();
  json["vacuous_runs"] = tally.vacuous_seeds.count();
  json["judged_runs"] = share.of;
  json["rate"] = ratio(share.count, share.of);
  std::optional<Interval> interval;
  if (share.of > 0) interval = clopper_pearson(share);
  json["rate_low"] = interval ? Json(six_digits(interval->low)) : Json(nullptr);
  json["rate_high"] = interval ? Json(six_digits(interval->high)) : Json(nullptr);
  json["rate_of_all_runs"] =
      ratio(share.count, cell.tally.runs() - tally.not_applicable_seeds.count());
  json["violated_seeds"] = list(tally.violated_seeds);
  json["unknown_seeds"] = list(tally.unknown_seeds);
  json["worst_seed"] = tally.worst ? Json(tally.worst->seed) : Json(nullptr);
  json["recipe"] = tally.worst ? Json(cell.recipe_of(tally.worst->seed)) : Json(nullptr);
  return json;
}

Json properties_json(const CellResult& cell) {
  Json json;
  for (std::size_t i = 0; i < checkers::kPropertyCount; ++i) {
    json[std::string(checkers::kPropertyNames[i])] = property_json(cell, static_cast<Property>(i));
  }
  return json;
}

template <std::size_t N>
void add_quantiles(Json& json, const Histogram& values, const std::array<NamedQuantile, N>& which) {
  for (const NamedQuantile& each : which) json[each.name] = or_null(values.quantile_ns(each.p));
}

/// `at_least_ns` holds a bound for each quantile that falls among the unserved.
template <std::size_t N>
void add_quantiles(Json& json, const CensoredHistogram& values,
                   const std::array<NamedQuantile, N>& which) {
  Json at_least = Json::object();
  for (const NamedQuantile& each : which) {
    const CensoredHistogram::Value value = values.quantile_ns(each.p);
    json[each.name] = or_null(value.value_ns);
    if (value.at_least_ns) at_least[each.name] = *value.at_least_ns;
  }
  if (!at_least.empty()) json["at_least_ns"] = at_least;
}

Json overlap_json(const Histogram& overlaps) {
  Json json;
  json["count"] = overlaps.count();
  add_quantiles(json, overlaps, std::array{kP50, kP99, kMax});
  return json;
}

Json gap_json(const Histogram& gaps) {
  Json json;
  add_quantiles(json, gaps, std::array{kP5, kP50});
  json["mean"] = or_null(gaps.mean_ns());
  add_quantiles(json, gaps, std::array{kP95, kP99, kMax});
  return json;
}

Json if_any(bool any, std::uint64_t count) { return any ? Json(count) : Json(nullptr); }

/// Null, not 0, of what the workload has no rule for, and of tokens where there are none.
Json effects_json(const scenarios::Workload& workload, const CellResult& cell) {
  const scenarios::Totals& totals = cell.tally.totals();
  const checkers::EffectCounts& effects = totals.effects;
  const checkers::EffectRules rules = scenarios::effect_rules(workload);
  return {{"accepted", effects.accepted},
          {"stale", if_any(rules.stale || rules.rows, effects.stale)},
          {"lost", if_any(rules.lost, effects.lost)},
          {"duplicate", if_any(rules.duplicate, effects.duplicate)},
          {"fenced_rejected", if_any(cell.has_token, effects.fenced)},
          {"would_be_rejected", if_any(cell.has_token, effects.would_be_fenced)},
          {"exposures", totals.exposures}};
}

Json attempts_json(const checkers::AttemptCounts& attempts) {
  return {{"made", attempts.made},
          {"acquired", attempts.acquired},
          {"refused", attempts.refused},
          {"timed_out", attempts.timed_out},
          {"unfinished", attempts.unfinished}};
}

Json latency_json(const CensoredHistogram& latency) {
  Json json;
  add_quantiles(json, latency, std::array{kP50, kP90, kP99, kP999, kMax});
  return json;
}

Json frequency_json(const scenarios::Scenario& scenario, const scenarios::Totals& totals) {
  const auto* job = std::get_if<scenarios::PeriodJob>(&scenario.workload);
  if (job == nullptr) return nullptr;
  return {{"period_ns", job->period.ns()},
          {"within_tolerance", totals.frequency.within_tolerance},
          {"early", totals.frequency.early},
          {"late", totals.frequency.late},
          {"missed", totals.frequency.missed},
          {"gap_ns", gap_json(totals.job_gap_ns)},
          {"runs_by_client", totals.jobs_by_client},
          {"busiest_share", ratio(totals.jobs_of_busiest, totals.jobs())}};
}

Json fairness_json(const checkers::Fairness& fairness) {
  return {{"jain", ratio(fairness.jain_numerator, fairness.jain_denominator)},
          {"longest_wait_ns", fairness.longest_wait_ns}};
}

Json recovery_json(const std::vector<CensoredHistogram>& recovery) {
  Json json = Json::object();
  for (std::size_t i = 0; i < recovery.size(); ++i) {
    const CensoredHistogram& times = recovery[i];
    if (times.served.count() + times.unserved.count() == 0) continue;
    Json& kind = json[std::string(scenarios::word(static_cast<scenarios::FaultKind>(i)))];
    add_quantiles(kind, times, std::array{kP50, kP99});
    kind["unfinished"] = times.unserved.count();
  }
  return json;
}

void add_rate(Json& json, const std::string& name, const CellTally& tally,
              std::uint64_t RateSums::* numerator, const std::optional<Interval>& interval) {
  const RateSums& sums = tally.rate_sums();
  json[name] = ratio(sums.*numerator, sums.acquired);
  json[name + "_low"] = interval ? Json(six_digits(interval->low)) : Json(nullptr);
  json[name + "_high"] = interval ? Json(six_digits(interval->high)) : Json(nullptr);
}

void add_cost(Json& json, const std::string& name, const CellTally& tally,
              std::uint64_t RateSums::* numerator) {
  add_rate(json, name, tally, numerator,
           bootstrap_interval(tally.resampling(), {numerator, &RateSums::acquired}));
}

Json cost_json(const CellTally& tally) {
  Json json;
  add_cost(json, "messages_per_acquire", tally, &RateSums::messages);
  add_cost(json, "round_trips_per_acquire", tally, &RateSums::round_trips);
  add_cost(json, "fsyncs_per_acquire", tally, &RateSums::fsyncs);
  json["connections_held"] = ratio(tally.totals().cost.connections, tally.totals().cost.looks);
  return json;
}

Json faults_json(const std::vector<checkers::FaultCounts>& faults) {
  Json json = Json::object();
  for (std::size_t i = 0; i < faults.size(); ++i) {
    if (faults[i].scheduled == 0) continue;
    json[std::string(scenarios::word(static_cast<scenarios::FaultKind>(i)))] = {
        {"scheduled", faults[i].scheduled},
        {"bound", faults[i].bound},
        {"in_effect", faults[i].in_effect},
        {"met", faults[i].met}};
  }
  return json;
}

Json truth_json(const scenarios::ScenarioOfResult& scenario, const CellTally& tally) {
  const scenarios::Findings findings =
      scenarios::findings(*scenario.expect, scenario.scenario.yardsticks(), tally);
  const scenarios::Truth truth = scenario.scenario.truth.value_or(scenarios::Truth{});
  return {{"condition", truth.condition},         {"source", truth.source},
          {"variant", scenario.variant},          {"misses", scenario.misses},
          {"expected", expected_line(findings)},  {"measured", measured_line(findings)},
          {"as_expected", findings.as_expected()}};
}

Json entry_json(const CampaignResult& result, const CellResult& cell) {
  const scenarios::ScenarioOfResult& scenario = result.scenarios[cell.scenario];
  const CellTally& tally = cell.tally;
  const scenarios::Totals& totals = tally.totals();
  const bool any = !tally.seeds().empty();
  Json json;
  json["scenario"] = scenario.label;
  json["algorithm"] = cell.algorithm;
  json["parameters"] = cell.parameters;
  json["seeds"] = {{"first", any ? tally.seeds().ranges().front().first : 0},
                   {"count", tally.runs()}};
  json["runs"] = tally.runs();
  json["digest"] = digest_text(tally.digest());
  json["simulated_ns"] = totals.simulated_ns;
  json["properties"] = properties_json(cell);
  json["overlap_ns"] = {{"belief", overlap_json(totals.belief_overlap_ns)},
                        {"work", overlap_json(totals.work_overlap_ns)}};
  add_rate(json, "work_overlaps_per_acquire", tally, &RateSums::work_overlaps,
           overlap_interval(tally));
  json["effects"] = effects_json(scenario.scenario.workload, cell);
  json["attempts"] = attempts_json(totals.attempts);
  json["stuck_runs"] = totals.stuck_runs;
  json["slow_runs"] = totals.slow_runs;
  json["acquire_latency_ns"] = latency_json(totals.acquire_latency_ns);
  json["acquisition_gap_ns"] = gap_json(totals.acquisition_gap_ns);
  json["frequency"] = frequency_json(scenario.scenario, totals);
  json["fairness"] = fairness_json(totals.fairness);
  json["recovery_ns"] = recovery_json(totals.recovery_ns);
  json["cost"] = cost_json(tally);
  json["faults"] = faults_json(totals.faults);
  json["not_exercised"] = not_exercised(scenario.scenario, tally);
  if (scenario.expect) json["truth"] = truth_json(scenario, tally);
  return json;
}

Json threshold_json(const scenarios::JudgedThreshold& judged) {
  return {{"scenario", judged.scenario},
          {"algorithm", judged.algorithm},
          {"property", checkers::property_name(judged.threshold.property)},
          {"max_violated_ppm", judged.threshold.max_violated_ppm},
          {"violated_runs", judged.violated_runs},
          {"judged_runs", judged.judged_runs},
          {"exceeded", judged.exceeded()}};
}

std::uint64_t digest_of(const CampaignResult& result) {
  std::uint64_t digest = 0;
  for (const CellResult& cell : result.cells) {
    digest = digest * 0x100000001b3 + cell.tally.digest();
  }
  return digest;
}

}  // namespace

Json result_json(const CampaignResult& result) {
  Json json;
  json["schema_version"] = kResultSchemaVersion;
  json["replay_version"] = scenarios::kReplayVersion;
  json["engine_version"] = result.engine_version;
  json["campaign"] = result.campaign;
  json["digest"] = digest_text(digest_of(result));
  json["thresholds"] = Json::array();
  for (const auto& judged : result.thresholds) json["thresholds"].push_back(threshold_json(judged));
  json["results"] = Json::array();
  for (const CellResult& cell : result.cells) json["results"].push_back(entry_json(result, cell));
  return json;
}

}  // namespace leasehold::reports
