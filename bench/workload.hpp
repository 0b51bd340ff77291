#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

/// What the engine is measured with: small endless simulations that can be carried on for a while.
namespace leasehold::bench {

class Workload {
 public:
  virtual ~Workload() = default;
  /// Goes on for some ten thousand operations; returns how many there were.
  virtual std::uint64_t advance() = 0;
};

struct NamedWorkload {
  std::string_view name;
  std::string_view operation;  ///< what one operation is
  std::unique_ptr<Workload> (*make)();
};

/// All of them:
///   queue-100, queue-10k      the bare event queue holding so many: pop one, push one
///   hold-100, hold-10k        so many coroutines asleep: one wakes and sleeps again
///   post                      ten actions pending: one acts and posts itself anew
///   datagram, stream          ten clients and a server: one message; the stream's links lose one
///                             packet in a thousand, their delays are drawn, a link is cut at times
std::span<const NamedWorkload> workloads();

}  // namespace leasehold::bench
