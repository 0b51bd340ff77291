#include "reports/explanation/story.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "checkers/record/effect_word.hpp"
#include "models/describe.hpp"
#include "reports/explanation/phrases.hpp"
#include "reports/number.hpp"

namespace leasehold::reports {
namespace {

using checkers::AttemptId;
using checkers::Belief;
using checkers::ClientId;
using checkers::Effect;
using checkers::Grant;
using checkers::Milestone;
using checkers::Operation;
using checkers::Property;
using checkers::Work;
using scenarios::as;
using scenarios::Chronicle;
using scenarios::Explanation;
using scenarios::Moment;
using scenarios::NeededFault;
using scenarios::Party;
using scenarios::PlannedFault;
using scenarios::Reproduction;

/// What follows within this is told in one breath.
constexpr std::int64_t kBreathNs = 50'000'000;
/// A wait that is worth a word.
constexpr std::int64_t kLongNs = 1'000'000'000;

std::string version_text(std::uint64_t version) { return "version " + std::to_string(version); }

/// Gathers the lines; in the end they are put in order.
class Story {
 public:
  Story(const Explanation& explanation, const Reproduction& run)
      : explanation_(explanation),
        focus_(explanation.focus),
        run_(run),
        chronicle_(explanation.chronicle),
        moments_(explanation.chronicle.moments()),
        clients_(run.cell.scenario().clients) {}

  std::vector<StoryLine> told() {
    for (const NeededFault& fault : explanation_.needed) tell_fault(fault);
    if (focus_.property == Property::frequency) {
      tell_gap();
    } else {
      if (focus_.earlier) tell_hold(*focus_.earlier, true);
      const bool stands_still = focus_.property == Property::progress;
      if (focus_.later && !stands_still) tell_hold(*focus_.later, false);
      tell_end_of_older_hold();
      tell_late_start();
      tell_wrong_release();
      if (stands_still) tell_standstill();
      tell_effects();
      tell_end_of_overlap();
    }
    std::stable_sort(lines_.begin(), lines_.end(),
                     [](const StoryLine& a, const StoryLine& b) { return a.at_ns < b.at_ns; });
    return std::move(lines_);
  }

 private:
  void tell(std::int64_t at_ns, std::string text) { lines_.push_back({at_ns, std::move(text)}); }

  template <class Record, class Wanted>
  std::optional<std::size_t> first(AttemptId attempt, Wanted wanted) const {
    return chronicle_.find(0, [&](const Moment& moment) {
      const auto* record = as<Record>(moment);
      return record != nullptr && record->attempt == attempt && wanted(*record);
    });
  }
  std::optional<std::size_t> granted(AttemptId attempt) const {
    return first<Grant>(attempt, [](const Grant& g) { return g.phase == Grant::Phase::begun; });
  }
  std::optional<std::size_t> told_so(AttemptId attempt) const {
    return first<Belief>(attempt, [](const Belief& b) { return b.phase == Belief::Phase::begun; });
  }
  std::optional<std::size_t> belief_end(AttemptId attempt) const {
    return first<Belief>(attempt, [](const Belief& b) { return b.phase == Belief::Phase::ended; });
  }
  std::optional<std::size_t> grant_end(AttemptId attempt) const {
    return first<Grant>(attempt, [](const Grant& g) { return g.phase == Grant::Phase::ended; });
  }
  std::optional<std::size_t> asked(AttemptId attempt) const {
    return first<Operation>(attempt, [](const Operation& o) {
      return o.kind == Operation::Kind::acquire && o.phase == Operation::Phase::invoked;
    });
  }
  std::optional<std::size_t> entered(AttemptId attempt) const {
    return first<Work>(attempt, [](const Work& w) { return w.phase == Work::Phase::entered; });
  }

  std::int64_t time(std::size_t moment) const { return moments_[moment].at.at_ns; }
  std::int64_t by_own_clock(ClientId client, std::size_t from, std::size_t to) const {
    return moments_[to].clocks[client].mono_ns - moments_[from].clocks[client].mono_ns;
  }

  // -------------------------------------------------------------------------------- the two holds

