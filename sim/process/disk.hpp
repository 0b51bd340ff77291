#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <vector>

#include "sim/process/waiter.hpp"
#include "support/assert.hpp"

namespace leasehold::sim {

/// One record of a file: up to eight words of plain data. A torn record failed its checksum.
class DiskRecord {
 public:
  static constexpr std::size_t kMaxWords = 8;

  DiskRecord() = default;
  template <class T>
  static DiskRecord of(const T& body) {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= kMaxWords * 8);
    DiskRecord record;
    std::memcpy(record.word_.data(), &body, sizeof(T));
    return record;
  }
  template <class T>
  T as() const {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= kMaxWords * 8);
    LH_ASSERT(!torn);
    T body;
    std::memcpy(&body, word_.data(), sizeof(T));
    return body;
  }
  bool torn = false;

 private:
  std::array<std::uint64_t, kMaxWords> word_{};
};

/// A file of records on the host's disk. What was written reaches the page cache at once and
/// survives the death of the process; only what sync() has acknowledged survives a power loss. The
/// other writes are then undone from the end on: a drawn number of them stays, in order, and an
/// append at the edge may be torn.
class File {
 public:
  std::size_t size() const { return records_.size(); }
  const DiskRecord& operator[](std::size_t i) const { return records_[i]; }

  void append(const DiskRecord& record) {
    records_.push_back(record);
    unsynced_.push_back({Write::Kind::append, 0, {record}});
  }
  /// Drops the records from `size` on.
  void truncate(std::size_t size) {
    LH_ASSERT(size <= records_.size());
    records_.resize(size);
    unsynced_.push_back({Write::Kind::truncate, size, {}});
  }
  /// Puts `records` in the place of the whole content at once, as write-to-temporary, sync and
  /// rename do: a power loss leaves the old or the new content.
  void replace(std::vector<DiskRecord> records) {
    records_ = records;
    unsynced_.push_back({Write::Kind::replace, 0, std::move(records)});
  }

 private:
  friend class Disk;

  struct Write {
    enum class Kind : std::uint8_t { append, truncate, replace };
    Kind kind;
    std::size_t size;
    std::vector<DiskRecord> records;
  };

  /// How many writes the file has ever seen.
  std::uint64_t written() const { return durable_writes_ + unsynced_.size(); }
  /// Makes durable all but those writes that followed the first `upto` ever.
  void make_durable(std::uint64_t upto);
  void lose_unsynced(std::size_t kept_writes, bool torn);

  std::vector<DiskRecord> records_;
  std::vector<DiskRecord> durable_;
  std::vector<Write> unsynced_;
  std::uint64_t durable_writes_ = 0;
};

/// A sync under way.
struct PendingSync {
  File* file = nullptr;
  std::uint64_t upto = 0;  ///< it covers the first so many writes of the file's life
  bool ok = true;
};

}  // namespace leasehold::sim
