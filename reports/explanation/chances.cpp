#include "reports/explanation/chances.hpp"

#include <algorithm>

#include "checkers/property_name.hpp"
#include "reports/explanation/phrases.hpp"
#include "reports/number.hpp"
#include "reports/text.hpp"

namespace leasehold::reports {
namespace {

using scenarios::Explanation;
using scenarios::LastChance;
using scenarios::Lever;
using scenarios::NeededFault;
using scenarios::Reproduction;
using scenarios::Way;

std::string event_text(std::size_t moment, const Explanation& found, const Reproduction& run) {
  return moment_phrase(found.chronicle, moment, run.plan.faults, run.cell.scenario().clients);
}

/// The fault that a lever of faults is about: its own, or the only one that there was.
const NeededFault* fault_of(const LastChance& chance, const Explanation& found) {
  if (chance.needed) return &found.needed[*chance.needed];
  return found.needed.size() == 1 && found.faults_before == 1 ? &found.needed.front() : nullptr;
}

/// The chance is gone with the beginning of the fault.
bool has_not_begun(const LastChance& chance, const NeededFault& fault) {
  return chance.until_ns && *chance.until_ns <= fault.began_ns;
}

std::string faults_text(const LastChance& chance, const Explanation& found,
                        const Reproduction& run) {
  const NeededFault* needed = fault_of(chance, found);
  if (needed == nullptr) {
    return chance.until_ns ? "if nothing more goes wrong" : "even without any fault";
  }
  const std::string noun =
      fault_noun(run.plan.faults.faults[needed->fault],
                 found.chronicle.fault_spans()[needed->fault].targets, run.cell.scenario().clients);
  if (!chance.until_ns) return "even without " + noun;
  return "if " + noun + (has_not_begun(chance, *needed) ? " does not come" : " is over by then");
}

/// For how long the client of a lever lets the other one pass.
std::string until_text(const LastChance& chance, const Explanation& found) {
  if (found.focus.due_ns) return " until the job is due";
  const auto& other = chance.lever == Lever::earlier ? found.focus.later : found.focus.earlier;
  const bool has_another = other && other->client != *chance.client;
  return " until " + (has_another ? client_text(other->client) : "the other one") + " is through";
}

std::string client_ways_text(const LastChance& chance, const Explanation& found) {
  const std::string who = client_text(*chance.client);
  if (!chance.until_ns) return "whatever " + who + " does";
  const auto has = [&](Way way) {
    return std::find(chance.ways.begin(), chance.ways.end(), way) != chance.ways.end();
  };
  const std::string until = until_text(chance, found);
  std::vector<std::string> ways;
  if (has(Way::stop)) ways.push_back(who + " stops");
  if (has(Way::wait)) ways.push_back((ways.empty() ? who + " waits" : "waits") + until);
  const std::string whose = ways.empty() ? who + "'s" : "its";
  const auto held_back = [&](const char* peer) {
    ways.push_back(whose + " messages to and from the " + peer + " are held back" +
                   (has(Way::wait) ? " so long" : until));
  };
  if (has(Way::service_held_back)) held_back("servers");
  if (has(Way::effects_held_back)) held_back("resource");
  if (has(Way::broken_off)) ways.push_back(whose + " connections break");
  return "if " + joined(ways, ", or ");
}

/// `; then client 0 is granted the lock, at 18.111 s`
std::string gone_with_text(const LastChance& chance, const Explanation& found,
                           const Reproduction& run) {
  if (!chance.until_ns || !chance.gone_with) return "";
  const bool is_of_faults = chance.lever == Lever::world || chance.lever == Lever::fault;
  const NeededFault* fault = is_of_faults ? fault_of(chance, found) : nullptr;
  if (fault != nullptr && has_not_begun(chance, *fault)) return "";
  const std::string then =
      instant_text(found.chronicle.moments()[*chance.gone_with].at.at_ns, found);
  const std::string text = "; then " + event_text(*chance.gone_with, found, run);
  return then == instant_text(*chance.until_ns, found) ? text : text + ", at " + then;
}

/// Of several faults each has a line of its own, and the world as a whole tells no more than they.
bool is_told_by_another(const LastChance& chance, const Explanation& found) {
  return chance.lever == Lever::world &&
         std::any_of(found.chances.begin(), found.chances.end(), [&](const LastChance& other) {
           return other.lever == Lever::fault && other.until_ns >= chance.until_ns;
         });
}

bool is_critical(const LastChance& chance, const Explanation& found) {
  return found.critical && found.critical->lever == chance.lever &&
         found.critical->needed == chance.needed;
}

}  // namespace

std::string chance_text(const LastChance& chance, const Explanation& found,
                        const Reproduction& run) {
  switch (chance.lever) {
    case Lever::world:
    case Lever::fault:
      return faults_text(chance, found, run);
    case Lever::earlier:
    case Lever::later:
      return client_ways_text(chance, found);
    case Lever::asker:
      break;
  }
  const std::int64_t free_ns = found.chronicle.moments()[found.too_early->free].at.at_ns;
  return "if " + client_text(*chance.client) + " asks " +
         duration_text(free_ns - found.too_early->asked_ns) + " later, once the lock is free";
}

std::string critical_text(const Explanation& found, const Reproduction& run) {
  const std::string property(checkers::property_name(found.focus.property));
  if (found.chances.empty()) return "none; no fault has a part in it";
  if (!found.critical) {
    return "none; whatever was tried from any moment on, " + property + " is violated";
  }
  const LastChance& last = *found.critical;
  std::string text = instant_text(*last.until_ns, found);
  if (last.gone_with) {
    const std::int64_t at_ns = found.chronicle.moments()[*last.gone_with].at.at_ns;
    text += (at_ns == *last.until_ns ? ", when " : ", before ") +
            event_text(*last.gone_with, found, run);
  } else if (last.lever == Lever::asker) {
    text += ", when " + client_text(*last.client) + " asks for the lock";
  }
  const bool rhythm = found.focus.property == checkers::Property::frequency;
  return text + ". Up to there it is averted, in a run, " + chance_text(last, found, run) +
         ". From there on " +
         (rhythm ? "the gap is out of its bounds" : property + " is violated") +
         " in every run that was tried";
}

std::string other_chances_text(const Explanation& found, const Reproduction& run,
                               std::size_t width) {
  std::vector<LastChance> others;
  for (const LastChance& chance : found.chances) {
    if (!is_critical(chance, found) && !is_told_by_another(chance, found)) others.push_back(chance);
  }
  if (others.empty()) return "";
  std::stable_sort(others.begin(), others.end(), [](const LastChance& a, const LastChance& b) {
    return a.until_ns.value_or(-1) > b.until_ns.value_or(-1);
  });
  std::string text = found.critical ? "Other ways out are gone earlier:\n" : "Tried in vain:\n";
  for (const LastChance& chance : others) {
    text += timed_line(chance.until_ns ? instant_text(*chance.until_ns, found) : "never",
                       chance_text(chance, found, run) + gone_with_text(chance, found, run), width);
  }
  return text;
}

}  // namespace leasehold::reports
