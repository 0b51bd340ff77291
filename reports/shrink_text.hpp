#pragma once

#include <cstdint>
#include <string>

#include "checkers/property.hpp"
#include "reports/progress.hpp"
#include "scenarios/resolve.hpp"
#include "scenarios/shrink/shrink.hpp"

namespace leasehold::reports {

/// What was shrunk: a run of the cell, and the violation that it shows.
struct ShrinkSubject {
  const scenarios::ResolvedCell& cell;
  std::uint64_t seed = 0;
  checkers::Property property{};
};

/// How large the run was and is, what faults it still needs, and how to have it explained if it
/// went into a file. 80 columns but for the file's name.
std::string shrink_text(const ShrinkSubject& subject, const scenarios::Shrunk& shrunk,
                        const std::string& file);

/// How far shrinking is, for stderr: the size of what is left, as Progress tells of a campaign.
class ShrinkProgress {
 public:
  explicit ShrinkProgress(ProgressMode mode) : pace_(mode) {}

  /// What to write now: often nothing. REQUIRES: the elapsed time does not go back.
  std::string update(const scenarios::ShrinkProgress& progress, std::int64_t elapsed_ns);
  /// Clears the bar.
  std::string finish() const;

 private:
  ProgressPace pace_;
};

}  // namespace leasehold::reports
