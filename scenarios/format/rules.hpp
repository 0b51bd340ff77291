#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/process/time.hpp"
#include "sim/process/units.hpp"

/// What the value of one key must satisfy on its own; what spans several keys is in check.hpp.
namespace leasehold::scenarios::format {

struct TextRule {
  std::size_t longest = 65'536;  ///< bytes
  bool one_line = false;
};

/// Lower-case letters, digits and hyphens, beginning with a letter or a digit.
struct NameRule {
  bool required = false;
};

/// A list, or the values of a map, with at most so many entries, each after the rule of one.
template <class Rule>
struct EachRule {
  std::size_t most;
  Rule rule;
};

struct WholeRule {
  std::int64_t low;
  std::int64_t high;
  bool required = false;
};

struct DurationRule {
  sim::Duration low = sim::Duration::nanoseconds(1);
  sim::Duration high = sim::kLongestDuration;
};

/// For lengths and distributions: never negative.
struct LengthRule {
  bool positive = false;  ///< zero is refused as well
};

/// For optional lengths: "never" stands for no value.
struct NeverRule {
  bool required = false;
};

/// For a word of random bits: 16 hexadecimal digits.
struct BitsRule {};

/// For words, switches and objects: their type says it all.
struct PlainRule {};

/// For the word that decides which other keys an object has: never left out.
struct RequiredRule {};

/// For a member that is left out where it has no value: after the rule of the value.
template <class Rule>
struct OptionalRule {
  Rule rule;
};

/// For a member whose forms only its own read() and write() know, found by argument.
struct OwnRule {
  bool required = false;
};

inline constexpr WholeRule kPerMille{0, 1'000};
inline constexpr WholeRule kPpm{0, 1'000'000};

}  // namespace leasehold::scenarios::format
