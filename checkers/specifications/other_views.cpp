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
  if (*kind == LockOperation::Kind::release) {
    told_.push_back({call.invoked, owner, owner, false, {}, {}, {}});
  } else if (*kind == LockOperation::Kind::acquire && call.outcome == Outcome::ok) {
    const RecordedEvent& answer = *call.completion;
    const Value* deadline = answer.value.find("deadline_ns");
    std::optional<std::int64_t> deadline_ns;
    if (deadline != nullptr && deadline->is_integer()) deadline_ns = deadline->integer;
    told_.push_back(
        {call.responded, owner, owner, true, answer.time_ns, deadline_ns, answer.place});
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
    recorded_.push_back({at,
                         owner,
                         number(fact, "client"),
                         word(fact, "phase") == "begun",
                         fact.time_ns,
                         {},
                         fact.place});
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

void OtherViews::observe_life(const RecordedEvent& fact, Position at) {
  if (word(fact, "phase") != "crashed") return;
  const Owner client = number(fact, "client");
  recorded_.push_back({at, 0, client, false, fact.time_ns, {}, fact.place});
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

std::vector<OtherViews::Belief> OtherViews::beliefs() {
  std::vector<Change>& changes = recorded_.empty() ? told_ : recorded_;
  std::sort(changes.begin(), changes.end(),
            [](const Change& a, const Change& b) { return a.at < b.at; });
  std::vector<Belief> beliefs;
  std::map<Owner, std::size_t> open;  // by owner, of `beliefs`
  for (const Change& change : changes) {
    if (change.begins) {
      if (!open.try_emplace(change.owner, beliefs.size()).second) continue;
      beliefs.push_back(
          {change.client, change.at, kNever, change.at_ns, change.deadline_ns, change.place});
      continue;
    }
    for (auto each = open.begin(); each != open.end();) {
      const bool crashed = change.owner == 0 && beliefs[each->second].client == change.client;
      if (!crashed && each->first != change.owner) {
        ++each;
        continue;
      }
      beliefs[each->second].to = change.at;
      each = open.erase(each);
    }
  }
  return beliefs;
}

void OtherViews::finish() {
  const std::vector<Belief> all = beliefs();
  if (!all.empty()) belief_ = Verdict::holds;
  std::vector<const Belief*> open;
  for (const Belief& belief : all) {
    std::erase_if(open, [&belief](const Belief* other) {
      const bool expired =
          other->deadline_ns && belief.from_ns && *other->deadline_ns <= *belief.from_ns;
      return other->to < belief.from || expired;
    });
    const auto other = std::find_if(open.begin(), open.end(), [&belief](const Belief* each) {
      return each->client != belief.client;
    });
    if (other != open.end()) {
      belief_ = Verdict::violated;
      overlap_ = BeliefOverlap{(*other)->place, belief.place};
      break;
    }
    open.push_back(&belief);
  }
  if (effects_) effect_ = effects_->finish().verdict;
}

}  // namespace leasehold::checkers
