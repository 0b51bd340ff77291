#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "scenarios/format/rules.hpp"
#include "scenarios/json/problems.hpp"
#include "scenarios/scenario.hpp"

/// One JSON value into one member. On a bad value the member keeps what it had and the problem is
/// told; the return values say whether it was good.
namespace leasehold::scenarios::format {

bool read(const Site& site, bool& out, PlainRule);
bool read(const Site& site, std::string& out, const TextRule& rule);
bool read(const Site& site, std::string& out, const NameRule& rule);
bool read(const Site& site, std::int64_t& out, const WholeRule& rule);
bool read(const Site& site, std::uint32_t& out, const WholeRule& rule);
bool read(const Site& site, IntegerRange& out, const WholeRule& rule);
bool read(const Site& site, sim::Duration& out, const DurationRule& rule);
bool read(const Site& site, Span& out, const LengthRule& rule);
bool read(const Site& site, DistributionSpec& out, const LengthRule& rule);
bool read(const Site& site, Target& out, PlainRule);
bool read(const Site& site, std::map<std::string, std::string>& out,
          const EachRule<TextRule>& rule);
bool read(const Site& site, Parameters& out, const EachRule<TextRule>& rule);

bool read(const Site& site, std::uint64_t& out, BitsRule);

/// `"never"` for no value.
bool read(const Site& site, std::optional<std::int64_t>& out, NeverRule);
bool read(const Site& site, std::optional<Span>& out, NeverRule);
bool read(const Site& site, std::optional<DistributionSpec>& out, NeverRule);

/// A value as a message shows it: what was written if it is short, else what it is.
std::string shown(const LocatedValue& value);

/// Tells what was found and what was expected; false, for the caller to return.
bool wrong_type(const Site& site, std::string expected);

/// The position of the string in `words`; told with the nearest word if it is none of them.
std::optional<std::size_t> read_word(const Site& site, std::span<const std::string_view> words);

/// Every key of the object that is not in `known` is a problem. `owner` says whose keys they are.
void refuse_unknown_keys(const Site& site, std::span<const std::string_view> known,
                         std::string_view owner);

/// "a, b or c".
std::string listed(std::span<const std::string_view> words);

}  // namespace leasehold::scenarios::format
