#include "checkers/specifications/other_views.hpp"

#include <algorithm>
#include <utility>

namespace leasehold::checkers {
namespace {

using Outcome = RecordedCall::Outcome;

std::string_view word(const RecordedEvent& fact, std::string_view key) {
  const Value* found = fact.value.find(key);
  return found == nullptr ? std::string_view() : std::string_view(found->text);
}

std::uint64_t integer(const RecordedEvent& fact, std::string_view key) {
  const Value* found = fact.value.find(key);
  return found != nullptr && found->is_integer() ? static_cast<std::uint64_t>(found->integer) : 0;
}

bool is_true(const Value* value) {
  return value != nullptr && value->kind == Value::Kind::boolean && value->integer != 0;
}

Effect::Kind effect_kind(std::string_view word) {
  if (word == "read") return Effect::Kind::read;
  return word == "notice" ? Effect::Kind::notice : Effect::Kind::write;
}

Stamp stamp(const RecordedEvent& fact, Position at) { return {fact.time_ns.value_or(0), at}; }

}  // namespace

void OtherViews::observe(const RecordedCall& call) {
  const auto kind = lock_operation_named(call.invocation.f);
  if (!kind) return;
  const Owner owner = reader_.owner_of(call);
  if (stated_) return;
  if (*kind == LockOperation::Kind::release) {
    changes_.push_back({call.invoked, owner, owner, 0, false});
  } else if (call.outcome == Outcome::ok) {
    observe_answer(call, owner, *kind == LockOperation::Kind::renew);
  }
}

void OtherViews::observe_answer(const RecordedCall& call, Owner owner, bool renewed) {
  const RecordedEvent& answer = *call.completion;
  const Value* found = answer.value.find("deadline_ns");
  std::optional<std::int64_t> deadline_ns;
  if (found != nullptr && found->is_integer()) deadline_ns = found->integer;
  if (renewed && !deadline_ns) return;  // as long as before
  changes_.push_back(
      {call.responded, owner, owner, static_cast<std::uint32_t>(answer.place.line), true});
  // When a belief began only matters to earlier ones with a deadline.
  if (deadline_ns || !leases_.empty()) {
    leases_.push_back({call.responded, answer.time_ns, deadline_ns});
  }
}

OtherViews::Owner OtherViews::number(const RecordedEvent& fact, std::string_view key) {
  const Value* found = fact.value.find(key);
  return found == nullptr ? 0 : reader_.number_of(Value::vector({Value::keyword(key), *found}));
}

void OtherViews::observe_fact(const RecordedEvent& fact, Position at) {
  const Owner owner = number(fact, "owner");
  if (fact.f == "history") {
    const Value* rules = fact.value.find("effects");
    if (rules == nullptr || effects_) return;
    effects_.emplace(EffectRules{is_true(rules->find("stale")), is_true(rules->find("lost")),
                                 is_true(rules->find("duplicate")), is_true(rules->find("rows"))});
  } else if (fact.f == "belief") {
    record(fact, at, owner, word(fact, "phase") == "begun");
  } else if (fact.f == "client-life") {
    observe_life(fact, at);
  } else if (effects_ && fact.f == "grant") {
    const bool begun = word(fact, "phase") == "begun";
    const auto phase = begun ? Grant::Phase::begun : Grant::Phase::ended;
    effects_->observe(stamp(fact, at), Grant{phase, {}, 0, owner, 0});
  } else if (fact.f == "work") {
    const bool entered = word(fact, "phase") == "entered";
    if (entered) at_work_[owner] = number(fact, "client");
    if (!entered) at_work_.erase(owner);
    const auto phase = entered ? Work::Phase::entered : Work::Phase::left;
    if (effects_) effects_->observe(stamp(fact, at), Work{phase, 0, owner, 0, 0});
  } else if (fact.f == "effect") {
    observe_effect(fact, at);
  }
}

/// What is stated counts, and nothing else.
void OtherViews::record(const RecordedEvent& fact, Position at, Owner owner, bool begins) {
  if (!std::exchange(stated_, true)) {
    changes_.clear();
    leases_.clear();
  }
  changes_.push_back(
      {at, owner, number(fact, "client"), static_cast<std::uint32_t>(fact.place.line), begins});
}

void OtherViews::observe_life(const RecordedEvent& fact, Position at) {
  if (word(fact, "phase") != "crashed") return;
  const Owner client = number(fact, "client");
  record(fact, at, 0, false);
  for (auto work = at_work_.begin(); work != at_work_.end();) {
    if (work->second != client) {
      ++work;
      continue;
    }
    if (effects_) effects_->crashed_at_work(work->first);
    work = at_work_.erase(work);
  }
}

void OtherViews::observe_effect(const RecordedEvent& fact, Position at) {
  if (!effects_) return;
  Effect effect;
  effect.kind = effect_kind(word(fact, "kind"));
  const bool fenced = word(fact, "outcome") == "fenced";
  effect.outcome = fenced ? Effect::Outcome::fenced : Effect::Outcome::accepted;
  effect.attempt = number(fact, "owner");
  effect.version = integer(fact, "version");
  effect.based_on = integer(fact, "based_on");
  effect.job = integer(fact, "job");
  const bool sound = !effects_->result().first;
  effects_->observe(stamp(fact, at), effect);
  const auto& first = effects_->result().first;
  if (sound && first) harm_ = EffectBreak{first->rule, fact.place};
}

const OtherViews::Lease* OtherViews::lease_at(Position at) const {
  const auto found =
      std::lower_bound(leases_.begin(), leases_.end(), at,
                       [](const Lease& lease, Position position) { return lease.at < position; });
  return found != leases_.end() && found->at == at ? &*found : nullptr;
}

void OtherViews::compare_beliefs() {
  const auto earlier = [](const Change& a, const Change& b) { return a.at < b.at; };
  if (!std::is_sorted(changes_.begin(), changes_.end(), earlier)) {
    std::sort(changes_.begin(), changes_.end(), earlier);
  }
  std::map<Owner, Belief> open;
  for (const Change& change : changes_) {
    if (!change.begins) {
      std::erase_if(open, [&change](const auto& each) {
        const bool crashed = change.owner == 0 && each.second.begun.client == change.client;
        return crashed || each.first == change.owner;
      });
      continue;
    }
    belief_ = Verdict::holds;
    const Lease* const now = lease_at(change.at);
    std::erase_if(open, [now](const auto& each) {
      const Lease* const lease = each.second.lease;
      return now != nullptr && now->from_ns && lease != nullptr && lease->deadline_ns &&
             *lease->deadline_ns <= *now->from_ns;
    });
    const auto other = std::find_if(open.begin(), open.end(), [&change](const auto& each) {
      return each.second.begun.client != change.client;
    });
    if (other != open.end()) {
      belief_ = Verdict::violated;
      overlap_ = BeliefOverlap{other->second.begun.line, change.line};
      return;
    }
    const auto [owned, fresh] = open.try_emplace(change.owner, Belief{change, now});
    if (!fresh && now != nullptr && now->deadline_ns) owned->second.lease = now;
  }
}

void OtherViews::finish() {
  compare_beliefs();
  if (effects_) effect_ = effects_->finish().verdict;
}

std::size_t OtherViews::bytes() const {
  return changes_.size() * sizeof(Change) + leases_.size() * sizeof(Lease) + reader_.bytes();
}

}  // namespace leasehold::checkers
