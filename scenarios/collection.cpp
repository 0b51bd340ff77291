#include "scenarios/collection.hpp"

#include <array>

#include "scenarios/library.hpp"

namespace leasehold::scenarios {
namespace {

constexpr std::array<const char*, 5> kOfApproaches{"partitions", "clock-drift", "clock-steps",
                                                   "mixed", "alone"};

}  // namespace

std::vector<std::string> expand_collections(const std::vector<std::string>& names) {
  std::vector<std::string> all;
  for (const std::string& name : names) {
    if (name == kApproaches) {
      all.insert(all.end(), kOfApproaches.begin(), kOfApproaches.end());
    } else if (name == kKnownTruths) {
      for (const LibraryFile& truth : truth_files()) all.emplace_back(truth.name);
    } else if (name == kIncidents) {
      for (const LibraryFile& incident : incident_files()) all.emplace_back(incident.name);
    } else {
      all.push_back(name);
    }
  }
  return all;
}

}  // namespace leasehold::scenarios
