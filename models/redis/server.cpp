#include "models/redis/server.hpp"

#include <algorithm>
#include <utility>

#include "models/redis/owner.hpp"

namespace leasehold::models::redis {

using sim::ConnectionId;
using sim::Duration;
using sim::Incoming;
using sim::Message;
using sim::MonoTime;
using sim::Task;

namespace {

bool changes_data(Verb verb) {
  switch (verb) {
    case Verb::ping:
    case Verb::get:
    case Verb::pttl:
    case Verb::watch:
    case Verb::unwatch:
    case Verb::multi:
    case Verb::exec:
      return false;
    default:
      return true;
  }
}

/// The commands that Redis refuses when its memory is full (denyoom).
bool takes_memory(Verb verb) {
  switch (verb) {
    case Verb::set:
    case Verb::set_nx:
    case Verb::setnx:
    case Verb::getset:
    case Verb::incr:
    case Verb::set_nx_and_incr:
      return true;
    default:
      return false;
  }
}

Reply integer(std::uint64_t value) { return {Reply::Kind::integer, value}; }
constexpr Reply kOk{Reply::Kind::ok, 0};
constexpr Reply kNil{Reply::Kind::nil, 0};
constexpr Reply kError{Reply::Kind::error, 0};

Reply value_or_nil(const Entry* entry) {
  return entry == nullptr ? kNil : Reply{Reply::Kind::value, entry->value};
}

}  // namespace

Server::Server(sim::Process& self, const ServerOptions& options, KeyspaceObserver* observer,
               const Memory* memory)
    : self_(self),
      options_(options),
      service_time_(self.stream(sim::purpose("redis.service"))),
      observer_(observer),
      memory_(memory),
      started_(self.mono_now()),
      storage_(self, options.persistence) {
  storage_.watch_over(keys_);
}

Task<void> Server::serve() {
  if (self_.incarnation() > 0) co_await stay_away();
  while (true) {
    load();
    self_.listen();
    co_await serve_until_failure();
    give_up_connections();
    co_await stay_away();
    self_.inbox().clear();
  }
}

Task<void> Server::stay_away() {
  opens_ = self_.mono_now() + options_.quarantine;
  away_ = true;
  co_await self_.sleep_until(opens_);
  away_ = false;
}

void Server::load() {
  keys_ = Keyspace();
  transactions_ = Transactions();
  storage_.load(keys_);
  for (const Entry& entry : keys_.entries()) {
    keys_.at(entry.key).used = self_.mono_now();
    if (entry.expires_ms != 0) expire_by(entry.expires_ms);
  }
}

Task<void> Server::serve_until_failure() {
  while (true) {
    const Incoming incoming = co_await self_.inbox().receive();
    if (incoming.kind == Incoming::Kind::data) {
      co_await self_.compute(options_.service.sample(service_time_));
      const Reply reply = answer(incoming.connection, incoming.message.as<Request>());
      if (storage_.must_commit()) {
        const bool committed = co_await storage_.commit();
        if (!committed) co_return;
      }
      self_.send_over(incoming.connection, Message::of(reply));
    } else if (incoming.kind == Incoming::Kind::opened) {
      connections_.insert(incoming.connection);
    } else {
      connections_.erase(incoming.connection);
      transactions_.forget(incoming.connection);
    }
  }
}

void Server::give_up_connections() {
  for (const ConnectionId connection : connections_) self_.close(connection);
  connections_.clear();
}

Reply Server::answer(ConnectionId connection, const Request& request) {
  const std::optional<Reply> done = transact(connection, request);
  const Reply reply = done ? *done : execute(request);
  storage_.end_transaction();
  return reply;
}

// --------------------------------------------------------------------------------- transactions

/// The reply if the command belongs to a transaction.
std::optional<Reply> Server::transact(ConnectionId connection, const Request& request) {
  using Session = Transactions::Session;
  Session* session = transactions_.none() ? nullptr : transactions_.find(connection);
  const bool queueing = session != nullptr && session->open;
  switch (request.verb) {
    case Verb::exec:
      return queueing ? exec(transactions_.take(connection)) : kError;
    case Verb::watch:
      if (queueing) return kError;  // refused, and the transaction goes on
      transactions_.at(connection)
          .watched.push_back({request.key, keys_.find(request.key) != nullptr &&
                                               keys_.find(request.key)->is_expired(wall_ms())});
      return kOk;
    case Verb::multi:
      if (queueing) return kError;
      transactions_.at(connection).open = true;
      return kOk;
    case Verb::unwatch:
      // Queued it comes too late to undo anything: EXEC has looked at the watched keys.
      if (!queueing) {
        transactions_.forget(connection);
        return kOk;
      }
      [[fallthrough]];
    default:
      if (!queueing) return std::nullopt;
      if (changes_data(request.verb) && storage_.refuses_writes()) {
        session->broken = true;
        return kError;
      }
      session->queued.push_back(request);
      return Reply{Reply::Kind::queued, 0};
  }
}

Reply Server::exec(const Transactions::Session& session) {
  if (session.broken) return kError;
  const auto ran_out = [this](const Transactions::Watched& watched) {
    const Entry* entry = keys_.find(watched.key);
    return !watched.expired && entry != nullptr && entry->is_expired(wall_ms());
  };
  const auto& watched = session.watched;
  if (session.touched || std::any_of(watched.begin(), watched.end(), ran_out)) return kNil;
  Reply last{};
  for (const Request& request : session.queued) last = execute(request);
  return {Reply::Kind::array, last.value};
}

// ------------------------------------------------------------------------------------- commands

Reply Server::execute(const Request& request) {
  evict_under_pressure();
  const bool full = (options_.capacity > 0 && !has_room()) || is_out_of_memory();
  if (full && takes_memory(request.verb)) return kError;
  switch (request.verb) {
    case Verb::ping:
    case Verb::unwatch:
      return kOk;
    case Verb::get:
      return value_or_nil(live(request.key));
    case Verb::pttl:
      return time_left(request.key);
    default:
      return storage_.refuses_writes() ? kError : change(request);
  }
}

Reply Server::change(const Request& request) {
  switch (request.verb) {
    case Verb::set:
      put(request.key, request.value, request.ttl_ms);
      return kOk;
    case Verb::set_nx:
      return set_unless_there(request, request.ttl_ms) ? kOk : kNil;
    case Verb::setnx:
      return integer(set_unless_there(request, 0) ? 1 : 0);
    case Verb::set_nx_and_incr:
      if (!set_unless_there(request, request.ttl_ms)) return kNil;
      return increment(token_key(request.key));
    case Verb::getset: {
      const Reply old = value_or_nil(live(request.key));
      put(request.key, request.value, 0);
      return old;
    }
    case Verb::incr:
      return increment(request.key);
    case Verb::pexpire:
    case Verb::compare_and_pexpire: {
      Entry* entry = live(request.key);
      const bool compares = request.verb == Verb::compare_and_pexpire;
      if (entry == nullptr || (compares && entry->value != request.value)) return integer(0);
      lease(*entry, request.ttl_ms);
      return integer(1);
    }
    case Verb::del:
    case Verb::compare_and_delete:
      return release(request);
    default:
      LH_ASSERT(false);
      return kError;
  }
}

Reply Server::release(const Request& request) {
  const Entry* entry = live(request.key);
  const bool compares = request.verb == Verb::compare_and_delete;
  const bool removes = entry != nullptr && (!compares || entry->value == request.value);
  if (removes) remove(request.key);
  if (observer_ != nullptr) observer_->on_release(self_, request.key, request.owner);
  return integer(removes ? 1 : 0);
}

bool Server::set_unless_there(const Request& request, std::uint64_t ttl_ms) {
  if (live(request.key) != nullptr) return false;
  put(request.key, request.value, ttl_ms);
  return true;
}

Reply Server::increment(std::uint64_t key) {
  const Entry* old = live(key);
  Entry& entry = old != nullptr ? *keys_.find(key) : keys_.at(key);
  ++entry.value;
  entry.used = self_.mono_now();
  changed(entry);
  return integer(entry.value);
}

Reply Server::time_left(std::uint64_t key) {
  const Entry* entry = live(key);
  if (entry == nullptr) return integer(static_cast<std::uint64_t>(-2));
  if (entry->expires_ms == 0) return integer(static_cast<std::uint64_t>(-1));
  return integer(static_cast<std::uint64_t>(entry->expires_ms - wall_ms()));
}

Entry* Server::live(std::uint64_t key) {
  Entry* entry = keys_.find(key);
  if (entry == nullptr) return nullptr;
  if (entry->is_expired(wall_ms())) {
    remove(key);
    return nullptr;
  }
  entry->used = self_.mono_now();
  return entry;
}

void Server::put(std::uint64_t key, std::uint64_t value, std::uint64_t ttl_ms) {
  live(key);  // what has expired goes first
  Entry& entry = keys_.at(key);
  entry.value = value;
  entry.expires_ms = 0;
  entry.used = self_.mono_now();
  if (ttl_ms > 0) return lease(entry, ttl_ms);
  changed(entry);
  if (observer_ != nullptr) observer_->on_lease(self_, key, value, sim::BootTime::never());
}

void Server::lease(Entry& entry, std::uint64_t ttl_ms) {
  const auto ttl = static_cast<std::int64_t>(ttl_ms);
  entry.expires_ms = wall_ms() + ttl;
  changed(entry);
  expire_by(entry.expires_ms);
  if (observer_ == nullptr) return;
  observer_->on_lease(self_, entry.key, entry.value,
                      self_.boot_now() + Duration::milliseconds(ttl));
}

void Server::changed(const Entry& entry) {
  storage_.log_set(entry);
  if (!transactions_.none()) transactions_.touch(entry.key, true);
}

void Server::remove(std::uint64_t key) {
  keys_.erase(key);
  storage_.log_erase(key);
  if (!transactions_.none()) transactions_.touch(key, false);
}

WayOut Server::way_out(std::uint64_t key) const {
  using ClockReads = WayOut::ClockReads;
  if (options_.capacity > 0) return WayOut::unknown();  // others' keys may drive it out
  if (self_.mono_now() < opens_) {
    return WayOut::by(ClockReads{self_.id(), sim::ClockKind::mono, opens_.since_zero()});
  }
  const Entry* entry = keys_.find(key);
  if (entry == nullptr || entry->is_expired(wall_ms())) return WayOut::free();
  if (entry->expires_ms == 0) return WayOut::none();
  return WayOut::by(
      ClockReads{self_.id(), sim::ClockKind::wall, Duration::milliseconds(entry->expires_ms + 1)});
}

Standing Server::standing(std::uint64_t key) const {
  Standing standing;
  standing.answers = !away_;
  const Entry* entry = keys_.find(key);
  standing.holder = entry == nullptr ? 0 : attempt_of(entry->value);
  if (entry == nullptr || entry->expires_ms == 0) return standing;
  const Duration expires = Duration::milliseconds(entry->expires_ms);
  standing.until = Deadline::at(sim::ClockKind::wall, expires);
  return standing;
}

std::int64_t Server::wall_ms() const {
  return self_.wall_now().since_zero() / Duration::milliseconds(1);
}

// --------------------------------------------------------------------------------------- expiry

void Server::expire_by(std::int64_t deadline_ms) {
  if (alarm_ms_ != 0 && alarm_ms_ <= deadline_ms) return;
  alarm_ms_ = deadline_ms;
  self_.spawn(expire_in_cycle(++alarm_));
}

Task<void> Server::expire_in_cycle(std::uint64_t alarm) {
  constexpr Duration kCycle = Duration::milliseconds(100);
  std::int64_t deadline_ms = alarm_ms_;
  while (true) {
    const Duration due = Duration::milliseconds(deadline_ms + 1);
    co_await self_.sleep_until(sim::WallTime::at(due));
    const Duration up = self_.mono_now() - started_;
    const std::int64_t cycles = (up + kCycle - Duration::nanoseconds(1)) / kCycle;
    co_await self_.sleep_until(started_ + kCycle * cycles);
    run_expiry_cycle();
    if (alarm != alarm_) co_return;
    deadline_ms = alarm_ms_;
    if (deadline_ms == 0) co_return;
  }
}

void Server::run_expiry_cycle() {
  std::vector<std::uint64_t> expired;
  std::int64_t earliest_ms = 0;
  for (const Entry& entry : keys_.entries()) {
    if (entry.is_expired(wall_ms())) {
      expired.push_back(entry.key);
    } else if (entry.expires_ms != 0 && (earliest_ms == 0 || entry.expires_ms < earliest_ms)) {
      earliest_ms = entry.expires_ms;
    }
  }
  for (const std::uint64_t key : expired) {
    remove(key);
    storage_.end_transaction();
  }
  alarm_ms_ = earliest_ms;
}

// ------------------------------------------------------------------------------------- eviction

std::uint64_t Server::foreign_keys_written(MonoTime until) const {
  constexpr std::int64_t kSecond = 1'000'000'000;
  const std::int64_t up_ns = (until - started_).ns();
  const auto rate = static_cast<std::int64_t>(options_.foreign_writes_per_s);
  return static_cast<std::uint64_t>(up_ns / kSecond * rate + up_ns % kSecond * rate / kSecond);
}

/// Evicts what the policy gives up for the keys of others that came since, the least recently used
/// first; false if the memory is still full.
bool Server::has_room() {
  const std::uint64_t written = foreign_keys_written(self_.mono_now());
  const auto own = [this] { return keys_.entries().size(); };
  if (written + own() < options_.capacity) return true;
  switch (options_.eviction) {
    case EvictionPolicy::noeviction:
      return false;
    case EvictionPolicy::allkeys_lru: {
      const std::vector<Entry> entries = keys_.entries();
      for (const Entry& entry : entries) {
        const std::uint64_t newer = written - foreign_keys_written(entry.used);
        if (newer + own() >= options_.capacity) remove(entry.key);
      }
      return true;
    }
    case EvictionPolicy::volatile_lru: {
      const std::vector<Entry> entries = keys_.entries();
      for (const Entry& entry : entries) {
        if (entry.expires_ms != 0) remove(entry.key);
      }
      return false;
    }
  }
  return true;
}

/// No policy but allkeys-lru has anything to give up any more.
bool Server::is_out_of_memory() const {
  return memory_ != nullptr && memory_->is_full() &&
         options_.eviction != EvictionPolicy::allkeys_lru;
}

/// What went for the keys that others wrote while the memory was full: under volatile-lru whatever
/// has a time to live, which only locks have, at the first of them; under allkeys-lru what was not
/// used while all other keys were replaced.
void Server::evict_under_pressure() {
  if (memory_ == nullptr || !memory_->was_full()) return;
  if (options_.eviction == EvictionPolicy::noeviction) return;
  const bool all = options_.eviction == EvictionPolicy::allkeys_lru;
  const MonoTime now = self_.mono_now();
  const std::vector<Entry> entries = keys_.entries();
  for (const Entry& entry : entries) {
    const std::uint64_t newer = memory_->written(entry.used, now);
    if (all ? newer >= memory_->capacity() : newer > 0 && entry.expires_ms != 0) remove(entry.key);
  }
}

}  // namespace leasehold::models::redis
