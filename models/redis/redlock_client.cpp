#include "models/redis/redlock_client.hpp"

#include "models/milestone.hpp"

namespace leasehold::models::redis {

using sim::Duration;
using sim::MonoTime;
using sim::Task;

namespace {

RedlockOptions::Client client_word(const Parameters& parameters) {
  using Client = RedlockOptions::Client;
  if (parameters.is("client", "node-redlock-5b2")) return Client::node_redlock_5b2;
  return parameters.is("client", "redlock-py") ? Client::redlock_py : Client::spec;
}

sim::ClockKind clock_word(const Parameters& parameters) {
  if (parameters.is("clock", "mono")) return sim::ClockKind::mono;
  if (parameters.is("clock", "boot")) return sim::ClockKind::boot;
  if (parameters.is("clock", "wall")) return sim::ClockKind::wall;
  return parameters.is("client", "spec") ? sim::ClockKind::mono : sim::ClockKind::wall;
}

std::uint32_t tries_word(const Parameters& parameters) {
  const auto tries = static_cast<std::uint32_t>(parameters.count("tries"));
  if (tries > 0) return tries;
  return parameters.is("client", "node-redlock-5b2") ? 11 : 3;
}

}  // namespace

RedlockOptions::RedlockOptions(const Setting& setting, const Parameters& parameters)
    : client(client_word(parameters)),
      clock(clock_word(parameters)),
      nodes(static_cast<std::uint32_t>(parameters.count("nodes"))),
      ttl(setting.lease),
      timeout(parameters.duration("timeout")),
      retry(setting.retry),
      tries(tries_word(parameters)),
      renew(parameters.is("renew", "on")),
      deadline(parameters.is("deadline", "on")) {}

RedlockClient::RedlockClient(sim::Process& self, ClientId client, sim::ProcessId first_node,
                             const RedlockOptions& options)
    : LockClient(self, client),
      options_(options),
      nodes_(self, first_node, options.nodes, options.timeout),
      retry_time_(self.stream(sim::purpose("redlock.retry"))),
      let_go_(self) {
  if (!options_.renew) return;
  extending_nodes_ = std::make_unique<NodeSet>(self, first_node, options.nodes, options.timeout);
}

Request RedlockClient::command(Verb verb, std::uint64_t owner) const {
  const auto ttl_ms = static_cast<std::uint64_t>(options_.ttl / Duration::milliseconds(1));
  return Request{verb, kLockKey, owner, ttl_ms, owner};
}

Deadline RedlockClient::trusted_for(Duration validity) const {
  if (!options_.deadline) return Deadline();
  return Deadline::after(self(), options_.clock, validity);
}

void RedlockClient::hold(AttemptId attempt, std::uint64_t owner, Duration validity) {
  owner_ = owner;
  believe(attempt, 0, trusted_for(validity));
  if (options_.renew) self().spawn(keep_extending(owner));
}

void RedlockClient::let_go() {
  stop_believing();
  reach(*this, Milestone::What::release_sent, attempt());
  let_go_.notify_all();
}

// Extended once a majority prolonged the key within the validity of the extension itself. When no
// majority is left that could, the lock is lost.
Task<void> RedlockClient::keep_extending(std::uint64_t extended) {
  while (true) {
    const MonoTime next = self().mono_now() + options_.ttl / 3;
    co_await let_go_.wait_until(next);
    if (owner_ != extended || !believed()) co_return;
    const Duration started = now();
    reach(*this, Milestone::What::renew_sent, attempt());
    const Votes votes = co_await extending_nodes_->ask(extension(extended));
    if (owner_ != extended || !believed()) co_return;
    const Duration validity = validity_since(started);
    const bool prolonged = votes.yes >= options_.quorum() && validity > Duration::zero();
    if (prolonged && believes()) extend(trusted_for(validity));
    if (!believes() || votes.no > options_.nodes - options_.quorum()) co_return lose();
  }
}

}  // namespace leasehold::models::redis
