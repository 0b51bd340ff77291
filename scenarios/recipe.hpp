#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "support/expected.hpp"

namespace leasehold::scenarios {

/// The integer that moves exactly when a stored seed no longer replays to the same digest.
inline constexpr std::uint32_t kReplayVersion = 4;

/// Tells whether a recipe still means what it meant: a check of the canonical scenario, one of the
/// resolved parameters and one of the replay version, eight hexadecimal digits in all.
struct RecipeDigest {
  std::uint16_t scenario = 0;    ///< 12 bits
  std::uint16_t parameters = 0;  ///< 12 bits
  std::uint8_t version = kReplayVersion;

  static RecipeDigest of(std::string_view canonical_scenario, std::string_view parameters);
  std::string text() const;

  friend bool operator==(const RecipeDigest&, const RecipeDigest&) = default;
};

/// One run as a line to paste: `lh1:ALGORITHM[:p=v,…]@SCENARIO[:p=v,…]~DIGEST8#SEED`.
/// Characters that the line gives a meaning stand in it as %XX.
struct Recipe {
  using Settings = std::map<std::string, std::string>;

  std::string algorithm;
  Settings parameters;   ///< where they differ from what the scenario and the algorithm say
  std::string scenario;  ///< a library name or a path
  Settings overrides;    ///< as by `--set scenario.PATH=VALUE`
  std::optional<RecipeDigest> digest;
  std::uint64_t seed = 0;

  std::string text() const;
  static support::Expected<Recipe> parse(std::string_view text);

  friend bool operator==(const Recipe&, const Recipe&) = default;
};

}  // namespace leasehold::scenarios
