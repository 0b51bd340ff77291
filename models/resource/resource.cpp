#include "models/resource/resource.hpp"

#include <algorithm>
#include <optional>

namespace leasehold::models::resource {

using checkers::Effect;
using sim::Incoming;
using sim::Message;
using sim::Task;

Resource::Resource(sim::Process& self, Fencing fencing, const sim::Distribution& service)
    : self_(self),
      fencing_(fencing),
      service_(service),
      service_time_(self.stream(sim::purpose("resource.service"))) {}

Task<void> Resource::serve() {
  self_.listen();
  while (true) {
    const Incoming incoming = co_await self_.inbox().receive();
    if (incoming.kind != Incoming::Kind::data) continue;
    co_await self_.compute(service_.sample(service_time_));
    const EffectReply reply = apply(incoming.message.as<EffectRequest>());
    self_.send_over(incoming.connection, Message::of(reply));
  }
}

bool Resource::fences(Effect::Kind kind) const {
  if (kind == Effect::Kind::notice) return false;  // goes to somebody who knows of no tokens
  if (fencing_ == Fencing::on) return true;
  return fencing_ == Fencing::write_only && kind == Effect::Kind::write;
}

EffectReply Resource::apply(const EffectRequest& request) {
  EffectReply& last = answered_[client_of(request)];
  if (last.request == request.request) return last;

  const Effect::Kind kind = kind_of(request);
  Effect effect;
  effect.kind = kind;
  effect.client = client_of(request);
  effect.attempt = request.attempt;
  effect.token = request.token;
  effect.request = request.request;
  effect.based_on = request.based_on;
  effect.job = request.job;
  effect.would_be_fenced = request.token != 0 && request.token < highest_seen_;
  highest_seen_ = std::max(highest_seen_, request.token);
  EffectReply& reply = last = EffectReply{request.request, 0, version_, last_job_};
  if (fences(kind) && request.token < highest_enforced_) {
    effect.outcome = Effect::Outcome::fenced;
    reply.outcome = static_cast<std::uint64_t>(effect.outcome);
  } else {
    effect.outcome = Effect::Outcome::accepted;
    if (fences(kind)) highest_enforced_ = request.token;
    change(request, reply);
  }
  if (reply.outcome == kTaken) effect.kind = Effect::Kind::read;
  effect.version = reply.version;
  self_.recorder().emit(effect);
  return reply;
}

void Resource::change(const EffectRequest& request, EffectReply& reply) {
  if (place_of(request) != Place::value) return change_row(request, reply);
  if (kind_of(request) != Effect::Kind::write) return;
  reply.version = ++version_;
  reply.job = last_job_ = request.job;
}

void Resource::change_row(const EffectRequest& request, EffectReply& reply) {
  reply.job = place_of(request) == Place::first_free ? rows_.first_free() : request.job;
  if (kind_of(request) == Effect::Kind::write) {
    const bool taken = place_of(request) == Place::row_if_free && rows_.version(reply.job) > 0;
    if (taken) {
      reply.outcome = kTaken;
    } else {
      rows_.claim(reply.job);
    }
  }
  reply.version = rows_.version(reply.job);
}

ResourceClient::ResourceClient(sim::Process& self, sim::ProcessId resource,
                               checkers::ClientId client)
    : self_(self),
      resource_(resource),
      client_(client),
      requests_((std::uint64_t{client} + 1) << 40 | std::uint64_t{self.incarnation()} << 24) {}

EffectRequest ResourceClient::request_for(Effect::Kind kind, Place place, Cause cause) const {
  EffectRequest request{};
  request.kind_and_client = std::uint64_t{client_} << 32 | static_cast<std::uint64_t>(place) << 8 |
                            static_cast<std::uint64_t>(kind);
  request.attempt = cause.attempt;
  request.token = cause.token;
  request.job = cause.job;
  return request;
}

Task<ResourceClient::Result> ResourceClient::read(Cause cause) {
  const EffectRequest request = request_for(Effect::Kind::read, Place::value, cause);
  co_return co_await perform(request);
}

Task<ResourceClient::Result> ResourceClient::write(Cause cause, std::uint64_t based_on) {
  EffectRequest request = request_for(Effect::Kind::write, Place::value, cause);
  request.based_on = based_on;
  co_return co_await perform(request);
}

Task<ResourceClient::Result> ResourceClient::find_free_row(Cause cause) {
  const EffectRequest request = request_for(Effect::Kind::read, Place::first_free, cause);
  co_return co_await perform(request);
}

Task<ResourceClient::Result> ResourceClient::look_at_row(Cause cause) {
  const EffectRequest request = request_for(Effect::Kind::read, Place::row, cause);
  co_return co_await perform(request);
}

Task<ResourceClient::Result> ResourceClient::claim_row(Cause cause, bool if_free,
                                                       std::uint64_t seen) {
  const Place place = if_free ? Place::row_if_free : Place::row;
  EffectRequest request = request_for(Effect::Kind::write, place, cause);
  request.based_on = seen;
  co_return co_await perform(request);
}

Task<ResourceClient::Result> ResourceClient::give_notice(Cause cause) {
  const EffectRequest request = request_for(Effect::Kind::notice, Place::row, cause);
  co_return co_await perform(request);
}

Task<ResourceClient::Result> ResourceClient::perform(EffectRequest request) {
  request.request = ++requests_;
  while (true) {
    if (!connection_) co_await reconnect();
    connection_.send(Message::of(request));
    const Incoming incoming = co_await connection_.mailbox().receive();
    if (incoming.kind == Incoming::Kind::data) {
      const auto reply = incoming.message.as<EffectReply>();
      LH_ASSERT(reply.request == request.request);
      co_return Result{reply.outcome == static_cast<std::uint64_t>(Effect::Outcome::accepted),
                       reply.outcome == kTaken, reply.version, reply.job};
    }
    connection_ = sim::Connection();
  }
}

Task<void> ResourceClient::reconnect() {
  while (true) {
    connection_ = self_.connect(resource_);
    const Incoming incoming = co_await connection_.mailbox().receive();
    if (incoming.kind == Incoming::Kind::opened) co_return;
    connection_ = sim::Connection();
    co_await self_.sleep(sim::Duration::milliseconds(100));
  }
}

}  // namespace leasehold::models::resource
