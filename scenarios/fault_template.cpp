#include "scenarios/fault_template.hpp"

namespace leasehold::scenarios {

FaultTemplate default_fault(FaultKind kind) {
  FaultTemplate fault;
  fault.kind = kind;
  fault.target = {info(kind).default_role, std::nullopt};
  switch (kind) {
    case FaultKind::loss:
      fault.probability_ppm = {10'000, 300'000};
      break;
    case FaultKind::clock_rate:
      fault.duration = DistributionSpec::constant(Span::horizon(1'000));
      break;
    case FaultKind::clock_slew:
      fault.rate_ppm = {-500, 500};
      break;
    default:
      break;
  }
  return fault;
}

}  // namespace leasehold::scenarios
