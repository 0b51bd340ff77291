#include "checkers/recovery.hpp"

namespace leasehold::checkers {

void Recovery::recovered(Stamp at) {
  for (const Unrecovered& fault : unrecovered_) {
    result_[fault.kind].served.record(at.at_ns - fault.since_ns);
  }
  unrecovered_.clear();
}

void Recovery::observe(Stamp at, const FaultRecord& fault) {
  if (fault.phase != FaultRecord::Phase::in_effect) return;
  if (fault.kind >= result_.size()) result_.resize(fault.kind + std::size_t{1});
  unrecovered_.push_back({fault.kind, at.at_ns});
}

const std::vector<CensoredHistogram>& Recovery::finish(Stamp end_of_run) {
  for (const Unrecovered& fault : unrecovered_) {
    result_[fault.kind].unserved.record(end_of_run.at_ns - fault.since_ns);
  }
  unrecovered_.clear();
  return result_;
}

void Recovery::reset() {
  unrecovered_.clear();
  for (CensoredHistogram& times : result_) times.clear();
}

}  // namespace leasehold::checkers
