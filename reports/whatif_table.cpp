#include "reports/whatif_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "checkers/property_name.hpp"
#include "checkers/record/verdict_word.hpp"
#include "reports/number.hpp"
#include "reports/rate_text.hpp"
#include "reports/scenario_text.hpp"
#include "reports/text.hpp"

namespace leasehold::reports {
namespace {

using checkers::CensoredHistogram;
using checkers::Property;
using checkers::Verdict;
using scenarios::Change;
using scenarios::Counterfactual;
using scenarios::CounterfactualOutcome;
using scenarios::Counterfactuals;
using scenarios::Reproduction;
using scenarios::SymptomShare;

bool contains(const std::vector<Property>& properties, Property property) {
  return std::find(properties.begin(), properties.end(), property) != properties.end();
}

/// The names of those in `these` that are not in `those`, the symptom left out.
std::string beyond(const std::vector<Property>& these, const std::vector<Property>& those,
                   Property symptom) {
  std::vector<std::string> names;
  for (const Property property : these) {
    if (property != symptom && !contains(those, property))
      names.emplace_back(checkers::property_name(property));
  }
  return joined(names, ", ");
}

struct Fate {
  std::string text;
  Style style = Style::plain;
  bool differs = true;  ///< some property came out otherwise
};

Fate fate_of(const Counterfactual& one, const Counterfactuals& all) {
  const CounterfactualOutcome& now = one.outcome;
  Fate fate;
  switch (now.symptom) {
    case Verdict::holds:
      fate = {one.prevented_by_luck() ? "prevented by luck" : "prevented",
              one.prevented_by_luck() ? Style::plain : Style::good};
      break;
    case Verdict::violated:
      fate = {"still violated", Style::bad, false};
      break;
    case Verdict::unknown:
      fate = {"unknown"};
      break;
    case Verdict::not_applicable:
      fate = {"does not apply"};
      break;
  }
  if (now.other_at_ns) {
    fate = {"averted; another at " + duration_text(*now.other_at_ns), Style::plain};
  }
  const auto& before = all.as_it_was.violated;
  const std::string broken = beyond(now.violated, before, all.symptom);
  const std::string mended = beyond(before, now.violated, all.symptom);
  if (!broken.empty()) {
    fate.text += "; " + broken + " violated now";
    fate.style = Style::plain;
    fate.differs = true;
  } else if (now.symptom == Verdict::violated && !mended.empty()) {
    fate.text += "; " + mended + " prevented";
    fate.style = Style::plain;
    fate.differs = true;
  }
  return fate;
}

constexpr double kSame = 0.05;  ///< a cost that differs by no more is told as the same

TableCell ratio(double now, double before) {
  if (before == 0 && now == 0) return {"–", Style::faint};
  if (before == 0) return {Decimal(now).significant(3)};
  const double times = now / before;
  if (std::abs(times - 1) <= kSame) return {"=", Style::faint};
  if (now == 0) return {"none"};
  return {"×" + (times < 1 ? Decimal(times).fixed(2) : Decimal(times).significant(2))};
}

double per_acquisition(std::uint64_t count, const CounterfactualOutcome& outcome) {
  return outcome.acquired == 0 ? 0
                               : static_cast<double>(count) / static_cast<double>(outcome.acquired);
}

TableCell wait(const CensoredHistogram::Value& value) {
  if (value.at_least_ns) return {"> " + duration_text(*value.at_least_ns), Style::bad};
  if (!value.value_ns) return {"–", Style::faint};
  return {duration_text(*value.value_ns)};
}

TableCell wait(const CensoredHistogram::Value& now, const CensoredHistogram::Value& before) {
  if (!now.value_ns || !before.value_ns || *before.value_ns == 0) return wait(now);
  return ratio(static_cast<double>(*now.value_ns), static_cast<double>(*before.value_ns));
}

TableCell plain(double value) {
  if (value == 0) return {"–", Style::faint};
  return {Decimal(value).significant(3)};
}

std::string share_text(const SymptomShare& share) {
  return std::to_string(share.violated) + "/" + std::to_string(share.judged);
}

TableCell share_cell(const std::optional<SymptomShare>& share) {
  if (!share || share->judged == 0) return {"–", Style::faint};
  return {share_text(*share), share->violated == 0 ? Style::good : Style::plain};
}

/// The seeds are a sample of all there are: what they say of them, with an exact interval.
TableCell sampled_cell(const std::optional<SymptomShare>& share) {
  TableCell cell = share_cell(share);
  if (!share || share->judged == 0) return cell;
  const RateText rate = rate_text({share->violated, share->judged});
  cell.text += "\n" + (rate.interval.empty() ? rate.point : rate.interval + " %");
  return cell;
}

std::vector<TableCell> base_row(const Counterfactuals& all) {
  const CounterfactualOutcome& was = all.as_it_was;
  std::vector<TableCell> row{{"as it was", Style::strong},
                             {"violated", Style::bad},
                             wait(was.latency_p50),
                             wait(was.latency_p99),
                             plain(per_acquisition(was.messages, was)),
                             plain(per_acquisition(was.fsyncs, was)),
                             {count_text(was.acquired)}};
  if (all.nearby) row.push_back(share_cell(all.nearby));
  if (all.share) row.push_back(sampled_cell(all.share));
  return row;
}

/// A setting that may be broken where it is too long for its column.
std::string with_spaces(const std::string& settings) {
  std::string text;
  for (const char c : settings) text += c == '=' ? " = " : std::string(1, c);
  return text;
}

/// Names of properties that may be: `work exclusion`.
std::string in_words(std::string names) {
  std::replace(names.begin(), names.end(), '_', ' ');
  return names;
}

std::vector<TableCell> row_of(const Counterfactual& one, const Counterfactuals& all,
                              const Reproduction& run) {
  const CounterfactualOutcome& was = all.as_it_was;
  const CounterfactualOutcome& now = one.outcome;
  const Fate fate = fate_of(one, all);
  std::vector<TableCell> row{
      {with_spaces(printable(change_text(one.change, run)))},
      {in_words(fate.text), fate.style},
      wait(now.latency_p50, was.latency_p50),
      wait(now.latency_p99, was.latency_p99),
      ratio(per_acquisition(now.messages, now), per_acquisition(was.messages, was)),
      ratio(per_acquisition(now.fsyncs, now), per_acquisition(was.fsyncs, was)),
      ratio(static_cast<double>(now.acquired), static_cast<double>(was.acquired))};
  if (all.nearby) row.push_back(share_cell(one.nearby));
  if (all.share) row.push_back(sampled_cell(one.share));
  return row;
}

Table table_of(const Counterfactuals& all, const Reproduction& run) {
  std::vector<TableColumn> columns{
      {"", Align::left, true},
      {in_words(std::string(checkers::property_name(all.symptom))), Align::left, true},
      {"wait p50"},
      {"p99"},
      {"msgs"},
      {"fsyncs"},
      {"got"}};
  if (all.nearby) columns.push_back({"nearby"});
  if (all.share) columns.push_back({"seeds"});
  Table table(std::move(columns));
  table.add_row(base_row(all));
  for (const Counterfactual& one : all.changed) {
    if (fate_of(one, all).differs) table.add_row(row_of(one, all, run));
  }
  return table;
}

/// What did not help, in a sentence each; with how many seeds it is violated on, where known.
std::string others(const Counterfactuals& all, const Reproduction& run, std::size_t width) {
  std::vector<std::string> in_vain;
  std::vector<std::string> no_matter;
  std::size_t faults = 0;
  for (const Counterfactual& one : all.changed) {
    if (fate_of(one, all).differs) continue;
    if (one.change.kind == Change::Kind::without_fault) {
      ++faults;
      continue;
    }
    std::string text = printable(change_text(one.change, run));
    const bool same = one.outcome.digest == all.as_it_was.digest;
    if (!same && one.share) text += " (" + share_text(*one.share) + ")";
    (same ? no_matter : in_vain).push_back(text);
  }
  if (faults == 1) in_vain.emplace_back("without the one other fault");
  if (faults > 1) {
    in_vain.push_back("without any one of " + std::to_string(faults) + " other faults");
  }
  std::string text;
  if (!in_vain.empty())
    text += paragraph("Still violated: " + joined(in_vain, "; ") + ".", 2, width);
  if (!no_matter.empty()) {
    text += paragraph("The very same run: " + joined(no_matter, "; ") + ".", 2, width);
  }
  const std::size_t planned = run.plan.faults.faults.size();
  if (planned > scenarios::kMostFaultsLeftOut) {
    text += paragraph("Of the " + count_text(planned) + " faults only the first " +
                          count_text(scenarios::kMostFaultsLeftOut) +
                          " were left out, one at a time: shrink the run first.",
                      2, width);
  }
  return text;
}

/// One run and its neighbours say nothing of others.
std::string caution(const Counterfactuals& all) {
  return all.share ? "" : "More: --seeds 100 tries each change on as many other seeds\n";
}

/// What the columns mean that count runs.
std::string counted(const Counterfactuals& all, const Reproduction& run) {
  std::string text;
  if (all.nearby) {
    text += " Nearby: in how many of " + std::to_string(all.nearby->judged) +
            " runs it is violated in which " +
            (run.plan.faults.faults.empty() ? "each round" : "each fault") +
            " comes a few ms sooner or later.";
  }
  if (all.share) {
    const bool own_faults = run.cell.scenario().faults.empty();
    text += " Seeds: in how many runs of other seeds, " +
            std::string(own_faults ? "with the same faults" : "with the faults that each draws") +
            ", and the exact 95 % interval.";
  }
  return text;
}

std::string head(const Counterfactuals& all, const Reproduction& run) {
  return run.cell.algorithm().id + " on " + run.cell.label() + ", seed " +
         std::to_string(run.seed) + ": what would have prevented the violation of " +
         std::string(checkers::property_name(all.symptom)) +
         ", one thing changed at a time. Waits for the lock, messages and fsyncs per acquisition, "
         "and how often it was got: relative to the run as it was." +
         counted(all, run);
}

using Json = nlohmann::ordered_json;

Json json_of(const CensoredHistogram::Value& value) {
  return value.value_ns ? Json(*value.value_ns) : Json(nullptr);
}

Json json_of(const SymptomShare& share) {
  return {{"violated_runs", share.violated}, {"judged_runs", share.judged}};
}

Json json_of(const CounterfactualOutcome& outcome, const std::optional<SymptomShare>& nearby,
             const std::optional<SymptomShare>& share) {
  Json json;
  json["verdict"] = checkers::verdict_word(outcome.symptom);
  json["violated"] = Json::array();
  for (const Property property : outcome.violated)
    json["violated"].push_back(checkers::property_name(property));
  if (outcome.other_at_ns) json["other_violation_at_ns"] = *outcome.other_at_ns;
  json["acquired"] = outcome.acquired;
  json["acquire_latency_ns"] = {{"p50", json_of(outcome.latency_p50)},
                                {"p99", json_of(outcome.latency_p99)}};
  json["messages_per_acquire"] = six_digits(per_acquisition(outcome.messages, outcome));
  json["fsyncs_per_acquire"] = six_digits(per_acquisition(outcome.fsyncs, outcome));
  if (nearby) json["nearby"] = json_of(*nearby);
  if (share) json["seeds"] = json_of(*share);
  return json;
}

std::string_view word(Change::Kind kind) {
  constexpr std::array<std::string_view, 5> kWords{"fencing", "parameter", "lease", "without-fault",
                                                   "algorithm"};
  return kWords.at(static_cast<std::size_t>(kind));
}

}  // namespace

std::string change_text(const Change& change, const Reproduction& run) {
  switch (change.kind) {
    case Change::Kind::lease:
      return "lease " + duration_text(change.cell.scenario().lease.ns());
    case Change::Kind::algorithm:
      return change.cell.algorithm().id + " instead";
    case Change::Kind::without_fault:
      return "without " + fault_text(run.plan.faults.faults[change.fault]);
    case Change::Kind::fencing:
    case Change::Kind::parameter:
      break;
  }
  // The fence last: what it needs comes before it.
  std::vector<std::string> settings;
  for (const auto& [parameter, value] : change.parameters) {
    if (parameter != "fencing") settings.push_back(parameter + "=" + value);
  }
  const auto fencing = change.parameters.find("fencing");
  if (fencing != change.parameters.end()) settings.push_back("fencing=" + fencing->second);
  return joined(settings, ", ");
}

std::string whatif_text(const Counterfactuals& all, const Reproduction& run,
                        const WhatifOptions& options) {
  const Table table = table_of(all, run);
  if (options.markdown) {
    return head(all, run) + "\n\n" + to_markdown(table) + "\n" + others(all, run, SIZE_MAX) +
           caution(all);
  }
  return paragraph(printable(head(all, run)), 2, options.console.width) + "\n" +
         to_console(table, options.console) + "\n" + others(all, run, options.console.width) +
         caution(all);
}

std::string whatif_json(const Counterfactuals& all, const Reproduction& run) {
  Json json;
  json["schema_version"] = 1;
  json["replay_version"] = scenarios::kReplayVersion;
  json["run"] = run.name;
  json["symptom"] = checkers::property_name(all.symptom);
  json["as_it_was"] = json_of(all.as_it_was, all.nearby, all.share);
  json["changes"] = Json::array();
  for (const Counterfactual& one : all.changed) {
    Json change;
    change["change"] = change_text(one.change, run);
    change["kind"] = word(one.change.kind);
    change["same_run"] = one.outcome.digest == all.as_it_was.digest;
    change.update(json_of(one.outcome, one.nearby, one.share));
    json["changes"].push_back(std::move(change));
  }
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string whatif_csv(const Counterfactuals& all, const Reproduction& run) {
  std::vector<TableColumn> columns{{"change"},
                                   {"kind"},
                                   {"verdict"},
                                   {"violated"},
                                   {"wait_p50_ns"},
                                   {"wait_p99_ns"},
                                   {"messages_per_acquire"},
                                   {"fsyncs_per_acquire"},
                                   {"acquired"},
                                   {"nearby_violated_runs"},
                                   {"nearby_judged_runs"},
                                   {"violated_runs"},
                                   {"judged_runs"}};
  Table table(std::move(columns));
  const auto add =
      [&](const std::string& what, std::string_view kind, const CounterfactualOutcome& outcome,
          const std::optional<SymptomShare>& nearby, const std::optional<SymptomShare>& share) {
        const Json json = json_of(outcome, nearby, share);
        std::vector<std::string> violated;
        for (const Property property : outcome.violated)
          violated.emplace_back(checkers::property_name(property));
        const auto field = [](const Json& value) { return value.is_null() ? "" : value.dump(); };
        table.add_row({{what},
                       {std::string(kind)},
                       {json["verdict"].get<std::string>()},
                       {joined(violated, " ")},
                       {field(json["acquire_latency_ns"]["p50"])},
                       {field(json["acquire_latency_ns"]["p99"])},
                       {field(json["messages_per_acquire"])},
                       {field(json["fsyncs_per_acquire"])},
                       {std::to_string(outcome.acquired)},
                       {nearby ? std::to_string(nearby->violated) : ""},
                       {nearby ? std::to_string(nearby->judged) : ""},
                       {share ? std::to_string(share->violated) : ""},
                       {share ? std::to_string(share->judged) : ""}});
      };
  add("as it was", "", all.as_it_was, all.nearby, all.share);
  for (const Counterfactual& one : all.changed) {
    add(change_text(one.change, run), word(one.change.kind), one.outcome, one.nearby, one.share);
  }
  return to_csv(table);
}

}  // namespace leasehold::reports