  void tell_hold(const Party& one, bool older) {
    const std::string who = client_text(one.client);
    const auto grant = granted(one.attempt);
    const auto told = told_so(one.attempt);
    const auto work = entered(one.attempt);
    if (!grant) {
      if (work) tell(time(*work), who + " enters its critical section, granted nothing by anybody");
      return;
    }
    const std::string name = models::attempt_name(one.attempt);
    std::string text =
        "the service grants " + who + " the lock (" + name + token_of(one.attempt) + ")";
    const auto ask = asked(one.attempt);
    if (ask && time(*grant) - time(*ask) > kLongNs) {
      text += ", " + duration_text(time(*grant) - time(*ask)) + " after it asked";
    }
    if (!older) text += clock_clause(*grant);
    const bool at_once = told && time(*told) - time(*grant) <= kBreathNs;
    const bool enters_at_once = told && work && time(*work) - time(*told) <= kBreathNs;
    std::string entry = enters_at_once ? "; it enters its critical section" : "";
    if (enters_at_once) entry += still_there(one, older);
    if (at_once) {
      tell(time(*grant), text + (older ? trust(one, *told) : "") + entry);
    } else {
      tell(time(*grant), text);
      if (told) tell(time(*told), who + " hears of it only now" + trust(one, *told) + entry);
    }
    if (work && !enters_at_once) {
      tell(time(*work), who + " enters its critical section" + still_there(one, older));
    }
  }

  /// As the client was told it: some locks hand it out only after the grant.
  std::string token_of(AttemptId attempt) const {
    const auto acquired = first<Operation>(attempt, [](const Operation& o) {
      return o.kind == Operation::Kind::acquire && o.phase == Operation::Phase::ok;
    });
    const checkers::Token token = acquired ? as<Operation>(moments_[*acquired])->token : 0;
    return token == 0 ? "" : ", token " + std::to_string(token);
  }

  /// The other one's work, where that is the violation.
  std::string still_there(const Party& one, bool older) const {
    if (older || focus_.property != Property::work_exclusion || one != *focus_.later) return "";
    return ", and " + client_text(focus_.earlier->client) + " has not left";
  }

  /// Until when the client relies on its lock, where its own deadline ended that.
  std::string trust(const Party& one, std::size_t told) const {
    const auto end = belief_end(one.attempt);
    if (!end || as<Belief>(moments_[*end])->end != Belief::End::deadline) return "";
    const std::int64_t left = by_own_clock(one.client, told, *end);
    return left > 0 ? "; by its own clock it may rely on it for " + duration_text(left)
                    : "; by its own clock its time is over already, but it does not look";
  }

  /// What the service's clock says to that, where it is far from the truth.
  std::string clock_clause(std::size_t grant) const {
    if (!focus_.earlier) return "";
    const auto before = granted(focus_.earlier->attempt);
    if (!before || *before >= grant) return "";
    const std::int64_t truly = time(grant) - time(*before);
    std::int64_t most = 0;
    std::size_t server = 0;
    std::int64_t counted = 0;
    for (std::size_t i = clients_ + 1; i < moments_[grant].clocks.size(); ++i) {
      const std::int64_t wall =
          moments_[grant].clocks[i].wall_ns - moments_[*before].clocks[i].wall_ns;
      if (std::abs(wall - truly) <= most) continue;
      most = std::abs(wall - truly);
      server = i - clients_ - 1;
      counted = wall;
    }
    if (most <= truly / 100 + kBreathNs) return "";
    return ": the wall clock of server " + std::to_string(server) + " has gone " +
           (counted < 0 ? "−" : "") + duration_text(std::abs(counted)) + " since it granted " +
           client_text(focus_.earlier->client) + ", in truth it was " + duration_text(truly);
  }

  /// How the older hold came to its end in the service's view and in its client's.
  void tell_end_of_older_hold() {
    if (!focus_.earlier) return;
    const Party& one = *focus_.earlier;
    const std::string who = client_text(one.client);
    if (const auto end = grant_end(one.attempt); end && moments_[*end].at < focus_.at) {
      tell_end_of_grant(one, *end);
    }
    const auto end = belief_end(one.attempt);
    const auto told = told_so(one.attempt);
    if (!end || !told || as<Belief>(moments_[*end])->end == Belief::End::released) return;
    if (time(*end) > focus_.at.at_ns + kLongNs) return;
    const bool lost = as<Belief>(moments_[*end])->end == Belief::End::lost;
    std::string text = lost ? who + " hears that it has lost the lock"
                            : "by " + who + "'s own clock the lock is no longer its own";
    if (stands_still(one.client, time(*end))) text += ", but it stands still";
    tell(time(*end), text);
  }

