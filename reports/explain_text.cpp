#include "reports/explain_text.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>

#include "checkers/property_name.hpp"
#include "models/describe.hpp"
#include "reports/explanation/chances.hpp"
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
using scenarios::NeededFault;
using scenarios::PlannedFault;
using scenarios::Reproduction;

std::string capitalised(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') {
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  }
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
  const bool rhythm = found.focus.property == Property::frequency;
  std::string text = run.cell.algorithm().id + " on " + run.cell.label() + ", seed " +
                     std::to_string(run.seed) + ", lease " +
                     duration_text(run.cell.scenario().lease.ns()) + ": " +
                     std::string(checkers::property_name(found.focus.property)) + " violated" +
                     (rhythm ? "" : " at " + instant_text(found.focus.at.at_ns, found));
  const std::string what = gist(found);
  return what.empty() ? text : text + ": " + what;
}

std::string story_text(const Explanation& found, const Reproduction& run, std::size_t width) {
  std::string text;
  for (const StoryLine& line : story_of(found, run)) {
    text += timed_line(instant_text(line.at_ns, found), capitalised(line.text), width);
  }
  return text;
}

// ------------------------------------------------------------------------ order and assumptions

/// `client 1 leaves its critical section (12.104 s)`
std::string timed_phrase(std::size_t moment, const Explanation& found, const Reproduction& run) {
  return phrase_of(moment, found, run) + " (" +
         instant_text(found.chronicle.moments()[moment].at.at_ns, found) + ")";
}

std::string standstill_order_text(const Explanation& found, const Reproduction& run) {
  if (!found.focus.first || !found.elsewhere) {
    return "none; no event was found that keeps the lock from coming back";
  }
  using What = Explanation::Elsewhere::What;
  const std::string who = client_text(found.focus.earlier->client);
  const std::string kept = found.elsewhere->what == What::told
                               ? who + " has learnt that it has the lock"
                               : who + " has given its lock back";
  return timed_phrase(*found.focus.first, found, run) + " before " + kept + ", as it does at " +
         instant_text(found.elsewhere->at_ns, found) +
         " in the run in which nothing more goes wrong";
}

std::string rhythm_order_text(const Explanation& found, const Reproduction& run) {
  if (found.too_early) {
    return client_text(found.too_early->client) + " asks for the lock (" +
           instant_text(found.too_early->asked_ns, found) + ") before " +
           timed_phrase(found.too_early->free, found, run) +
           ". The other way round the gap is as it should be: it was so in a run";
  }
  const auto& due_ns = found.focus.due_ns;
  if (!due_ns) return "none; nobody is to blame for having asked just before the lock was free";
  return timed_phrase(*found.focus.second, found, run) + " before it is due (" +
         instant_text(*due_ns, found) + "). " +
         (found.order_confirmed
              ? "The other way round the gap is as it should be: it was so in a run"
              : "No run was found in which it is not");
}

std::string order_text(const Explanation& found, const Reproduction& run) {
  const Focus& focus = found.focus;
  switch (focus.property) {
    case Property::progress:
      return standstill_order_text(found, run);
    case Property::frequency:
      return rhythm_order_text(found, run);
    case Property::linearizable:
      return "none; whatever order the requests took effect in, the answers contradict each other";
    default:
      break;
  }
  if (!focus.first) return "none; the violation is no matter of two events";
  if (!focus.second) return timed_phrase(*focus.first, found, run) + ", and the other never ends";
  return timed_phrase(*focus.first, found, run) + " before " +
         timed_phrase(*focus.second, found, run) + ". " +
         (found.order_confirmed
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
  return "at " + instant_text(needed.began_ns, found) + " " +
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

std::string explained(const Explanation& found, const Reproduction& run, std::size_t width) {
  std::string text = paragraph(printable(head(found, run)) + ".", 2, width) + "\n" +
                     story_text(found, run, width) + "\n" +
                     section("Critical moment", critical_text(found, run), width);
  text += other_chances_text(found, run, width);
  text += section("The order that decides", order_text(found, run), width);
  return text + assumptions_text(found, run, width);
}

}  // namespace

std::string explain_text(const Explanation& found, const Reproduction& run,
                         const Console& console) {
  return explained(found, run, console.width) + "Next: leasehold whatif '" + run.name + "'\n";
}

std::vector<std::string> explain_paragraphs(const Explanation& found, const Reproduction& run) {
  constexpr std::size_t kNoBreak = 1'000'000;
  std::vector<std::string> paragraphs;
  std::istringstream lines(explained(found, run, kNoBreak));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t begin = line.find_first_not_of(' ');
    if (begin != std::string::npos) paragraphs.push_back(line.substr(begin));
  }
  return paragraphs;
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

std::string_view word(scenarios::Lever lever) {
  constexpr std::array<std::string_view, 5> kLevers{"world", "fault", "earlier", "later", "asker"};
  return kLevers.at(static_cast<std::size_t>(lever));
}

std::string_view word(scenarios::Way way) {
  constexpr std::array<std::string_view, 6> kWays{
      "calm", "stop", "wait", "service_held_back", "effects_held_back", "broken_off"};
  return kWays.at(static_cast<std::size_t>(way));
}

Json json_of(const LastChance& chance, const Explanation& found, const Reproduction& run) {
  Json json;
  json["lever"] = word(chance.lever);
  if (chance.client) json["client"] = *chance.client;
  if (chance.needed) {
    json["fault"] = run.plan.faults.faults[found.needed[*chance.needed].fault].id;
  }
  json["ways"] = Json::array();
  for (const scenarios::Way way : chance.ways) json["ways"].push_back(word(way));
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
  json["property"] = checkers::property_name(focus.property);
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
  if (found.too_early) {
    json["deciding_order"] = {
        {"first",
         {{"at_ns", found.too_early->asked_ns},
          {"event", client_text(found.too_early->client) + " asks for the lock"}}},
        {"second", json_of(found.too_early->free, found, run)},
        {"confirmed", true}};
  } else if (focus.first && found.elsewhere) {
    const bool told = found.elsewhere->what == Explanation::Elsewhere::What::told;
    const std::string who = client_text(focus.earlier->client);
    json["deciding_order"] = {
        {"first", json_of(*focus.first, found, run)},
        {"second",
         {{"at_ns_elsewhere", found.elsewhere->at_ns},
          {"event", who + (told ? " learns that it has the lock" : " gives its lock back")}}},
        {"confirmed", true}};
  } else if (focus.first && focus.second) {
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
