#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/expected.hpp"

/// JSON whose every value knows its line and column, so that an error can name them.
namespace leasehold::scenarios {

/// Where a value begins, both from 1; the column counts code points.
struct Place {
  int line = 0;
  int column = 0;
};

/// What a file may hold at most. Beyond it the file is refused, so no input exhausts memory.
struct JsonLimits {
  std::size_t bytes = std::size_t{4} << 20U;
  std::size_t depth = 64;             ///< of nested arrays and objects
  std::size_t values = 100'000;       ///< in the whole file
  std::size_t string_bytes = 65'536;  ///< of one string or key
};

struct LocatedMember;

struct LocatedValue {
  enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

  Kind kind = Kind::null;
  bool boolean = false;
  Place place;
  std::string text;                    ///< a string's characters, or a number as it was written
  std::vector<LocatedValue> items;     ///< of an array
  std::vector<LocatedMember> members;  ///< of an object, in the order of the file

  /// The member's value, or nullptr. REQUIRES an object.
  const LocatedValue* find(std::string_view key) const;
  /// "a string", "an object" …
  std::string_view kind_name() const;
};

struct LocatedMember {
  std::string key;
  Place key_place;
  LocatedValue value;
};

/// Reads one JSON document (RFC 8259, UTF-8, a byte order mark is skipped). Refused besides bad
/// syntax: a key that stands twice in an object, and what is beyond the limits. Only the first
/// error is told: what follows a syntax error cannot be trusted. `file` is for the diagnostics.
/// Linear time in the text; no recursion.
support::Expected<LocatedValue> parse_located(std::string_view text, const std::string& file,
                                              const JsonLimits& limits = {});

/// `pointer` with one more reference token (RFC 6901).
std::string pointer_to(const std::string& pointer, std::string_view key);
std::string pointer_to(const std::string& pointer, std::size_t index);

/// The place of the value that `pointer` names, or of the nearest value around it that exists.
Place place_of(const LocatedValue& root, std::string_view pointer);

}  // namespace leasehold::scenarios