  /// The younger hold, where the service had already ended it.
  void tell_late_start() {
    if (!focus_.later) return;
    const auto end = grant_end(focus_.later->attempt);
    if (end && moments_[*end].at < focus_.at) tell_end_of_grant(*focus_.later, *end);
  }

  /// A release of somebody else that the service took for one of the older hold.
  void tell_wrong_release() {
    if (!focus_.earlier || !focus_.later) return;
    const auto from = granted(focus_.earlier->attempt);
    const auto until = granted(focus_.later->attempt);
    if (!from || !until) return;
    const auto done = chronicle_.find(*from, [&](const Moment& moment) {
      const auto* operation = as<Operation>(moment);
      return operation != nullptr && operation->kind == Operation::Kind::release &&
             operation->phase == Operation::Phase::ok &&
             operation->attempt != focus_.earlier->attempt;
    });
    if (!done || *done > *until) return;
    const auto& operation = *as<Operation>(moments_[*done]);
    const auto over = grant_end(operation.attempt);
    if (!over || as<Grant>(moments_[*over])->end == Grant::End::released) return;
    const auto asked_for = first<Operation>(operation.attempt, [](const Operation& o) {
      return o.kind == Operation::Kind::release && o.phase == Operation::Phase::invoked;
    });
    std::string text = "the release of " + client_text(operation.client);
    if (asked_for && *asked_for < *from) {
      text += ", sent at " + instant_text(time(*asked_for), explanation_) + ",";
    }
    tell(time(*done), text + " has taken away the lock of " + client_text(focus_.earlier->client));
  }

  void tell_end_of_grant(const Party& one, std::size_t end) {
    const std::string who = client_text(one.client);
    switch (as<Grant>(moments_[end])->end) {
      case Grant::End::deadline:
        return tell(time(end), "the lease of " + who + " has run out by the service's clock");
      case Grant::End::released:
        return tell(time(end), who + " has given its lock back");
      case Grant::End::session:
        return tell(time(end), "the session of " + who + " ends, and with it its lock");
      default:
        return tell(time(end), "the service takes back the lock of " + who);
    }
  }

  bool stands_still(ClientId client, std::int64_t at_ns) const {
    const auto& spans = chronicle_.fault_spans();
    return std::any_of(
        explanation_.needed.begin(), explanation_.needed.end(), [&](const NeededFault& one) {
          const auto& targets = spans[one.fault].targets;
          const bool hit = std::find(targets.begin(), targets.end(), client) != targets.end();
          return one.assumption == scenarios::Assumption::bounded_pause && hit &&
                 one.began_ns <= at_ns && (!one.ended_ns || at_ns < *one.ended_ns);
        });
  }

  // -------------------------------------------------------------------------------------- faults

  void tell_fault(const NeededFault& needed) {
    const PlannedFault& fault = run_.plan.faults.faults[needed.fault];
    const auto& targets = chronicle_.fault_spans()[needed.fault].targets;
    tell(needed.began_ns,
         fault_phrase(fault, targets, clients_) + just_checked(targets, needed.began_ns));
    const std::string end = fault_end_phrase(fault, targets, clients_);
    if (!needed.ended_ns || end.empty()) return;
    const bool matters = *needed.ended_ns < last_event() + kLongNs;
    if (matters) tell(*needed.ended_ns, end + its_own_count(targets, *needed.ended_ns));
  }

  std::int64_t last_event() const {
    return focus_.second ? std::max(focus_.at.at_ns, time(*focus_.second)) : focus_.at.at_ns;
  }

  /// The client had looked at its lease just before it was stopped.
  std::string just_checked(const std::vector<sim::ProcessId>& targets, std::int64_t at_ns) const {
    if (!focus_.earlier || targets.size() != 1 || targets.front() != focus_.earlier->client) {
      return "";
    }
    const auto checked = chronicle_.find_last(moments_.size(), [&](const Moment& moment) {
      const auto* milestone = as<Milestone>(moment);
      return milestone != nullptr && moment.at.at_ns <= at_ns &&
             milestone->attempt == focus_.earlier->attempt;
    });
    const bool just_now = checked &&
                          as<Milestone>(moments_[*checked])->what == Milestone::What::checked &&
                          at_ns - time(*checked) <= kBreathNs;
    return just_now ? "; it has just made sure that the lock is its own" : "";
  }

