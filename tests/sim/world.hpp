#pragma once

#include <catch2/catch.hpp>
#include <deque>
#include <functional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "sim/world/kernel.hpp"

/// A world for tests: things to do at a moment are lambdas, and what processes do is noted with its
/// true time.
namespace leasehold::sim::test {

using namespace literals;

inline constexpr std::uint16_t kTestMessage = 0x7001;

struct Text {
  static constexpr std::uint16_t kMessageType = kTestMessage;
  std::uint64_t value;
};

inline Message text(std::uint64_t value) { return Message::of(Text{value}); }
inline std::uint64_t value_of(const Incoming& incoming) {
  return incoming.message.as<Text>().value;
}

class World {
 public:
  explicit World(std::uint64_t seed = 1) : kernel(seed) {}

  /// Hosts 0 … count - 1, with all delays between them constant.
  void add_hosts(std::uint32_t count, Duration delay = 1_ms) {
    for (std::uint32_t i = 0; i < count; ++i) kernel.add_host();
    for (std::uint32_t from = 0; from < count; ++from) {
      for (std::uint32_t to = 0; to < count; ++to) {
        kernel.network().set_delay(from, to, Distribution::constant(delay));
      }
    }
  }

  Process& process(HostId host, Process::Body body) {
    return kernel.add_process(host, "process", std::move(body));
  }

  void at(Duration when, std::function<void()> what) {
    deeds_.emplace_back(std::move(what));
    kernel.at(TrueTime::at(when), deeds_.back(), 0);
  }

  void run_until(Duration end) { kernel.run_until(TrueTime::at(end)); }
  Duration now() const { return kernel.now().since_zero(); }

  void cut_both(HostId a, HostId b) {
    kernel.network().cut(a, b);
    kernel.network().cut(b, a);
  }
  void mend_both(HostId a, HostId b) {
    kernel.network().mend(a, b);
    kernel.network().mend(b, a);
  }

  Kernel kernel;

 private:
  class Deed final : public Action {
   public:
    explicit Deed(std::function<void()> what) : what_(std::move(what)) {}
    void act(std::uint64_t) override { what_(); }

   private:
    std::function<void()> what_;
  };

  std::deque<Deed> deeds_;
};

/// What a mailbox brought, and when in true time.
struct Arrival {
  Duration at;
  Incoming::Kind kind = Incoming::Kind::datagram;
  std::uint64_t value = 0;  ///< of a message

  friend bool operator==(const Arrival&, const Arrival&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Arrival& arrival) {
    constexpr const char* names[] = {"datagram", "opened", "data", "closed", "reset", "timed out"};
    return out << arrival.at.ns() / 1000 << "us " << names[static_cast<int>(arrival.kind)] << ' '
               << arrival.value;
  }
};

using Arrivals = std::vector<Arrival>;

inline Arrival arrival(const World& world, const Incoming& incoming) {
  const bool has_text = incoming.message.is<Text>();
  return {world.now(), incoming.kind, has_text ? value_of(incoming) : 0};
}

/// Notes everything that comes to a mailbox, for ever.
inline Task<void> note_all(const World& world, Mailbox& mailbox, Arrivals& arrivals) {
  while (true) {
    const Incoming incoming = co_await mailbox.receive();
    arrivals.push_back(arrival(world, incoming));
  }
}

}  // namespace leasehold::sim::test

template <>
struct Catch::StringMaker<leasehold::sim::Duration> {
  static std::string convert(leasehold::sim::Duration duration) {
    return std::to_string(duration.ns()) + " ns";
  }
};
