#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <utility>

namespace leasehold::scenarios {

/// A run that would have more events than it may: it has no verdicts. Thrown, because it can come
/// to every command that runs anything, and none can go on with it.
class RunTooLong final : public std::exception {
 public:
  struct Extent {
    std::uint64_t events = 0;     ///< as many as it may have
    std::int64_t reached_ns = 0;  ///< simulated, when it had had them
    std::int64_t end_ns = 0;      ///< where it was to end
  };

  /// `run`: its scenario, algorithm and seed.
  RunTooLong(std::string run, const Extent& extent) : run_(std::move(run)), extent_(extent) {}
  const char* what() const noexcept override { return "a run has too many events"; }
  const std::string& run() const { return run_; }
  const Extent& extent() const { return extent_; }

 private:
  std::string run_;
  Extent extent_;
};

}  // namespace leasehold::scenarios