  /// How long it thinks has passed since it had the lock.
  std::string its_own_count(const std::vector<sim::ProcessId>& targets, std::int64_t at_ns) const {
    if (!focus_.earlier || targets.size() != 1 || targets.front() != focus_.earlier->client) {
      return "";
    }
    const auto told = told_so(focus_.earlier->attempt);
    const auto now = chronicle_.find(0, [&](const Moment& m) { return m.at.at_ns >= at_ns; });
    if (!told || !now || time(*told) >= at_ns) return "";
    const std::int64_t own = by_own_clock(targets.front(), *told, *now);
    const std::int64_t truly = time(*now) - time(*told);
    std::string text = "; by its own clock it has had the lock for " + duration_text(own);
    if (std::abs(own - truly) > truly / 100) text += ", in truth for " + duration_text(truly);
    return text;
  }

  // ------------------------------------------------------------------------------------- effects

  /// What the resource accepted of the younger hold, and after that of the older.
  void tell_effects() {
    if (explanation_.effect) return tell_violating_effects();
    if (!focus_.earlier || !focus_.later) return;
    const auto younger = first_accepted(focus_.later->attempt, 0);
    if (!younger || time(*younger) < focus_.at.at_ns) return;
    tell(time(*younger), effect_text(*younger));
    const auto older = first_accepted(focus_.earlier->attempt, *younger);
    if (older)
      tell(time(*older), effect_text(*older) + fence_clause(*as<Effect>(moments_[*older])));
  }

  /// Where the violation is that two did something at once: for how long.
  void tell_end_of_overlap() {
    if (!focus_.earlier || !focus_.second || explanation_.effect) return;
    const std::string who = client_text(focus_.earlier->client);
    const std::string lasted = duration_text(time(*focus_.second) - focus_.at.at_ns);
    switch (focus_.property) {
      case Property::work_exclusion:
        return tell(time(*focus_.second), who + " is out of its critical section, " + lasted +
                                              " after " + client_text(focus_.later->client) +
                                              " went in");
      case Property::belief_exclusion:
        return tell(time(*focus_.second),
                    who + " no longer believes that it has the lock; for " + lasted + " both did");
      case Property::grant_exclusion:
        return tell(time(*focus_.second), "the grant of " + who + " is over; for " + lasted +
                                              " the lock was granted to both");
      default:
        return;
    }
  }

  std::optional<std::size_t> first_accepted(AttemptId attempt, std::size_t from) const {
    return chronicle_.find(from, [&](const Moment& moment) {
      const auto* effect = as<Effect>(moment);
      return effect != nullptr && effect->attempt == attempt &&
             effect->outcome == Effect::Outcome::accepted;
    });
  }

  std::string effect_text(std::size_t moment) const {
    const Effect& effect = *as<Effect>(moments_[moment]);
    const std::string verb(checkers::effect_word(effect.kind));
    std::string text = "the resource accepts the " + verb + " of " + client_text(effect.client);
    if (effect.token != 0) text += ", token " + std::to_string(effect.token);
    return text + ": " + version_text(effect.version);
  }

  void tell_violating_effects() {
    const checkers::EffectViolation& violation = *explanation_.effect;
    const auto before = chronicle_.at(violation.earlier_at);
    const auto harm = chronicle_.at(violation.at);
    if (!before || !harm) return;
    const Effect& effect = violation.effect;
    const bool is_lost = violation.rule == checkers::EffectViolation::Rule::lost;
    if (is_lost && focus_.first != before) tell(time(*focus_.first), effect_text(*focus_.first));
    tell(time(*before), effect_text(*before));
    tell_way(effect, *harm);
    std::string text = effect_text(*harm);
    switch (violation.rule) {
      case checkers::EffectViolation::Rule::stale:
        if (effect.kind == Effect::Kind::notice) {
          text +=
              ", but the row is not, or no more, as " + client_text(effect.client) + " wrote it";
          break;
        }
        text += ", although " + client_text(violation.earlier_client) +
                (granted(violation.earlier_attempt) ? ", whose lock is newer,"
                                                    : ", which came later,") +
                " was there before" + fence_clause(effect);
        break;
      case checkers::EffectViolation::Rule::lost:
        text += ", made from " + version_text(effect.based_on) + ": what " +
                client_text(violation.earlier_client) + " wrote meanwhile is lost" +
                fence_clause(effect);
        break;
      case checkers::EffectViolation::Rule::duplicate:
        text += ", and the job of " + client_text(violation.earlier_client) +
                " is done a second time" + fence_clause(effect);
        break;
    }
    tell(violation.at.at_ns, text);
  }

