#include "bench/mini.hpp"

#include <algorithm>
#include <memory>
#include <optional>

#include "sim/world/kernel.hpp"

namespace leasehold::bench {
namespace {

using namespace sim::literals;
using sim::Distribution;
using sim::Duration;
using sim::Incoming;
using sim::Kernel;
using sim::Message;
using sim::MonoTime;
using sim::Process;
using sim::ProcessId;
using sim::Rng;
using sim::Task;
using sim::TrueTime;

constexpr std::uint32_t kClients = 5;
constexpr ProcessId kServer = 0;
constexpr Duration kLease = 2_s;

enum class Verb : std::uint64_t { set_if_absent, compare_and_delete };
enum class Outcome : std::uint64_t { refused, ok, timed_out };

struct Request {
  static constexpr std::uint16_t kMessageType = 1;
  Verb verb;
  std::uint64_t call;
  std::uint64_t value;
};

struct Reply {
  static constexpr std::uint16_t kMessageType = 2;
  std::uint64_t call;
  Outcome outcome;
};

struct Operation {
  std::int64_t invoked_ns;
  std::int64_t returned_ns;
  std::uint64_t value;
  std::uint32_t client;
  Verb verb;
  Outcome outcome;
};

struct Hold {
  std::int64_t from_ns;
  std::int64_t to_ns;
};

/// The bench's own view of true time: it measures, it does not take part.
struct Mini {
  explicit Mini(std::uint64_t seed) : kernel(seed) {
    history.reserve(1024);
    holds.reserve(256);
  }
  std::int64_t now_ns() const { return kernel.now().since_zero().ns(); }

  Kernel kernel;
  std::vector<Operation> history;
  std::vector<Hold> holds;
};

Task<void> serve(Process& self) {
  const Distribution service = Distribution::uniform(20_us, 40_us);
  Rng rng = self.stream(sim::purpose("service"));
  std::uint64_t holder = 0;
  MonoTime expires;
  while (true) {
    const Incoming incoming = co_await self.inbox().receive();
    co_await self.compute(service.sample(rng));
    const auto request = incoming.message.as<Request>();
    const MonoTime now = self.mono_now();
    if (holder != 0 && expires <= now) holder = 0;
    Outcome outcome = Outcome::refused;
    if (request.verb == Verb::set_if_absent && (holder == 0 || holder == request.value)) {
      holder = request.value;
      expires = now + kLease;
      outcome = Outcome::ok;
    } else if (request.verb == Verb::compare_and_delete && holder == request.value) {
      holder = 0;
      outcome = Outcome::ok;
    }
    self.send(incoming.from, Message::of(Reply{request.call, outcome}));
  }
}

/// One coroutine, which waits for the replies to its calls itself: begin(), then attend to what is
/// received until the call is over.
class Client {
 public:
  Client(Mini& mini, Process& self)
      : mini_(mini), self_(self), rng_(self.stream(sim::purpose("client"))) {}

  Task<void> run() {
    const Distribution think = Distribution::exponential(1_s);
    const Distribution work = Distribution::lognormal(150_ms, 500);
    const Distribution backoff = Distribution::uniform(50_ms, 150_ms);
    for (std::uint64_t round = 1;; ++round) {
      co_await self_.sleep(think.sample(rng_));
      const std::uint64_t value = std::uint64_t{self_.id()} << 32 | round;
      while (true) {
        begin(Verb::set_if_absent, value);
        while (!call_.over) {
          const std::optional<Incoming> incoming =
              co_await self_.inbox().receive_until(call_.deadline);
          attend_to(incoming);
        }
        if (call_.outcome == Outcome::ok) break;
        co_await self_.sleep(backoff.sample(rng_));
      }
      const std::int64_t from = mini_.now_ns();
      co_await self_.sleep(work.sample(rng_));
      mini_.holds.push_back({from, mini_.now_ns()});
      for (int tries = 0; tries < 3; ++tries) {
        begin(Verb::compare_and_delete, value);
        while (!call_.over) {
          const std::optional<Incoming> incoming =
              co_await self_.inbox().receive_until(call_.deadline);
          attend_to(incoming);
        }
        if (call_.outcome != Outcome::timed_out) break;
      }
    }
  }

