#pragma once

#include <vector>

#include "models/etcd/raft/protocol.hpp"
#include "support/assert.hpp"

namespace leasehold::models::etcd::raft {

/// One node's log in memory. It is never compacted: etcd takes a snapshot every 100,000 entries,
/// which no run reaches.
class Log {
 public:
  Log() = default;
  explicit Log(std::vector<Entry> entries) : entries_(std::move(entries)) {
    first_unwritten_ = last_index() + 1;
  }

  LogIndex last_index() const { return static_cast<LogIndex>(entries_.size()); }
  Term last_term() const { return term_at(last_index()); }
  /// REQUIRES: index <= last_index().
  Term term_at(LogIndex index) const { return index == 0 ? 0 : at(index).term; }
  const Entry& at(LogIndex index) const {
    LH_ASSERT(index >= 1 && index <= last_index());
    return entries_[index - 1];
  }
  bool matches(LogIndex index, Term term) const {
    return index <= last_index() && term_at(index) == term;
  }
  /// Whether a log that ends so holds everything that this one does, as far as voting can tell.
  bool is_up_to_date(LogIndex index, Term term) const {
    return term > last_term() || (term == last_term() && index >= last_index());
  }

  void append(const Entry& entry) { entries_.push_back(entry); }
  /// Puts the entry at `index`, with nothing behind it.
  void overwrite(LogIndex index, const Entry& entry) {
    LH_ASSERT(index >= 1 && index <= last_index());
    entries_.resize(index - 1);
    entries_.push_back(entry);
    if (first_unwritten_ > index) first_unwritten_ = index;
  }

  /// The first entry that has not been handed to the disk yet.
  LogIndex first_unwritten() const { return first_unwritten_; }
  void mark_written() { first_unwritten_ = last_index() + 1; }

 private:
  std::vector<Entry> entries_;
  LogIndex first_unwritten_ = 1;
};

}  // namespace leasehold::models::etcd::raft
