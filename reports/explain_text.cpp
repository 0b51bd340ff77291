#include "reports/explain_text.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "models/describe.hpp"
#include "reports/explanation/phrases.hpp"
#include "reports/explanation/story.hpp"
#include "reports/number.hpp"
#include "reports/text.hpp"

namespace leasehold::reports {
namespace {

using checkers::Property;
using scenarios::Assumption;
using scenarios::Explanation;
using scenarios::Focus;
using scenarios::LastChance;
using scenarios::Lever;
using scenarios::NeededFault;
using scenarios::PlannedFault;
using scenarios::Reproduction;

constexpr std::size_t kTimeWidth = 10;

std::string name(Property property) {
  return std::string(checkers::kPropertyNames[static_cast<std::size_t>(property)]);
}

std::string capitalised(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() ^= 0x20;
  return text;
}

std::uint32_t clients_of(const Reproduction& run) { return run.cell.scenario().clients; }

std::string phrase_of(std::size_t moment, const Explanation& found, const Reproduction& run) {
  return moment_phrase(found.chronicle, moment, run.plan.faults, clients_of(run));
}

/// What the violation is, in a few words.
std::string gist(const Explanation& found) {
  const Focus& focus = found.focus;
  const auto both = [&](const std::string& did) {
    if (!focus.earlier || !focus.later) return std::string();
    return client_text(focus.earlier->client) + " and " + client_text(focus.later->client) + did;
  };
  switch (focus.property) {
    case Property::grant_exclusion:
      return both(" are granted the lock at once");
    case Property::belief_exclusion:
      return both(" believe at once that they hold the lock");
    case Property::work_exclusion:
      return both(" work at once");
    case Property::linearizable:
      return both(" are told what no lock could have told them");
    case Property::effect_safety: {
      constexpr std::array kRules{"a stale effect is accepted", "an update is lost",
                                  "a job is done twice"};
      return found.effect ? kRules.at(static_cast<std::size_t>(found.effect->rule)) : "";
    }
    case Property::progress:
      return found.progress &&
                     found.progress->starvation == checkers::ProgressResult::Starvation::stuck
                 ? "the lock is stuck for ever"
                 : "the lock comes back too late";
    case Property::frequency:
      break;
  }
  if (!found.frequency) return "";
  const checkers::FrequencyCounts& counts = *found.frequency;
  return std::to_string(counts.early) + " early and " + std::to_string(counts.late) + " late of " +
         std::to_string(counts.gaps()) + " gaps, " + std::to_string(counts.missed) + " runs missed";
}

std::string head(const Explanation& found, const Reproduction& run) {
  std::string text =
      run.cell.algorithm().id + " on " + run.cell.label() + ", seed " + std::to_string(run.seed) +
      ", lease " + duration_text(run.cell.scenario().lease.ns()) + ": " +
      name(found.focus.property) + " violated at " + instant_text(found.focus.at.at_ns);
  const std::string what = gist(found);
  return what.empty() ? text : text + ": " + what;
}

/// A time, and what there is to say of it.
std::string timed_line(const std::string& at, const std::string& text, std::size_t width) {
  const std::size_t blanks = at.size() < kTimeWidth ? kTimeWidth - at.size() : 0;
  return std::string(blanks, ' ') + at + "  " +
         paragraph(printable(text) + ".", kTimeWidth + 2, width);
}

std::string story_text(const Explanation& found, const Reproduction& run, std::size_t width) {
  std::string text;
  for (const StoryLine& line : story_of(found, run)) {
    text += timed_line(instant_text(line.at_ns), capitalised(line.text), width);
  }
  return text;
}

// ------------------------------------------------------------------------- the critical moment

std::string who_stops(const LastChance& chance, const Focus& focus) {
  const auto& one = chance.lever == Lever::earlier ? focus.earlier : focus.later;
  return client_text(one->client);
}

/// Until when a lever averts it: a line for each.
std::string chances_text(const Explanation& found, const Reproduction& run, std::size_t width) {
  if (found.chances.empty()) return "";
  std::string text = "It could have been averted until\n";
  for (const LastChance& chance : found.chances) {
    std::string how = chance.lever == Lever::world
                          ? "if nothing more had gone wrong"
                          : "if " + who_stops(chance, found.focus) + " had gone no further";
    if (chance.until_ns && chance.gone_with) {
      const std::int64_t at_ns = found.chronicle.moments()[*chance.gone_with].at.at_ns;
      how += "; then " + phrase_of(*chance.gone_with, found, run);
      if (at_ns != *chance.until_ns) how += ", at " + instant_text(at_ns);
    }
    text += timed_line(chance.until_ns ? instant_text(*chance.until_ns) : "never", how, width);
  }
  return text;
}

std::string critical_text(const Explanation& found, const Reproduction& run) {
  if (found.chances.empty()) return "none; no fault has a part in it";
  if (!found.critical) {
    return "none; whatever was tried from any moment on, " + name(found.focus.property) +
           " is violated";
  }
  const LastChance& last = *found.critical;
  std::string text = instant_text(*last.until_ns);
  if (last.gone_with) {
    const std::string event = phrase_of(*last.gone_with, found, run);
    const std::int64_t at_ns = found.chronicle.moments()[*last.gone_with].at.at_ns;
    text += (at_ns == *last.until_ns ? ", when " : ", before ") + event;
  }
  text += ". From then on every continuation that was tried violates " + name(found.focus.property);
  return text;
}

// ------------------------------------------------------------------------ order and assumptions

std::string order_text(const Explanation& found, const Reproduction& run) {
  const Focus& focus = found.focus;
  const auto& moments = found.chronicle.moments();
  if (focus.first && found.given_back_elsewhere_ns) {
    return phrase_of(*focus.first, found, run) + " (" +
           instant_text(moments[*focus.first].at.at_ns) +
           ") before it gives its lock back, as it does at " +
           instant_text(*found.given_back_elsewhere_ns) +
           " in the run in which nothing more goes wrong";
  }
  if (!focus.first || !focus.second || focus.property == Property::frequency) return "";
  std::string text = phrase_of(*focus.first, found, run) + " (" +
                     instant_text(moments[*focus.first].at.at_ns) + ") before " +
                     phrase_of(*focus.second, found, run) + " (" +
                     instant_text(moments[*focus.second].at.at_ns) + "). ";
  return text + (found.order_confirmed
                     ? "The other way round the property holds: it did so in a run"
                     : "No run was found in which they come the other way round and it holds");
}

std::string size_text(const PlannedFault& fault, std::int64_t size) {
  const std::int64_t absolute = std::abs(size);
  const bool rate = scenarios::info(fault.kind).takes(scenarios::FaultParameter::rate);
  return rate ? count_text(static_cast<std::uint64_t>(absolute)) + " ppm" : duration_text(absolute);
}

std::string in_leases(std::int64_t ns, const Reproduction& run) {
  return Decimal(static_cast<double>(std::abs(ns)) /
                 static_cast<double>(run.cell.scenario().lease.ns()))
             .significant(2) +
         " leases";
}

/// How far a fault went, and how far it need not have gone.
std::string bounds_text(const NeededFault& needed, const PlannedFault& fault,
                        const Reproduction& run) {
  if (!needed.size) return "";
  const bool less = *needed.least_size != *needed.size;
  if (scenarios::info(fault.kind).takes(scenarios::FaultParameter::rate)) {
    return less ? "; " + size_text(fault, *needed.least_size) + " would have done" : "";
  }
  std::string text = "; " + size_text(fault, *needed.size) + " is " + in_leases(*needed.size, run);
  if (less) {
    text += ", and " + size_text(fault, *needed.least_size) + " (" +
            in_leases(*needed.least_size, run) + ") would have done";
  }
  return text;
}

/// How long the older lock was still good for when its client was stopped.
std::string left_text(const NeededFault& needed, const Explanation& found) {
  const auto& targets = found.chronicle.fault_spans()[needed.fault].targets;
  const auto& one = found.focus.earlier;
  if (needed.assumption != Assumption::bounded_pause || !one || targets.size() != 1 ||
      targets.front() != one->client) {
    return "";
  }
  const auto end = found.chronicle.find(0, [&](const scenarios::Moment& moment) {
    const auto* belief = scenarios::as<checkers::Belief>(moment);
    const auto* grant = scenarios::as<checkers::Grant>(moment);
    return (belief != nullptr && belief->attempt == one->attempt &&
            belief->end == checkers::Belief::End::deadline) ||
           (grant != nullptr && grant->attempt == one->attempt &&
            grant->phase == checkers::Grant::Phase::ended);
  });
  if (!end) return "";
  const std::int64_t left = found.chronicle.moments()[*end].at.at_ns - needed.began_ns;
  return left > 0 ? ", with a lock that is good for another " + duration_text(left) : "";
}

/// What a server keeps, where that was the trouble.
std::string persistence_text(const NeededFault& needed, const Reproduction& run) {
  const auto parameters = run.cell.parameters();
  const auto kept = parameters.find("persistence");
  if (needed.assumption != Assumption::kept_state || kept == parameters.end()) return "";
  return ", with persistence=" + kept->second;
}

std::string needed_text(const NeededFault& needed, const Explanation& found,
                        const Reproduction& run) {
  const PlannedFault& fault = run.plan.faults.faults[needed.fault];
  const auto& targets = found.chronicle.fault_spans()[needed.fault].targets;
  return "at " + instant_text(needed.began_ns) + " " +
         fault_phrase(fault, targets, clients_of(run)) + left_text(needed, found) +
         persistence_text(needed, run) + bounds_text(needed, fault, run);
}

std::string faults_text(const Explanation& found) {
  const std::string before = std::to_string(found.faults_before);
  if (found.needed.empty()) {
    return found.faults_before == 0
               ? "nothing; no fault came before it"
               : "nothing; it comes about without any of the " + before + " faults before it";
  }
  if (found.needed.size() == found.faults_before) return "";
  const std::size_t left = found.faults_before - found.faults_tried;
  std::string text = "Of the " + before + " faults before it " +
                     (found.needed.size() == 1 ? "only this one is" : "only these are") + " needed";
  if (left > 0) {
    text += "; " + std::to_string(left) + " that could only have changed who came when " +
            (left == 1 ? "was left as it was" : "were left as they were");
  }
  return text + ".";
}

std::string section(const std::string& title, const std::string& text, std::size_t width) {
  return paragraph(title + ": " + printable(text) + ".", 2, width);
}

/// The faults that break the same assumption are told together.
std::string assumptions_text(const Explanation& found, const Reproduction& run, std::size_t width) {
  const std::string title = "What had to break";
  if (found.needed.empty()) return section(title, faults_text(found), width);
  std::string text;
  for (std::size_t i = 0; i < found.needed.size(); ++i) {
    const Assumption assumption = found.needed[i].assumption;
    const auto is_same = [&](const NeededFault& one) { return one.assumption == assumption; };
    const auto first = std::find_if(found.needed.begin(), found.needed.end(), is_same);
    if (first != found.needed.begin() + static_cast<std::ptrdiff_t>(i)) continue;
    std::string those = "that " + assumption_text(assumption);
    for (const NeededFault& one : found.needed) {
      if (is_same(one)) those += ". " + capitalised(needed_text(one, found, run));
    }
    text += section(title, those, width);
  }
  const std::string rest = faults_text(found);
  return rest.empty() ? text : text + "  " + paragraph(rest, 2, width);
}

}  // namespace

std::string explain_text(const Explanation& found, const Reproduction& run,
                         const Console& console) {
  const std::size_t width = console.width;
  std::string text = paragraph(printable(head(found, run)) + ".", 2, width) + "\n" +
                     story_text(found, run, width) + "\n" +
                     section("Critical moment", critical_text(found, run), width);
  text += chances_text(found, run, width);
  const std::string order = order_text(found, run);
  if (!order.empty()) text += section("The order that decides", order, width);
  text += assumptions_text(found, run, width);
  return text + "Next: leasehold whatif '" + run.name + "'\n";
}

// ---------------------------------------------------------------------------------------- JSON

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const scenarios::Party& one) {
  return {{"client", one.client}, {"attempt", models::attempt_name(one.attempt)}};
}

