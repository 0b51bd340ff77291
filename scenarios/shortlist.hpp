#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "checkers/property.hpp"

namespace leasehold::scenarios {

/// The runs of a cell that are most worth keeping, the best first: those that failed before those
/// that could not be judged, these before those that passed; of such the shorter, of equally long
/// ones the lower seed. Adding and merging are commutative and associative.
class Shortlist {
 public:
  static constexpr std::size_t kMost = 16;

  enum class Rank : std::uint8_t { failed, unknown, passed };
  struct Entry {
    Rank rank = Rank::passed;
    std::uint64_t events = 0;
    std::uint64_t seed = 0;

    friend constexpr auto operator<=>(const Entry&, const Entry&) = default;
  };

  static Rank rank_of(const checkers::RunVerdicts& verdicts);

  void add(const Entry& entry);
  void merge(const Shortlist& other);
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

  friend bool operator==(const Shortlist&, const Shortlist&) = default;

 private:
  std::vector<Entry> entries_;
};

}  // namespace leasehold::scenarios
