#include "models/resource/resource.hpp"

#include <algorithm>
#include <optional>

namespace leasehold::models::resource {

using checkers::Effect;
using sim::Incoming;
using sim::Message;
using sim::Task;

namespace {

Effect::Kind kind_of(const EffectRequest& request) {
  return static_cast<Effect::Kind>(request.kind_and_client & 0xff);
}
checkers::ClientId client_of(const EffectRequest& request) {
  return static_cast<checkers::ClientId>(request.kind_and_client >> 32);
}

}  // namespace

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
  if (fences(kind) && request.token < highest_enforced_) {
    effect.outcome = Effect::Outcome::fenced;
  } else {
    effect.outcome = Effect::Outcome::accepted;
    if (fences(kind)) highest_enforced_ = request.token;
    if (kind == Effect::Kind::write) {
      ++version_;
      last_job_ = request.job;
    }
  }
  effect.version = version_;
  self_.recorder().emit(effect);
  last =
      EffectReply{request.request, static_cast<std::uint64_t>(effect.outcome), version_, last_job_};
  return last;
}

ResourceClient::ResourceClient(sim::Process& self, sim::ProcessId resource,
                               checkers::ClientId client)
    : self_(self),
      resource_(resource),
      client_(client),
      requests_((std::uint64_t{client} + 1) << 40 | std::uint64_t{self.incarnation()} << 24) {}

Task<ResourceClient::Result> ResourceClient::read(Cause cause) {
  EffectRequest request{};
  request.kind_and_client =
      std::uint64_t{client_} << 32 | static_cast<std::uint64_t>(Effect::Kind::read);
  request.attempt = cause.attempt;
  request.token = cause.token;
  request.job = cause.job;
  co_return co_await perform(request);
}

Task<ResourceClient::Result> ResourceClient::write(Cause cause, std::uint64_t based_on) {
  EffectRequest request{};
  request.kind_and_client =
      std::uint64_t{client_} << 32 | static_cast<std::uint64_t>(Effect::Kind::write);
  request.attempt = cause.attempt;
  request.token = cause.token;
  request.job = cause.job;
  request.based_on = based_on;
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
                       reply.version, reply.job};
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
