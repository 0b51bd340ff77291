#include "scenarios/shortlist.hpp"

#include <algorithm>

namespace leasehold::scenarios {

Shortlist::Rank Shortlist::rank_of(const checkers::RunVerdicts& verdicts) {
  Rank rank = Rank::passed;
  for (std::size_t i = 0; i < checkers::kPropertyCount; ++i) {
    const checkers::Verdict verdict = verdicts[static_cast<checkers::Property>(i)].verdict;
    if (verdict == checkers::Verdict::violated) return Rank::failed;
    if (verdict == checkers::Verdict::unknown) rank = Rank::unknown;
  }
  return rank;
}

void Shortlist::add(const Entry& entry) {
  if (entries_.size() == kMost && !(entry < entries_.back())) return;
  entries_.insert(std::upper_bound(entries_.begin(), entries_.end(), entry), entry);
  if (entries_.size() > kMost) entries_.pop_back();
}

void Shortlist::merge(const Shortlist& other) {
  for (const Entry& entry : other.entries_) add(entry);
}

}  // namespace leasehold::scenarios
