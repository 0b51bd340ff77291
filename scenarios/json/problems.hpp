#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "scenarios/json/located_value.hpp"
#include "support/diagnostic.hpp"

namespace leasehold::scenarios {

/// Collects what is wrong with one file: the first few, since later ones often follow from them.
class Problems {
 public:
  static constexpr std::size_t kMost = 10;

  explicit Problems(std::string file) : file_(std::move(file)) {}

  void add(Place place, std::string pointer, std::string message, std::string expected = {},
           std::string nearest = {}) {
    ++count_;
    if (diagnostics_.size() == kMost) return;
    diagnostics_.push_back({.file = file_,
                            .line = place.line,
                            .column = place.column,
                            .pointer = std::move(pointer),
                            .message = std::move(message),
                            .expected = std::move(expected),
                            .nearest = std::move(nearest)});
  }

  /// All that were added, those beyond kMost included.
  std::size_t count() const { return count_; }
  support::Diagnostics take() { return std::move(diagnostics_); }

 private:
  std::string file_;
  support::Diagnostics diagnostics_;
  std::size_t count_ = 0;
};

/// One value of a file on its way into the data model.
struct Site {
  const LocatedValue& value;
  std::string pointer;
  Problems& problems;

  void fail(std::string message, std::string expected = {}, std::string nearest = {}) const {
    problems.add(value.place, pointer, std::move(message), std::move(expected), std::move(nearest));
  }
  Site child(const LocatedValue& item, std::string_view key) const {
    return {item, pointer_to(pointer, key), problems};
  }
  Site child(std::size_t index) const {
    return {value.items[index], pointer_to(pointer, index), problems};
  }
};

}  // namespace leasehold::scenarios
