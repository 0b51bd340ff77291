#pragma once

#include <cstdint>
#include <vector>

#include "checkers/histogram.hpp"
#include "checkers/record/record.hpp"

namespace leasehold::checkers {

/// How long after a fault took effect somebody acquired the lock next, by kind of fault. A fault
/// after which nobody did is unserved; the rest of the run is then a lower bound. Cost: a branch
/// per Operation.
class Recovery {
 public:
  void observe(Stamp at, const Operation& operation) {
    const bool acquired =
        operation.kind == Operation::Kind::acquire && operation.phase == Operation::Phase::ok;
    if (acquired && !unrecovered_.empty()) recovered(at);
  }
  void observe(Stamp at, const FaultRecord& fault);

  /// By FaultRecord::kind. The result is valid until reset().
  const std::vector<CensoredHistogram>& finish(Stamp end_of_run);
  [[nodiscard]] const std::vector<CensoredHistogram>& result() const { return result_; }
  void reset();

 private:
  struct Unrecovered {
    std::uint16_t kind;
    std::int64_t since_ns;
  };

  void recovered(Stamp at);

  std::vector<Unrecovered> unrecovered_;
  std::vector<CensoredHistogram> result_;
};

}  // namespace leasehold::checkers
