#include "scenarios/fault_kinds.hpp"

#include <array>
#include <cstddef>

#include "support/assert.hpp"

namespace leasehold::scenarios {
namespace {

using enum FaultKind;
using P = FaultParameter;

constexpr std::uint16_t takes(std::initializer_list<FaultParameter> parameters) {
  std::uint16_t bits = 0;
  for (const FaultParameter p : parameters) bits |= static_cast<std::uint16_t>(p);
  return bits;
}

constexpr std::uint8_t roles(std::initializer_list<Role> list) {
  std::uint8_t bits = 0;
  for (const Role role : list) {
    bits |= static_cast<std::uint8_t>(1U << static_cast<unsigned>(role));
  }
  return bits;
}

constexpr std::uint8_t kAnyone = roles({Role::client, Role::holder, Role::server, Role::leader,
                                        Role::minority, Role::majority, Role::all});
constexpr std::uint8_t kServers =
    roles({Role::server, Role::leader, Role::minority, Role::majority, Role::all});
constexpr std::uint8_t kLeads = roles({Role::server, Role::leader});

constexpr std::array kKinds{
    FaultKindInfo{partition, "cuts links, both ways or one way",
                  takes({P::duration, P::shape, P::direction, P::peers}), kAnyone, Role::holder},
    FaultKindInfo{loss, "loses messages of the target's links at random",
                  takes({P::duration, P::direction, P::peers, P::probability}), kAnyone, Role::all},
    FaultKindInfo{delay, "delays every message of the target's links",
                  takes({P::duration, P::direction, P::peers, P::extra}), kAnyone, Role::client},
    FaultKindInfo{reply_loss, "loses replies of servers, requests still arrive",
                  takes({P::duration, P::probability}), kAnyone, Role::client},
    FaultKindInfo{pause, "stops a process (GC, SIGSTOP); its host's clocks run on",
                  takes({P::duration}), kAnyone, Role::holder},
    FaultKindInfo{vm_suspend,
                  "stops a whole machine; its monotonic clock stops, with freeze all clocks do",
                  takes({P::duration, P::freeze}), kAnyone, Role::holder},
    FaultKindInfo{clock_rate, "changes the rate error of a host's clocks",
                  takes({P::duration, P::rate, P::correlated}), kAnyone, Role::all},
    FaultKindInfo{clock_slew, "NTP slews a host: wall and monotonic clock run faster or slower",
                  takes({P::duration, P::rate, P::correlated}), kAnyone, Role::all},
    FaultKindInfo{clock_step, "sets a host's wall clock forward or backward",
                  takes({P::step, P::correlated}), kAnyone, Role::server},
    FaultKindInfo{crash, "kills a process; what it wrote to its disk stays",
                  takes({P::restart_after}), kAnyone, Role::server},
    FaultKindInfo{power_loss, "cuts a host's power; unsynced writes are kept, lost or torn",
                  takes({P::restart_after}), kAnyone, Role::server},
    FaultKindInfo{slow_disk, "makes a server's fsync many times slower",
                  takes({P::duration, P::factor}), kServers, Role::server},
    FaultKindInfo{fsync_error, "a server's next fsyncs report an error", takes({P::failures}),
                  kServers, Role::server},
    FaultKindInfo{cpu_steal, "makes a host's CPU steps many times slower",
                  takes({P::duration, P::factor}), kAnyone, Role::server},
    FaultKindInfo{memory_pressure,
                  "a server reaches its memory limit and evicts or refuses, as configured",
                  takes({P::duration}), kServers, Role::server},
    FaultKindInfo{connection_reset, "resets the target's connections", takes({P::peers}), kAnyone,
                  Role::client},
    FaultKindInfo{failover, "promotes a standby; the old primary may live on", takes({P::detector}),
                  kLeads, Role::leader},
};

}  // namespace

std::span<const FaultKindInfo> fault_kinds() { return kKinds; }

const FaultKindInfo& info(FaultKind kind) {
  const FaultKindInfo& found = kKinds[static_cast<std::size_t>(kind)];
  LH_ASSERT(found.kind == kind);
  return found;
}

}  // namespace leasehold::scenarios
