#include "scenarios/record_text.hpp"

#include <array>

#include "models/describe.hpp"
#include "scenarios/words.hpp"

namespace leasehold::scenarios {

using checkers::Belief;
using checkers::FaultRecord;
using checkers::Grant;
using checkers::Operation;
using checkers::Work;
using models::attempt_name;

std::string record_text(const Operation& operation) {
  constexpr std::array<const char*, 3> kVerbs{"acquire", "renew", "release"};
  constexpr std::array<const char*, 4> kPhases{"asked", "ok", "refused", "unknown"};
  return std::string(kVerbs[static_cast<std::size_t>(operation.kind)]) + " " +
         attempt_name(operation.attempt) + ": " +
         kPhases[static_cast<std::size_t>(operation.phase)];
}

std::string record_text(const Grant& grant) {
  constexpr std::array<const char*, 3> kPhases{"begins", "renewed", "ends"};
  constexpr std::array<const char*, 4> kEnds{"", ": released", ": deadline passed",
                                             ": session ended"};
  return "GRANT " + attempt_name(grant.attempt) + " " +
         kPhases[static_cast<std::size_t>(grant.phase)] +
         kEnds[static_cast<std::size_t>(grant.end)];
}

std::string record_text(const Belief& belief) {
  constexpr std::array<const char*, 4> kEnds{"", ": releases", ": lost", ": own deadline passed"};
  const char* phase = belief.phase == Belief::Phase::begun ? " begins" : " ends";
  return "belief " + attempt_name(belief.attempt) + phase +
         kEnds[static_cast<std::size_t>(belief.end)];
}

std::string record_text(const Work& work) {
  return attempt_name(work.attempt) +
         (work.phase == Work::Phase::entered ? " ENTERS the critical section" : " LEAVES it");
}

std::string record_text(const FaultRecord& fault) {
  constexpr std::array<const char*, 5> kPhases{"scheduled", "bound", "applied", "ended",
                                               "in effect"};
  return "fault " + std::to_string(fault.fault) + " (" +
         std::string(word(static_cast<FaultKind>(fault.kind))) + ") " +
         kPhases[static_cast<std::size_t>(fault.phase)];
}

}  // namespace leasehold::scenarios
