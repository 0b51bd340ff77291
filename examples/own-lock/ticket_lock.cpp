#include "examples/own-lock/ticket_lock.hpp"

#include "examples/own-lock/ticket_server.hpp"
#include "models/describe.hpp"
#include "models/milestone.hpp"

// A lock with a line, as at a counter. Its recipe:
//   (1) read the clock
//   (2) TAKE a ticket; asked again, the server tells of the same one
//   (3) not served yet: wait and start again
//   (4) served: ours until (1) plus what is left of the turn, less 1 % for the two clocks' rates
//   (5) given up: LEAVE the line
//   (6) work, then LEAVE
// The ticket's number fences: it only rises, over restarts of the server too.
namespace own_lock {
namespace {

using models::AttemptId;
using models::ClientId;
using models::Deadline;
using models::Milestone;
using models::ParameterInfo;
using models::Parameters;
using models::Setting;
using sim::Duration;
using sim::MonoTime;
using sim::Task;

struct Options {
  sim::Distribution retry;
  Duration timeout;
  bool deadline;
};

class TicketLock final : public models::LockClient {
 public:
  TicketLock(sim::Process& self, ClientId client, sim::ProcessId server, const Options& options)
      : LockClient(self, client),
        server_(server),
        options_(options),
        retry_(self.stream(sim::purpose("own-ticket.retry"))) {}

  Task<models::LockClient::Answer> acquire(AttemptId attempt, MonoTime give_up) override {
    models::reach(*this, Milestone::What::acquire_sent, attempt);
    while (true) {
      const MonoTime asked = self().mono_now();                             // (1)
      const std::optional<Reply> told = co_await ask(Verb::take, attempt);  // (2)
      if (told && told->left_ns > 0) {
        const Deadline end = asked + trusted(Duration::nanoseconds(told->left_ns));
        if (!end.has_passed(self())) {
          believe(attempt, told->ticket, options_.deadline ? end : Deadline());  // (4)
          co_return Answer::yes;
        }
      }
      if (self().mono_now() >= give_up) break;
      co_await self().sleep(options_.retry.sample(retry_));  // (3)
    }
    const std::optional<Reply> left = co_await ask(Verb::leave, attempt);  // (5)
    co_return left ? Answer::no : Answer::unknown;
  }

  Task<models::LockClient::Answer> release() override {
    stop_believing();
    models::reach(*this, Milestone::What::release_sent, attempt());
    const std::optional<Reply> left = co_await ask(Verb::leave, attempt());  // (6)
    if (!left) co_return Answer::unknown;
    co_return left->ticket == 1 ? Answer::yes : Answer::no;
  }

 private:
  using Reply = own_lock::Answer;  // LockClient has an Answer of its own

  static Duration trusted(Duration left) { return left - left / 100; }

  /// The answer to this very call, or nothing: lost on the way there, or on the way back.
  Task<std::optional<Reply>> ask(Verb verb, AttemptId attempt) {
    const Ask question{verb, attempt, ++calls_};
    const MonoTime deadline = self().mono_now() + options_.timeout;
    self().send(server_, sim::Message::of(question));
    while (true) {
      const std::optional<sim::Incoming> incoming = co_await self().inbox().receive_until(deadline);
      if (!incoming) co_return std::nullopt;
      const Reply reply = incoming->message.as<Reply>();
      if (reply.call == calls_) co_return reply;
    }
  }

  sim::ProcessId server_;
  Options options_;
  sim::Rng retry_;
  std::uint64_t calls_ = 0;
};

// ----------------------------------------------------------------------------- to leasehold

class TicketDeployment final : public models::Deployment {
 public:
  TicketDeployment(const Setting& setting, const Parameters& parameters)
      : options_{setting.retry, parameters.duration("timeout"), parameters.is("deadline", "on")},
        server_options_{setting.lease, setting.service} {}

  std::vector<models::ServerSlot> servers() override {
    return {{"tickets", [this](sim::Process& self) { return run(self, *this); }}};
  }
  void bind(std::span<sim::Process* const> servers) override { server_ = servers.front()->id(); }
  std::unique_ptr<models::LockClient> client(sim::Process& self, ClientId client) override {
    return std::make_unique<TicketLock>(self, client, server_, options_);
  }
  std::optional<std::uint32_t> leader() const override { return 0; }
  bool has_token() const override { return true; }
  models::WayOut way_out(std::span<const sim::Message>) const override {
    return promises_.server != nullptr ? promises_.server->way_out() : models::WayOut::none();
  }

 private:
  static Task<void> run(sim::Process& self, TicketDeployment& deployment) {
    TicketServer server(self, deployment.server_options_, deployment.promises_);
    co_await server.serve();
  }

  Options options_;
  TicketServer::Options server_options_;
  Promises promises_;
  sim::ProcessId server_ = 0;
};

class TicketAlgorithm final : public models::Algorithm {
 public:
  const models::AlgorithmInfo& info() const override { return info_; }
  std::unique_ptr<models::Deployment> deploy(const Setting& setting,
                                             const Parameters& parameters) const override {
    return std::make_unique<TicketDeployment>(setting, parameters);
  }

  std::string describe(const sim::Message& message) const override {
    if (message.is<Ask>()) {
      const Ask ask = message.as<Ask>();
      return (ask.verb == Verb::take ? "TAKE " : "LEAVE ") + models::attempt_name(ask.attempt);
    }
    if (!message.is<Answer>()) return {};
    const Answer answer = message.as<Answer>();
    const std::string ticket = "ticket " + std::to_string(answer.ticket & 0xffffffff);
    if (answer.left_ns == 0) return ticket + " waits";
    return ticket + " served, " + std::to_string(answer.left_ns / 1'000'000) + " ms left";
  }

 private:
  models::AlgorithmInfo info_{
      "own-ticket",
      "numbered tickets of one server, served in order, each turn for a lease",
      "turns and the wait after a restart: the server's monotonic clock; validity and waits: the "
      "client's monotonic clock",
      "the ticket's number, which rises over restarts too",
      "the attempt's ticket is first in line, from its turn to its own leave or to the end of the "
      "lease on the server's clock",
      "this folder",
      models::LockSpecification::leased_mutex,
      {{"timeout", ParameterInfo::Kind::duration, "200ms", {}, "of one question"},
       {"deadline",
        ParameterInfo::Kind::choice,
        "on",
        {"on", "off"},
        "whether the client stops trusting its turn when it should be over"}}};
};

}  // namespace

std::unique_ptr<models::Algorithm> ticket_lock() { return std::make_unique<TicketAlgorithm>(); }

}  // namespace own_lock