 private:
  struct Call {
    std::uint64_t number = 0;
    Verb verb{};
    std::uint64_t value = 0;
    std::int64_t invoked_ns = 0;
    MonoTime deadline;
    bool over = false;
    Outcome outcome{};
  };

  void begin(Verb verb, std::uint64_t value) {
    call_.number += 1;
    call_.verb = verb;
    call_.value = value;
    call_.invoked_ns = mini_.now_ns();
    call_.deadline = self_.mono_now() + 500_ms;
    call_.over = false;
    self_.send(kServer, Message::of(Request{verb, call_.number, value}));
  }

  /// Nothing received: the deadline has come.
  void attend_to(const std::optional<Incoming>& incoming) {
    Outcome outcome = Outcome::timed_out;
    if (incoming) {
      const auto reply = incoming->message.as<Reply>();
      if (reply.call != call_.number) return;
      outcome = reply.outcome;
    }
    call_.over = true;
    call_.outcome = outcome;
    mini_.history.push_back(
        {call_.invoked_ns, mini_.now_ns(), call_.value, self_.id(), call_.verb, outcome});
  }

  Mini& mini_;
  Process& self_;
  Rng rng_;
  Call call_;
};

Task<void> run_client(Mini& mini, Process& self) {
  Client client(mini, self);
  co_await client.run();
}

class Pause final : public sim::Action {
 public:
  Pause(Kernel& kernel, ProcessId process) : kernel_(kernel), process_(process) {}
  void act(std::uint64_t starts) override {
    if (starts == 1) {
      kernel_.pause(process_);
    } else {
      kernel_.resume(process_);
    }
  }

 private:
  Kernel& kernel_;
  ProcessId process_;
};

std::uint64_t count_overlaps(std::vector<Hold>& holds) {
  std::sort(holds.begin(), holds.end(),
            [](const Hold& a, const Hold& b) { return a.from_ns < b.from_ns; });
  std::uint64_t overlaps = 0;
  std::int64_t busy_until = 0;
  for (const Hold& hold : holds) {
    overlaps += hold.from_ns < busy_until ? 1 : 0;
    busy_until = std::max(busy_until, hold.to_ns);
  }
  return overlaps;
}

}  // namespace

MiniResult run_mini(std::uint64_t seed) {
  Mini mini(seed);
  Kernel& kernel = mini.kernel;
  Rng setup = Rng::stream(seed, 0, sim::purpose("mini.setup"));
  for (std::uint32_t i = 0; i <= kClients; ++i) {
    sim::HostSettings host;
    host.rate_ppb = static_cast<std::int64_t>(setup.below(186'264)) - 93'132;
    host.wall_offset = Duration::nanoseconds(static_cast<std::int64_t>(setup.below(1'000'000'000)));
    kernel.add_host(host);
  }
  const Distribution delay = Distribution::lognormal(1_ms, 500);
  for (std::uint32_t from = 0; from <= kClients; ++from) {
    for (std::uint32_t to = 0; to <= kClients; ++to) {
      kernel.network().set_delay(from, to, delay);
      kernel.network().add_delay(from, to, 100_us);
      kernel.network().set_loss(from, to, 10'000);
    }
  }
  kernel.add_process(0, "server", serve);
  for (std::uint32_t i = 1; i <= kClients; ++i) {
    kernel.add_process(i, "client", [&mini](Process& self) { return run_client(mini, self); });
  }
  Pause pause(kernel, 1 + static_cast<ProcessId>(setup.below(kClients)));
  const auto start =
      TrueTime::at(Duration::nanoseconds(static_cast<std::int64_t>(setup.below(50'000'000'000))));
  kernel.at(start, pause, 1);
  kernel.at(start + 3_s, pause, 0);
  kernel.run_until(TrueTime::at(60_s));

  MiniResult result;
  result.events = kernel.counters().events;
  result.cycles = mini.holds.size();
  result.operations = mini.history.size();
  result.overlaps = count_overlaps(mini.holds);
  result.digest = kernel.digest();
  return result;
}

}  // namespace leasehold::bench