  /// A request that was long on its way.
  void tell_way(const Effect& effect, std::size_t arrived) {
    const auto sent = chronicle_.find_last(arrived, [&](const Moment& moment) {
      const auto* milestone = as<Milestone>(moment);
      return milestone != nullptr && milestone->what == Milestone::What::effect_sent &&
             milestone->attempt == effect.attempt;
    });
    if (!sent || time(arrived) - time(*sent) <= kBreathNs) return;
    tell(time(*sent), client_text(effect.client) + " sends its " +
                          std::string(checkers::effect_word(effect.kind)) +
                          ", which is long on its way");
  }

  std::string fence_clause(const Effect& effect) const {
    if (effect.token == 0) return "; there is no token to refuse it by";
    if (!effect.would_be_fenced) return "";
    return run_.cell.cell().fencing == scenarios::Fencing::write_only
               ? "; reads are not fenced, so nothing newer has been written that would refuse it"
               : "; a fence would have refused it, but there is none";
  }

  // ------------------------------------------------------------------------- standstills and gaps

  void tell_standstill() {
    if (!explanation_.progress) return;
    const checkers::ProgressResult& progress = *explanation_.progress;
    std::string text = "nobody works any more";
    if (focus_.later) {
      text += ", and " + client_text(focus_.later->client);
      const auto ask = asked(focus_.later->attempt);
      if (ask) text += ", which asked at " + instant_text(time(*ask), explanation_) + ",";
      text += " waits for the lock";
    }
    tell(progress.since_ns, text);
    using checkers::Outlook;
    const std::int64_t end_ns = moments_.back().at.at_ns;
    if (progress.outlook.kind == Outlook::Kind::stuck) {
      tell(end_ns, "nothing that is pending will ever free the lock");
    } else if (progress.outlook.kind == Outlook::Kind::slow) {
      tell(end_ns, "the lock will come free, but not before " +
                       instant_text(progress.outlook.free_at_ns, explanation_));
    } else {
      tell(end_ns, "nobody has had the lock for " + duration_text(progress.longest_ns));
    }
  }

  void tell_gap() {
    const auto* job = std::get_if<scenarios::PeriodJob>(&run_.cell.scenario().workload);
    if (job == nullptr || !focus_.first) return;
    tell(time(*focus_.first), client_text(focus_.earlier->client) + " runs the job");
    tell_end_of_older_hold();
    if (explanation_.too_early) tell_asker(*explanation_.too_early);
    const std::string gap = duration_text(focus_.at.at_ns - time(*focus_.first));
    if (!focus_.second) {
      return tell(focus_.at.at_ns, "nobody has run it again for " + gap + ", where the period is " +
                                       duration_text(job->period.ns()));
    }
    const bool late = explanation_.frequency->late > 0;
    tell(time(*focus_.second), client_text(focus_.later->client) + " runs it next, " + gap +
                                   " later, where the period is " +
                                   duration_text(job->period.ns()) + ": the " +
                                   (late ? "longest" : "shortest") + " gap");
  }

  void tell_asker(const scenarios::TooEarly& request) {
    const std::int64_t before = time(request.free) - request.asked_ns;
    tell(request.asked_ns, client_text(request.client) + " asks for the lock, " +
                               duration_text(before) +
                               " before it is free, and does not ask again soon enough");
  }

  const Explanation& explanation_;
  const scenarios::Focus& focus_;
  const Reproduction& run_;
  const Chronicle& chronicle_;
  const std::vector<Moment>& moments_;
  std::uint32_t clients_;
  std::vector<StoryLine> lines_;
};

}  // namespace

std::vector<StoryLine> story_of(const Explanation& explanation, const Reproduction& run) {
  return Story(explanation, run).told();
}

}  // namespace leasehold::reports