Json json_of(std::size_t moment, const Explanation& found, const Reproduction& run) {
  const auto& at = found.chronicle.moments()[moment].at;
  return {{"at_ns", at.at_ns}, {"record", at.sequence}, {"event", phrase_of(moment, found, run)}};
}

Json json_of(const LastChance& chance, const Explanation& found, const Reproduction& run) {
  constexpr std::array<std::string_view, 3> kLevers{"world", "earlier", "later"};
  Json json;
  json["lever"] = kLevers.at(static_cast<std::size_t>(chance.lever));
  json["until_ns"] = chance.until_ns ? Json(*chance.until_ns) : Json(nullptr);
  json["gone_with"] =
      chance.until_ns && chance.gone_with ? json_of(*chance.gone_with, found, run) : Json(nullptr);
  return json;
}

Json json_of(const NeededFault& needed, const Reproduction& run) {
  const PlannedFault& fault = run.plan.faults.faults[needed.fault];
  const bool rate = scenarios::info(fault.kind).takes(scenarios::FaultParameter::rate);
  const std::string unit = rate ? "_ppm" : "_ns";
  Json json;
  json["assumption"] = assumption_word(needed.assumption);
  json["fault"] = fault.id;
  json["began_ns"] = needed.began_ns;
  json["ended_ns"] = needed.ended_ns ? Json(*needed.ended_ns) : Json(nullptr);
  if (needed.size) json["size" + unit] = *needed.size;
  if (needed.least_size) json["least_size" + unit] = *needed.least_size;
  return json;
}

}  // namespace

