#include "checkers/exercise.hpp"

#include <algorithm>

namespace leasehold::checkers {

void FaultCounts::merge(const FaultCounts& other) {
  scheduled += other.scheduled;
  bound += other.bound;
  in_effect += other.in_effect;
  met += other.met;
}

void Exercise::observe(Stamp, const ClientLife& life) {
  if (life.phase != ClientLife::Phase::crashed) return;
  Client& by = of_client(clients_, life.client);
  set_waits(by, false);
  drop_beliefs(by, by.beliefs);
}

void Exercise::meet_faults() {
  for (const FaultRecord& fault : unmet_) {
    if (fault.phase == FaultRecord::Phase::in_effect) ++result_.faults[fault.kind].met;
  }
  result_.fault_met = true;
  unmet_.clear();
}

void Exercise::observe(Stamp, const FaultRecord& fault) {
  if (fault.kind >= result_.faults.size()) result_.faults.resize(fault.kind + std::size_t{1});
  FaultCounts& counts = result_.faults[fault.kind];
  switch (fault.phase) {
    case FaultRecord::Phase::scheduled:
      ++counts.scheduled;
      break;
    case FaultRecord::Phase::bound:
      ++counts.bound;
      break;
    // Applied is enough to put a lock to the test: that nothing comes of it may be its merit.
    case FaultRecord::Phase::in_effect:
      ++counts.in_effect;
      [[fallthrough]];
    case FaultRecord::Phase::applied:
      unmet_.push_back(fault);
      if (waiting_ + believing_ > 0) meet_faults();
      break;
    case FaultRecord::Phase::ended:
      if (unmet_.empty()) break;
      std::erase_if(unmet_, [&](const FaultRecord& other) { return other.fault == fault.fault; });
      break;
  }
}

void Exercise::reset() {
  clients_.assign(clients_.size(), Client{});
  waiting_ = 0;
  believing_ = 0;
  unmet_.clear();
  result_.clients_acquired = 0;
  result_.waited_while_held = false;
  result_.fault_met = false;
  result_.faults.assign(result_.faults.size(), FaultCounts{});
}

}  // namespace leasehold::checkers
