#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace leasehold::reports {

/// What a search found of one lock.
struct SearchFinding {
  std::string label;  ///< of the scenario, or an incident's file
  std::string algorithm;
  std::uint64_t runs = 0;
  std::uint64_t hits = 0;
  std::vector<std::uint64_t> seeds;  ///< that reach the symptom, the shortest runs first; the best
  std::string replay;                ///< the command that runs the first of them
};

/// A paragraph per lock, 80 columns.
std::string search_text(const std::string& symptom, const std::vector<SearchFinding>& findings);
std::string search_json(const std::string& symptom, const std::vector<SearchFinding>& findings);

}  // namespace leasehold::reports
