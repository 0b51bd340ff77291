#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/world/trace.hpp"

namespace leasehold::scenarios {

/// The way of one run through the events of its trace: the last 16 bits of the digest after every
/// one of them, or in a run of more than kMost after every `stride`. Once two runs have parted
/// their digests differ, but for one chance in 65,536 at each event.
struct Trail {
  static constexpr std::size_t kMost = std::size_t{1} << 16U;

  std::uint32_t stride = 1;
  std::vector<std::uint16_t> digests;  ///< after events stride, 2 * stride, …

  static std::uint16_t short_of(std::uint64_t digest) { return digest & 0xffffU; }

  friend bool operator==(const Trail&, const Trail&) = default;
};

/// Collects the trail of a run of any length, in bounded memory.
class TrailSink final : public sim::TraceSink {
 public:
  void on_event(const sim::TraceEvent& event) override;
  const Trail& trail() const { return trail_; }

 private:
  Trail trail_;
  std::uint32_t events_ = 0;
};

/// Follows a run beside the trail of another, and notices where the two part.
class TrailFollower final : public sim::TraceSink {
 public:
  explicit TrailFollower(const Trail& other) : other_(other) {}
  void on_event(const sim::TraceEvent& event) override;

  /// Where the runs part: somewhere in the events (after, upto].
  struct Parting {
    std::uint32_t after = 0;
    std::uint32_t upto = 0;
    std::int64_t at_ns = 0;  ///< true time of event `upto` in the run that was followed
    std::uint16_t expected = 0;
    std::uint16_t got = 0;
  };
  const std::optional<Parting>& parting() const { return parting_; }

 private:
  const Trail& other_;
  std::optional<Parting> parting_;
  std::uint32_t events_ = 0;
};

}  // namespace leasehold::scenarios
