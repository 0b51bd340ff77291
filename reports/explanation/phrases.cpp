#include "reports/explanation/phrases.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "checkers/record/effect_word.hpp"
#include "reports/number.hpp"
#include "reports/text.hpp"
#include "scenarios/words.hpp"

namespace leasehold::reports {
namespace {

using checkers::Belief;
using checkers::ClientLife;
using checkers::Effect;
using checkers::FaultRecord;
using checkers::Grant;
using checkers::JobRun;
using checkers::Milestone;
using checkers::Operation;
using checkers::Work;
using scenarios::Assumption;
using scenarios::Chronicle;
using scenarios::FaultKind;
using scenarios::Moment;
using scenarios::PlannedFault;

std::string in_a_row(const std::vector<std::string>& items) {
  if (items.size() == 1) return items.front();
  const std::vector<std::string> all_but_last(items.begin(), items.end() - 1);
  return joined(all_but_last, ", ") + " and " + items.back();
}

std::string for_so_long(const PlannedFault& fault) {
  return fault.duration_ns > 0 ? " for " + duration_text(fault.duration_ns) : "";
}

std::string peers_text(scenarios::Peers peers) {
  switch (peers) {
    case scenarios::Peers::clients:
      return "the clients";
    case scenarios::Peers::servers:
      return "the servers";
    case scenarios::Peers::resource:
      return "the resource";
    case scenarios::Peers::everyone:
      break;
  }
  return "everybody else";
}

/// `what client 2 sends`, where one way only is hit.
std::string messages_text(const PlannedFault& fault, const std::string& who) {
  switch (fault.direction) {
    case scenarios::Direction::inbound:
      return "what " + peers_text(fault.peers) + " send to " + who;
    case scenarios::Direction::outbound:
      return "what " + who + " sends to " + peers_text(fault.peers);
    case scenarios::Direction::both:
      break;
  }
  return "every message between " + who + " and " + peers_text(fault.peers);
}

std::string partition_phrase(const PlannedFault& fault, const std::string& who) {
  if (fault.shape != scenarios::PartitionShape::isolate) {
    return "the network splits" + for_so_long(fault);
  }
  if (fault.direction == scenarios::Direction::both) {
    return who + " is cut off from " + peers_text(fault.peers) + for_so_long(fault);
  }
  return messages_text(fault, who) + " is held up" + for_so_long(fault);
}

std::string crash_phrase(const PlannedFault& fault, const std::string& who) {
  const std::string what = fault.kind == FaultKind::power_loss
                               ? "the machine of " + who + " loses power"
                               : who + " crashes";
  if (!fault.restart_after_ns) return what + ", for good";
  return what + ", and is back after " + duration_text(*fault.restart_after_ns);
}

std::string rate_phrase(const PlannedFault& fault, const std::string& who) {
  const bool fast = fault.rate_ppm > 0;
  const auto ppm = static_cast<std::uint64_t>(fast ? fault.rate_ppm : -fault.rate_ppm);
  return "the clocks of " + who + " run " + count_text(ppm) + " ppm too " +
         (fast ? "fast" : "slow") + for_so_long(fault);
}

std::string step_phrase(const PlannedFault& fault, const std::string& who) {
  const bool forward = fault.step_ns > 0;
  return "the wall clock of " + who + " is set " +
         duration_text(forward ? fault.step_ns : -fault.step_ns) + (forward ? " forward" : " back");
}

std::string failover_phrase(const PlannedFault& fault) {
  const std::string after = duration_text(fault.detection_ns + fault.promotion_ns);
  return fault.old_primary_alive
             ? "the primary is taken for dead, and after " + after + " the standby takes over"
             : "the primary dies, and after " + after + " the standby takes over";
}

std::string who_of(const Milestone& milestone) { return client_text(milestone.client); }

std::string phrase(const Operation& operation) {
  constexpr std::array<const char*, 3> kVerbs{"asks for the lock", "asks to renew its lock",
                                              "gives its lock back"};
  constexpr std::array<const char*, 3> kNouns{"its acquire", "its renewal", "its release"};
  const auto kind = static_cast<std::size_t>(operation.kind);
  const std::string who = client_text(operation.client);
  switch (operation.phase) {
    case Operation::Phase::invoked:
      return who + " " + kVerbs.at(kind);
    case Operation::Phase::ok:
      return operation.kind == Operation::Kind::acquire
                 ? who + " learns that it has the lock"
                 : who + " hears that " + kNouns.at(kind) + " is done";
    case Operation::Phase::refused:
      return who + " hears that " + kNouns.at(kind) + " is refused";
    case Operation::Phase::indeterminate:
      break;
  }
  return who + " gives up on " + kNouns.at(kind);
}

std::string phrase(const Grant& grant) {
  const std::string who = client_text(grant.client);
  switch (grant.phase) {
    case Grant::Phase::begun:
      return who + " is granted the lock";
    case Grant::Phase::renewed:
      return "the lock of " + who + " is renewed";
    case Grant::Phase::ended:
      break;
  }
  switch (grant.end) {
    case Grant::End::released:
      return "the release of " + who + " is applied";
    case Grant::End::session:
      return "the session of " + who + " comes to its end, and its lock with it";
    default:
      return "the lease of " + who + " is over by the service's clock";
  }
}

std::string phrase(const Belief& belief) {
  const std::string who = client_text(belief.client);
  if (belief.phase == Belief::Phase::begun) return who + " learns that it has the lock";
  switch (belief.end) {
    case Belief::End::deadline:
      return "the time of " + who + " is over by its own clock";
    case Belief::End::lost:
      return who + " learns that it has lost the lock";
    default:
      return who + " no longer relies on the lock";
  }
}

std::string phrase(const Work& work) {
  return client_text(work.client) + (work.phase == Work::Phase::entered
                                         ? " enters its critical section"
                                         : " leaves its critical section");
}

std::string phrase(const Effect& effect) {
  return "the resource " +
         std::string(effect.outcome == Effect::Outcome::accepted ? "accepts" : "refuses") +
         " the " + std::string(checkers::effect_word(effect.kind)) + " of " +
         client_text(effect.client);
}

std::string phrase(const Milestone& milestone) {
  using What = Milestone::What;
  switch (milestone.what) {
    case What::acquire_sent:
      return who_of(milestone) + " sends its request for the lock";
    case What::granted:
      return who_of(milestone) + " learns that it has the lock";
    case What::checked:
      return who_of(milestone) + " has made sure of its lock";
    case What::work:
      return who_of(milestone) + " begins its work";
    case What::effect_sent:
      return who_of(milestone) + " sends a request to the resource";
    case What::renew_sent:
      return who_of(milestone) + " sends its renewal";
    case What::release_sent:
      return who_of(milestone) + " sends its release";
    case What::elected:
      break;
  }
  return "server " + std::to_string(milestone.client) + " is elected";
}

/// A request to the resource, named after what the resource made of it later, if anything.
std::string request_phrase(const Chronicle& chronicle, std::size_t moment, const Milestone& sent) {
  const auto made = chronicle.find(moment, [&](const Moment& later) {
    const auto* effect = scenarios::as<Effect>(later);
    return effect != nullptr && effect->attempt == sent.attempt;
  });
  if (!made) return phrase(sent);
  const auto& effect = *scenarios::as<Effect>(chronicle.moments()[*made]);
  return who_of(sent) + " sends its " + std::string(checkers::effect_word(effect.kind)) +
         " to the resource";
}

std::string phrase(const ClientLife& life) {
  return client_text(life.client) +
         (life.phase == ClientLife::Phase::started ? " starts" : " dies");
}

std::string phrase(const JobRun& job) { return client_text(job.client) + " runs the job"; }
std::string phrase(const checkers::EffectGone& gone) {
  return "a request of " + client_text(gone.client) + " is lost for good";
}
std::string phrase(const checkers::RunPhase&) { return "the run goes into its next phase"; }

/// How much a record says, of those of one instant.
int weight(const scenarios::Happening& what) {
  if (std::holds_alternative<Work>(what)) return 5;
  if (std::holds_alternative<Effect>(what)) return 5;
  if (std::holds_alternative<FaultRecord>(what)) return 4;
  if (const auto* milestone = std::get_if<Milestone>(&what)) {
    return milestone->what == Milestone::What::effect_sent ? 4 : 1;
  }
  if (std::holds_alternative<Grant>(what)) return 3;
  if (std::holds_alternative<Belief>(what)) return 2;
  return 0;
}

}  // namespace

std::string instant_text(std::int64_t at_ns, const scenarios::Explanation& explanation) {
  constexpr std::int64_t kCloseNs = 2'000'000;
  const scenarios::Focus& focus = explanation.focus;
  const auto& moments = explanation.chronicle.moments();
  const bool close =
      focus.first && focus.second &&
      std::abs(moments[*focus.second].at.at_ns - moments[*focus.first].at.at_ns) < kCloseNs;
  return close ? fixed_point(at_ns / 1'000, 6) + " s" : fixed_point(at_ns / 1'000'000, 3) + " s";
}

std::string timed_line(const std::string& at, const std::string& text, std::size_t width) {
  constexpr std::size_t kWidth = 10;
  constexpr std::size_t kToTheMicrosecond = 3;
  const std::size_t point = at.find('.');
  const bool fine = point != std::string::npos && at.size() - point > sizeof ".000 s" - 1;
  const std::size_t column = fine ? kWidth + kToTheMicrosecond : kWidth;
  const std::size_t blanks = at.size() < column ? column - at.size() : 0;
  return std::string(blanks, ' ') + at + "  " + paragraph(printable(text) + ".", column + 2, width);
}

std::string client_text(checkers::ClientId client) { return "client " + std::to_string(client); }

std::string targets_text(const std::vector<sim::ProcessId>& targets, std::uint32_t clients) {
  std::vector<std::string> those;
  std::vector<std::string> servers;
  for (const sim::ProcessId target : targets) {
    if (target < clients) those.push_back(client_text(target));
    if (target == clients) those.emplace_back("the resource");
    if (target > clients) servers.push_back(std::to_string(target - clients - 1));
  }
  if (!servers.empty()) {
    those.push_back((servers.size() == 1 ? "server " : "servers ") + in_a_row(servers));
  }
  return in_a_row(those);
}

std::string fault_phrase(const PlannedFault& fault, const std::vector<sim::ProcessId>& targets,
                         std::uint32_t clients) {
  const std::string who = targets_text(targets, clients);
  switch (fault.kind) {
    case FaultKind::partition:
      return partition_phrase(fault, who);
    case FaultKind::loss:
    case FaultKind::reply_loss:
      return messages_text(fault, who) +
             (fault.probability_ppm == 1'000'000 ? " is lost" : " may be lost") +
             for_so_long(fault);
    case FaultKind::delay:
      return messages_text(fault, who) + " takes " + duration_text(fault.extra_ns) + " longer" +
             for_so_long(fault);
    case FaultKind::pause:
      return who + " is paused" + for_so_long(fault);
    case FaultKind::vm_suspend:
      return "the machine of " + who + " is " +
             (fault.freeze ? "frozen, its clocks with it," : "suspended") + for_so_long(fault);
    case FaultKind::clock_rate:
    case FaultKind::clock_slew:
      return rate_phrase(fault, who);
    case FaultKind::clock_step:
      return step_phrase(fault, who);
    case FaultKind::crash:
    case FaultKind::power_loss:
      return crash_phrase(fault, who);
    case FaultKind::slow_disk:
      return "the disk of " + who + " is " + std::to_string(fault.factor) + " times slower" +
             for_so_long(fault);
    case FaultKind::fsync_error:
      return "the disk of " + who + " fails to sync";
    case FaultKind::cpu_steal:
      return who + " computes " + std::to_string(fault.factor) + " times slower" +
             for_so_long(fault);
    case FaultKind::memory_pressure:
      return "the memory of " + who + " is full" + for_so_long(fault);
    case FaultKind::connection_reset:
      return "the connections of " + who + " are reset";
    case FaultKind::failover:
      break;
  }
  return failover_phrase(fault);
}

std::string fault_end_phrase(const PlannedFault& fault, const std::vector<sim::ProcessId>& targets,
                             std::uint32_t clients) {
  const std::string who = targets_text(targets, clients);
  switch (fault.kind) {
    case FaultKind::partition:
      return "the cut is mended";
    case FaultKind::pause:
      return who + " runs again";
    case FaultKind::vm_suspend:
      return "the machine of " + who + " runs again";
    default:
      return "";
  }
}

std::string fault_noun(const PlannedFault& fault, const std::vector<sim::ProcessId>& targets,
                       std::uint32_t clients) {
  const std::string whose = " of " + targets_text(targets, clients);
  switch (fault.kind) {
    case FaultKind::partition:
      return fault.shape == scenarios::PartitionShape::isolate ? "the cut" + whose
                                                               : "the split of the network";
    case FaultKind::loss:
    case FaultKind::reply_loss:
      return "the loss of messages" + whose;
    case FaultKind::delay:
      return "the delay of messages" + whose;
    case FaultKind::pause:
      return "the pause" + whose;
    case FaultKind::vm_suspend:
      return "the standstill of the machine" + whose;
    case FaultKind::clock_rate:
    case FaultKind::clock_slew:
      return "the wrong rate of the clocks" + whose;
    case FaultKind::clock_step:
      return "the setting of the clock" + whose;
    case FaultKind::crash:
      return "the crash" + whose;
    case FaultKind::power_loss:
      return "the loss of power" + whose;
    case FaultKind::slow_disk:
      return "the slowness of the disk" + whose;
    case FaultKind::fsync_error:
      return "the failed syncs" + whose;
    case FaultKind::cpu_steal:
      return "the slowness of the CPU" + whose;
    case FaultKind::memory_pressure:
      return "the full memory" + whose;
    case FaultKind::connection_reset:
      return "the reset of the connections" + whose;
    case FaultKind::failover:
      break;
  }
  return "the failover";
}

std::string moment_phrase(const Chronicle& chronicle, std::size_t moment,
                          const scenarios::FaultPlan& plan, std::uint32_t clients) {
  const auto& moments = chronicle.moments();
  std::size_t best = moment;
  for (std::size_t i = moment + 1;
       i < moments.size() && moments[i].at.at_ns == moments[moment].at.at_ns; ++i) {
    if (weight(moments[i].what) > weight(moments[best].what)) best = i;
  }
  const auto* milestone = scenarios::as<Milestone>(moments[best]);
  if (milestone != nullptr && milestone->what == Milestone::What::effect_sent) {
    return request_phrase(chronicle, best, *milestone);
  }
  const auto* fault = scenarios::as<FaultRecord>(moments[best]);
  if (fault == nullptr) {
    return std::visit(
        [](const auto& record) -> std::string {
          if constexpr (requires { phrase(record); }) return phrase(record);
          return "";
        },
        moments[best].what);
  }
  const PlannedFault& planned = plan.faults[fault->fault];
  const auto& targets = chronicle.fault_spans()[fault->fault].targets;
  const std::string end = fault_end_phrase(planned, targets, clients);
  return fault->phase == FaultRecord::Phase::ended && !end.empty()
             ? end
             : fault_phrase(planned, targets, clients);
}

std::string assumption_text(Assumption assumption) {
  constexpr std::array<const char*, 9> kTexts{
      "nobody stands still for longer than its lock is good for",
      "clocks run at nearly the same rate",
      "nobody sets a clock",
      "a server that comes back knows what it has promised",
      "a disk syncs, and in time",
      "messages arrive soon or never",
      "who holds the lock lives to give it back",
      "there is memory for every lock",
      "who takes over has all that was promised, and nobody else goes on",
  };
  return kTexts.at(static_cast<std::size_t>(assumption));
}

std::string_view assumption_word(Assumption assumption) {
  constexpr std::array<std::string_view, 9> kWords{
      "bounded_pause", "bounded_drift", "no_clock_step", "kept_state", "honest_disk",
      "bounded_delay", "living_holder", "enough_memory", "one_primary"};
  return kWords.at(static_cast<std::size_t>(assumption));
}

}  // namespace leasehold::reports
