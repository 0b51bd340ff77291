#pragma once

#include <cstdint>
#include <span>
#include <string_view>

/// The faults there are, what each takes and what each may be aimed at. One table: the loader, the
/// generator and `leasehold list faults` all go by it.
namespace leasehold::scenarios {

enum class FaultKind : std::uint8_t {
  partition,
  loss,
  delay,
  reply_loss,
  pause,
  vm_suspend,
  clock_rate,
  clock_slew,
  clock_step,
  crash,
  power_loss,
  slow_disk,
  fsync_error,
  cpu_steal,
  memory_pressure,
  connection_reset,
  failover,
};

/// Who a fault hits, as a role; the run binds it to a process or a host when the fault starts.
enum class Role : std::uint8_t {
  client,    ///< one client
  holder,    ///< the lowest-numbered client in its work; waits for one within its window
  server,    ///< one server slot
  leader,    ///< the server that leads; a single server is its own leader
  minority,  ///< as many servers as still leave a majority; none of a single server
  majority,  ///< the smallest majority of the servers; a single server is one
  all,       ///< every client and every server
};

/// Server slots that targets and streams know. A deployment with fewer lacks the higher ones:
/// a fault on such a slot is not applicable, never moved to another.
inline constexpr std::uint32_t kServerSlots = 5;

/// Clients a scenario may have: the sides of a partition are sets of 64.
inline constexpr std::uint32_t kClientsMax = 64;

/// What a fault kind takes besides its target and time. Bits of FaultKindInfo::parameters.
enum class FaultParameter : std::uint16_t {
  duration = 1U << 0U,       ///< how long it lasts
  shape = 1U << 1U,          ///< which cut a partition makes
  direction = 1U << 2U,      ///< which way messages are hit, as seen from the target
  peers = 1U << 3U,          ///< whose links with the target are hit
  probability = 1U << 4U,    ///< of each message
  extra = 1U << 5U,          ///< delay added to every message
  rate = 1U << 6U,           ///< change of a clock's rate
  step = 1U << 7U,           ///< size and sense of a clock's step
  correlated = 1U << 8U,     ///< whether all targets get the same clock change
  restart_after = 1U << 9U,  ///< how long a process or host stays down
  factor = 1U << 10U,        ///< how many times slower
  freeze = 1U << 11U,        ///< whether the boot and wall clocks stand still too
  detector = 1U << 12U,      ///< how a failover goes
  failures = 1U << 13U,      ///< how many calls fail
};

struct FaultKindInfo {
  FaultKind kind;
  std::string_view summary;  ///< one line for `list faults`
  std::uint16_t parameters;  ///< bits of FaultParameter
  std::uint8_t roles;        ///< bits 1 << Role that make sense as a target
  Role default_role;

  constexpr bool takes(FaultParameter parameter) const {
    return (parameters & static_cast<std::uint16_t>(parameter)) != 0;
  }
  constexpr bool allows(Role role) const {
    return ((roles >> static_cast<unsigned>(role)) & 1U) != 0;
  }
};

/// All kinds, in the order of FaultKind.
std::span<const FaultKindInfo> fault_kinds();

const FaultKindInfo& info(FaultKind kind);

}  // namespace leasehold::scenarios