std::string explain_json(const Explanation& found, const Reproduction& run) {
  const Focus& focus = found.focus;
  Json json;
  json["schema_version"] = 1;
  json["replay_version"] = scenarios::kReplayVersion;
  json["run"] = run.name;
  json["property"] = name(focus.property);
  json["violated_at_ns"] = focus.at.at_ns;
  json["gist"] = gist(found);
  json["earlier"] = focus.earlier ? json_of(*focus.earlier) : Json(nullptr);
  json["later"] = focus.later ? json_of(*focus.later) : Json(nullptr);
  json["story"] = Json::array();
  for (const StoryLine& line : story_of(found, run)) {
    json["story"].push_back({{"at_ns", line.at_ns}, {"text", line.text}});
  }
  json["critical_moment"] = found.critical ? json_of(*found.critical, found, run) : Json(nullptr);
  json["last_chances"] = Json::array();
  for (const LastChance& chance : found.chances) {
    json["last_chances"].push_back(json_of(chance, found, run));
  }
  json["deciding_order"] = nullptr;
  if (focus.first && focus.second) {
    json["deciding_order"] = {{"first", json_of(*focus.first, found, run)},
                              {"second", json_of(*focus.second, found, run)},
                              {"confirmed", found.order_confirmed}};
  }
  json["broken_assumptions"] = Json::array();
  for (const NeededFault& needed : found.needed) {
    json["broken_assumptions"].push_back(json_of(needed, run));
  }
  json["faults_before"] = found.faults_before;
  json["faults_tried"] = found.faults_tried;
  json["reruns"] = found.reruns;
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace leasehold::reports
