#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "checkers/effect_safety.hpp"
#include "checkers/formats/recorded_event.hpp"
#include "checkers/record/record.hpp"

namespace leasehold::checkers {

/// A run's records as a history in leasehold's own format: see docs/histories.md. The operations
/// are calls of clients, everything else is a fact that the observer states. The owner of a lock is
/// an attempt, because an attempt never acts again once an answer was lost.
class RunHistory {
 public:
  /// `about`: what else is to be known of the run, such as its recipe.
  RunHistory(const EffectRules& effects,
             const std::vector<std::pair<std::string, std::string>>& about);

  void observe(Stamp at, const Operation& operation);
  void observe(Stamp at, const Grant& grant);
  void observe(Stamp at, const Belief& belief);
  void observe(Stamp at, const Work& work);
  void observe(Stamp at, const Effect& effect);
  void observe(Stamp at, const ClientLife& life);
  void observe(Stamp at, const FaultRecord& fault);

  /// JSON Lines so far.
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  using Entries = std::vector<Value>;
  /// The processes of a client, each of which has one call open at a time.
  struct Lane {
    std::int64_t process = 0;
    bool open = false;
    bool lost = false;  ///< an answer: it asks for nothing more
  };

  void state(Stamp at, const char* f, Entries value);
  void append(Stamp at, RecordedEvent event);
  std::int64_t process_of(const Operation& operation);

  std::string text_;
  std::map<ClientId, std::vector<Lane>> lanes_;
  std::map<std::pair<AttemptId, Operation::Kind>, std::size_t> calling_;  ///< the lane of each call
};

}  // namespace leasehold::checkers
