#include "sim/world/trace_compare.hpp"

#include <catch2/catch.hpp>

#include "tests/sim/world.hpp"

using namespace leasehold::sim;
using namespace leasehold::sim::test;

namespace {

/// Two processes that send one another numbers; the k-th is `odd` larger.
struct Exchange : World {
  explicit Exchange(std::uint64_t seed, int odd = -1) : World(seed) {
    add_hosts(2);
    kernel.set_trace_sink(&trace);
    for (const std::uint32_t me : {0u, 1u}) {
      kernel.network().set_delay(me, 1 - me, Distribution::exponential(1_ms));
      process(me, [me, odd](Process& self) -> Task<void> {
        self.send(1 - me, text(0));
        for (int i = 0; i < 20; ++i) {
          const Incoming incoming = co_await self.inbox().receive();
          self.send(incoming.from, text(value_of(incoming) + (me == 1 && i == odd ? 2 : 1)));
        }
      });
    }
  }
  TraceRecorder trace;
};

}  // namespace

TEST_CASE("equal runs have no first difference") {
  Exchange a(5);
  Exchange b(5);
  a.run_until(1_s);
  b.run_until(1_s);
  CHECK(!a.trace.events().empty());
  CHECK(!first_difference(a.trace.events(), b.trace.events()));
}

TEST_CASE("the first difference is the event where a message differs, not its consequences") {
  Exchange a(5);
  Exchange b(5, 7);
  a.run_until(1_s);
  b.run_until(1_s);
  const auto difference = first_difference(a.trace.events(), b.trace.events());
  REQUIRE(difference);
  REQUIRE(difference->expected);
  REQUIRE(difference->got);
  CHECK(difference->got->kind == TraceEvent::Kind::datagram_sent);
  CHECK(difference->got->process == 1);
  CHECK(difference->got->digest != difference->expected->digest);
  // Seven messages of process 1 answer others before; the first is the greeting.
  int sent_before = 0;
  for (std::size_t i = 0; i < difference->index; ++i) {
    const TracedEvent& event = b.trace.events()[i];
    if (event.kind == TraceEvent::Kind::datagram_sent && event.process == 1) ++sent_before;
  }
  CHECK(sent_before == 8);
}

TEST_CASE("a run that ended early differs at its end") {
  Exchange a(5);
  Exchange b(5);
  a.run_until(1_s);
  b.run_until(5_ms);
  REQUIRE(b.trace.events().size() < a.trace.events().size());
  const auto difference = first_difference(a.trace.events(), b.trace.events());
  REQUIRE(difference);
  CHECK(difference->index == b.trace.events().size());
  CHECK(difference->expected.has_value());
  CHECK(!difference->got.has_value());
  CHECK(describe(*difference).ends_with("got the end of the run"));
}

TEST_CASE("events are described in one line") {
  TracedEvent event;
  event.at = TrueTime::at(12_s + 345_us);
  event.kind = TraceEvent::Kind::link_changed;
  event.process = 3;
  event.peer = 0;
  event.detail = 1;
  CHECK(describe(event) == "12.000345000 s link_changed process 3 peer 0 detail 1");
  TraceDifference difference;
  difference.index = 4;
  difference.expected = event;
  event.process = TraceEvent::kNobody;
  event.peer = TraceEvent::kNobody;
  event.kind = TraceEvent::Kind::power_lost;
  difference.got = event;
  CHECK(describe(difference) ==
        "diverged at event 4: expected 12.000345000 s link_changed process 3 peer 0 detail 1, "
        "got 12.000345000 s power_lost detail 1");
  difference.expected = event;
  difference.got->digest = 9;
  CHECK(describe(difference).ends_with("detail 1 (with other contents)"));
}
