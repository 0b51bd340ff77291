#include <array>

#include "models/describe.hpp"
#include "scenarios/timeline/recorder.hpp"

// How servers stand, and until when clients trust their locks. Nobody tells of that, so whoever may
// have changed it is looked at when the next event comes.
namespace leasehold::scenarios {
namespace {

using models::Deadline;
using models::Standing;
std::string role_text(const Standing& standing) {
  constexpr std::array<std::string_view, 6> kRoles{"",        "leads",      "stands for election",
                                                   "follows", "is primary", "is standby"};
  std::string text(kRoles[static_cast<std::size_t>(standing.role)]);
  if (standing.term != 0) text += " in term " + std::to_string(standing.term);
  return text;
}

std::string keeps_text(const Standing& standing) {
  const checkers::AttemptId holder = standing.holder.value_or(0);
  return "keeps the lock for " + (holder == 0 ? "nobody" : models::attempt_name(holder));
}

std::string waiting_text(const Standing& standing) {
  if (standing.waiting.empty()) return "nobody waits";
  std::string text;
  for (const checkers::AttemptId attempt : standing.waiting) {
    text += (text.empty() ? "" : ", ") + models::attempt_name(attempt);
  }
  return text + (standing.waiting.size() == 1 ? " waits" : " wait");
}

/// `, until 12.345 s on its wall clock`
std::string until_text(const Deadline& until) {
  constexpr std::array<const char*, 3> kClocks{"wall", "monotonic", "boot"};
  if (until.is_never()) return "";
  const std::int64_t ms = (until.reading().ns() - zero_of(until.clock())) / 1'000'000;
  const std::string thousandths = std::to_string(1'000 + ms % 1'000);
  return ", until " + std::to_string(ms / 1'000) + "." + thousandths.substr(1) + " s on its " +
         kClocks[static_cast<std::size_t>(until.clock())] + " clock";
}

void add(std::string& text, const std::string& more) {
  if (!more.empty()) text += (text.empty() ? "" : "; ") + more;
}

/// `with_lock`: whom it keeps the lock for, too.
std::string place_text(const Standing& standing, bool with_lock) {
  std::string text;
  if (!standing.answers) text = "answers nobody yet";
  add(text, role_text(standing));
  if (standing.holder && with_lock) add(text, keeps_text(standing));
  if (!standing.waiting.empty()) add(text, waiting_text(standing));
  return text;
}

std::string change_text(const Standing& before, const Standing& now) {
  std::string text;
  if (now.answers != before.answers) text = now.answers ? "answers" : "answers nobody";
  if (now.role != before.role || now.term != before.term) add(text, role_text(now));
  if (now.holder && now.holder != before.holder) add(text, keeps_text(now) + until_text(now.until));
  // Who follows another has the same queue a moment later.
  const bool repeats = now.role == Standing::Role::follower;
  if (now.waiting != before.waiting && !repeats) add(text, waiting_text(now));
  return text;
}

std::string change_text(const std::optional<Standing>& before, const std::optional<Standing>& now) {
  if (!now) return "answers nobody";
  return before ? change_text(*before, *now) : "is back: " + place_text(*now, true);
}

bool leads(const std::optional<Standing>& standing) {
  return standing &&
         (standing->role == Standing::Role::leader || standing->role == Standing::Role::primary);
}

}  // namespace

EventIndex TimelineRecorder::by_then() const {
  const std::vector<TimelineEvent>& events = timeline_.events;
  const bool last = !events.empty() && events.back().at_ns == before_.at.since_zero().ns();
  return static_cast<EventIndex>(events.size()) - (last ? 1 : 0);
}

void TimelineRecorder::look_back() {
  if (world_.deployment == nullptr || timeline_.events.empty()) return;
  if (before_.process == sim::TraceEvent::kNobody) {
    for (std::uint32_t slot = 0; slot < cast_.servers(); ++slot) look_at_server(slot);
  } else {
    look_at(before_.process);
  }
  if (running_ != before_.process && running_ != kNoLane) look_at(running_);
}

void TimelineRecorder::look_at(LaneIndex process) {
  if (cast_.is_server(process)) return look_at_server(cast_.slot_of(process));
  if (!cast_.is_client(process)) return;
  const models::LockClient* lock = world_.locks[process].get();
  if (lock != nullptr) put_deadline(process, lock->deadline());
}

void TimelineRecorder::look_at_server(std::uint32_t slot) {
  const LaneIndex lane = cast_.server(slot);
  const bool down = open_.contains({Bar::down, {lane, 0}});
  std::optional<Standing> now;
  if (!down) now = world_.deployment->standing(slot);
  if (now == standings_[slot]) return;
  const std::optional<Standing> before = std::exchange(standings_[slot], now);
  const std::string change = change_text(before, now);
  const bool first = timeline_.lanes[lane].places.empty();
  EventIndex at = by_then();
  if (!first && !down && !change.empty()) {
    sim::TraceEvent then = before_;
    then.process = lane;
    then.peer = sim::TraceEvent::kNobody;
    at = put(then, Kind::standing, change);
  }
  put_place(lane, at, now ? place_text(*now, false) : "");  // its lock has a bar
  put_roles(lane, at, before, now);
  put_deadline(lane, now ? now->until : Deadline());
}

/// Ends the bars that are over and begins the new ones.
void TimelineRecorder::put_roles(LaneIndex lane, EventIndex at,
                                 const std::optional<Standing>& before,
                                 const std::optional<Standing>& now) {
  const bool goes_on = leads(before) && leads(now) && before->term == now->term;
  if (leads(before) && !goes_on) close(Bar::leads, lane, 0, at, now ? "leads no more" : "crashed");
  if (leads(now) && !goes_on) {
    open(Bar::leads, lane, 0, at);
    timeline_.bars.back().term = now->term;
    timeline_.leader_word = now->role == Standing::Role::primary ? "primary" : "leader";
  }
  const checkers::AttemptId kept = before ? before->holder.value_or(0) : 0;
  const checkers::AttemptId keeps = now ? now->holder.value_or(0) : 0;
  if (kept == keeps) return;
  if (kept != 0) close(Bar::keeps, lane, kept, at, now ? "kept no more" : "its server is down");
  if (keeps != 0) open(Bar::keeps, lane, keeps, at);
}

void TimelineRecorder::put_deadline(LaneIndex lane, const Deadline& deadline) {
  TimelineLane::Deadline next{by_then(), deadline.clock(), {}};
  if (!deadline.is_never()) next.reading_ns = deadline.reading().ns() - zero_of(deadline.clock());
  std::vector<TimelineLane::Deadline>& all = timeline_.lanes[lane].deadlines;
  const bool same =
      all.empty() ? !next.reading_ns
                  : all.back().reading_ns == next.reading_ns && all.back().clock == next.clock;
  if (same) return;
  if (!all.empty() && all.back().from == next.from) all.pop_back();
  all.push_back(next);
}

}  // namespace leasehold::scenarios
