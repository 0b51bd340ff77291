#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "checkers/specifications/history_judge.hpp"
#include "checkers/specifications/reading.hpp"
#include "support/expected.hpp"

namespace leasehold::checkers {

/// A specification as users name it. A name with an N stands for any number in its place.
struct SpecificationEntry {
  std::string_view name;
  std::string_view summary;
  std::string_view operations;  ///< what a history of it is made of
  bool lock = false;
  bool exclusive = false;  ///< a lock that one owner holds at a time
};

/// All that there are, to be listed.
const std::vector<SpecificationEntry>& specification_entries();

/// A specification that was asked for by name.
struct ChosenSpecification {
  std::string name;
  bool lock = false;
  bool exclusive = false;
  std::uint32_t number = 0;       ///< in place of the N
  std::size_t entry = 0;          ///< in specification_entries()
  bool lease_gone_is_ok = false;  ///< by the name: failed releases end the hold

  [[nodiscard]] std::unique_ptr<HistoryJudge> judge(const ReadingRules& rules) const;
};

support::Expected<ChosenSpecification> find_specification(const std::string& name);

}  // namespace leasehold::checkers
