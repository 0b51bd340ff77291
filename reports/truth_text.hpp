#pragma once

#include <string>
#include <vector>

#include "scenarios/findings.hpp"

namespace leasehold::reports {

/// One thing that was expected of the runs of a known truth, and what came out, in words.
struct FindingText {
  std::string subject;   ///< `work_exclusion`, `longest gap`
  std::string expected;  ///< `violated`, `violated in ≥ 20 %`, `8 s to 9 s`
  std::string measured;  ///< in how many runs it was violated, how long it lasted: `3 of 41`
  bool as_expected = false;
};

std::vector<FindingText> finding_texts(const scenarios::Findings& findings);

/// All of them in a line: `work_exclusion violated; longest gap 8 s to 9 s`, `50 of 50; 8.2 s`.
std::string expected_line(const scenarios::Findings& findings);
std::string measured_line(const scenarios::Findings& findings);

}  // namespace leasehold::reports
