#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/explanation/explanation.hpp"

namespace leasehold::reports {

/// One sentence of a story, without its full stop.
struct StoryLine {
  std::int64_t at_ns = 0;  ///< true time
  std::string text;
};

/// How the violation came about, in about ten lines in the order of true time: what the clients
/// believed by their own clocks, what the service granted, what went wrong meanwhile, and what the
/// resource accepted.
std::vector<StoryLine> story_of(const scenarios::Explanation& explanation,
                                const scenarios::Reproduction& run);

}  // namespace leasehold::reports
