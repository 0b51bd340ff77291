#include "bench/workload.hpp"

#include <vector>

#include "bench/increments.hpp"
#include "sim/world/event_queue.hpp"
#include "sim/world/kernel.hpp"

namespace leasehold::bench {
namespace {

using namespace sim::literals;
using sim::Connection;
using sim::Distribution;
using sim::Duration;
using sim::Incoming;
using sim::Kernel;
using sim::Message;
using sim::Process;
using sim::ProcessId;
using sim::Task;

constexpr std::uint32_t kClients = 10;
constexpr ProcessId kServer = 0;

template <std::uint32_t pending>
class HoldQueue final : public Workload {
 public:
  HoldQueue() {
    for (std::uint32_t slot = 0; slot < pending; ++slot) queue_.push(next_(), slot);
  }
  std::uint64_t advance() override {
    constexpr std::uint64_t kHolds = 10'000;
    for (std::uint64_t i = 0; i < kHolds; ++i) {
      const sim::EventQueue::Entry first = queue_.pop();
      // Between two restarts of the sequence lie 2^32 pushes; no measurement takes so long.
      queue_.push(first.time_ns + next_(), first.slot);
    }
    return kHolds;
  }

 private:
  NextIncrement next_;
  sim::EventQueue queue_;
};

/// A world that runs on, its operations counted by what it does.
class WorldWorkload : public Workload {
 public:
  std::uint64_t advance() override {
    const std::uint64_t before = operations_;
    while (operations_ < before + 10'000) kernel_.run_until(kernel_.now() + 1_ms);
    return operations_ - before;
  }

 protected:
  Kernel kernel_{1};
  std::uint64_t operations_ = 0;
};

template <std::uint32_t pending>
class HoldCoroutines final : public WorldWorkload {
 public:
  HoldCoroutines() {
    kernel_.add_host();
    kernel_.add_process(0, "sleepers", [this](Process& self) { return spawn_all(*this, self); });
  }

 private:
  static Task<void> spawn_all(HoldCoroutines& hold, Process& self) {
    for (std::uint32_t i = 0; i < pending; ++i) self.spawn(sleep_on(hold, self));
    co_return;
  }
  static Task<void> sleep_on(HoldCoroutines& hold, Process& self) {
    while (true) {
      co_await self.sleep(Duration::nanoseconds(hold.next_()));
      ++hold.operations_;
    }
  }
  NextIncrement next_;
};

class Post final : public WorldWorkload, sim::Action {
 public:
  Post() {
    for (std::uint64_t i = 0; i < kClients; ++i) post(i);
  }

 private:
  void act(std::uint64_t cookie) override {
    ++operations_;
    post(cookie);
  }
  void post(std::uint64_t cookie) {
    kernel_.at(kernel_.now() + Duration::nanoseconds(next_()), *this, cookie);
  }
  NextIncrement next_;
};

struct Ping {
  static constexpr std::uint16_t kMessageType = 1;
  std::uint64_t number;
  std::uint64_t client;
};

class DatagramPings final : public WorldWorkload {
 public:
  DatagramPings() {
    for (std::uint32_t host = 0; host <= kClients; ++host) kernel_.add_host();
    for (std::uint32_t client = 1; client <= kClients; ++client) {
      kernel_.network().set_delay(client, 0, Distribution::exponential(1_ms));
      kernel_.network().set_delay(0, client, Distribution::exponential(1_ms));
    }
    kernel_.add_process(0, "server", [this](Process& self) { return serve(*this, self); });
    for (std::uint32_t host = 1; host <= kClients; ++host) kernel_.add_process(host, "client", ask);
  }

 private:
  static Task<void> serve(DatagramPings& pings, Process& self) {
    while (true) {
      const Incoming incoming = co_await self.inbox().receive();
      pings.operations_ += 2;
      self.send(incoming.from, incoming.message);
    }
  }
  static Task<void> ask(Process& self) {
    for (std::uint64_t number = 0;; ++number) {
      self.send(kServer, Message::of(Ping{number, self.id()}));
      co_await self.inbox().receive();
    }
  }
};

class StreamPings final : public WorldWorkload, sim::Action {
 public:
  StreamPings() {
    for (std::uint32_t host = 0; host <= kClients; ++host) kernel_.add_host();
    for (std::uint32_t client = 1; client <= kClients; ++client) {
      set_link(client, 0);
      set_link(0, client);
    }
    kernel_.add_process(0, "server", [this](Process& self) { return serve(*this, self); });
    for (std::uint32_t host = 1; host <= kClients; ++host) kernel_.add_process(host, "client", ask);
    kernel_.at(kernel_.now() + 1_s, *this, 1);
  }

 private:
  void set_link(std::uint32_t from, std::uint32_t to) {
    kernel_.network().set_delay(from, to, Distribution::lognormal(1_ms, 500));
    kernel_.network().set_loss(from, to, 1'000);
  }
  /// The link of one client after the other is cut for 50 ms, each second.
  void act(std::uint64_t client) override {
    if (kernel_.network().is_cut(static_cast<std::uint32_t>(client), 0)) {
      kernel_.network().mend(static_cast<std::uint32_t>(client), 0);
      kernel_.at(kernel_.now() + 950_ms, *this, client % kClients + 1);
    } else {
      kernel_.network().cut(static_cast<std::uint32_t>(client), 0);
      kernel_.at(kernel_.now() + 50_ms, *this, client);
    }
  }
  static Task<void> serve(StreamPings& pings, Process& self) {
    self.listen();
    while (true) {
      const Incoming incoming = co_await self.inbox().receive();
      if (incoming.kind != Incoming::Kind::data) continue;
      pings.operations_ += 2;
      self.send_over(incoming.connection, incoming.message);
    }
  }
  static Task<void> ask(Process& self) {
    Connection connection = self.connect(kServer);
    co_await connection.mailbox().receive();
    for (std::uint64_t number = 0;; ++number) {
      connection.send(Message::of(Ping{number, self.id()}));
      co_await connection.mailbox().receive();
    }
  }
};

template <class W>
std::unique_ptr<Workload> make() {
  return std::make_unique<W>();
}

}  // namespace

std::span<const NamedWorkload> workloads() {
  static constexpr NamedWorkload kAll[] = {
      {"queue-100", "hold", make<HoldQueue<100>>},
      {"queue-10k", "hold", make<HoldQueue<10'000>>},
      {"hold-100", "event", make<HoldCoroutines<100>>},
      {"hold-10k", "event", make<HoldCoroutines<10'000>>},
      {"post", "event", make<Post>},
      {"datagram", "message", make<DatagramPings>},
      {"stream", "message", make<StreamPings>},
  };
  return kAll;
}

}  // namespace leasehold::bench
