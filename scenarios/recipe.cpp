#include "scenarios/recipe.hpp"

#include <charconv>
#include <tuple>
#include <utility>

namespace leasehold::scenarios {
namespace {

constexpr std::string_view kPrefix = "lh1:";
constexpr std::string_view kReserved = ":@,=~#% \t\n\"'\\$`!&|;<>()*?[]{}";
constexpr std::uint16_t kTwelveBits = 0xfff;
constexpr std::string_view kHex = "0123456789abcdef";

/// FNV-1a, 64 bits.
std::uint64_t hash(std::string_view text) {
  std::uint64_t value = 0xcbf29ce484222325;
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return value;
}

std::uint16_t twelve_bits(std::string_view text) {
  const std::uint64_t value = hash(text);
  return static_cast<std::uint16_t>(
      (value ^ value >> 12 ^ value >> 24 ^ value >> 36 ^ value >> 48) & kTwelveBits);
}

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (kReserved.find(c) == std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 0xf];
    }
  }
  return out;
}

std::optional<std::string> unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    unsigned byte = 0;
    if (i + 2 >= text.size()) return std::nullopt;
    const char* digits = text.data() + i + 1;
    const auto [end, error] = std::from_chars(digits, digits + 2, byte, 16);
    if (error != std::errc() || end != digits + 2) return std::nullopt;
    out += static_cast<char>(byte);
    i += 2;
  }
  return out;
}

std::string text_of(const std::string& name, const Recipe::Settings& settings) {
  std::string out = escape(name);
  char before = ':';
  for (const auto& [key, value] : settings) {
    out += before + escape(key) + '=' + escape(value);
    before = ',';
  }
  return out;
}

/// `NAME[:p=v,…]`; empty if it is not that.
std::optional<std::pair<std::string, Recipe::Settings>> parse_part(std::string_view text) {
  std::pair<std::string, Recipe::Settings> part;
  const std::size_t colon = text.find(':');
  const std::optional<std::string> name = unescape(text.substr(0, colon));
  if (!name || name->empty()) return std::nullopt;
  part.first = *name;
  if (colon == std::string_view::npos) return part;
  std::string_view rest = text.substr(colon + 1);
  while (true) {
    const std::size_t comma = rest.find(',');
    const std::string_view setting = rest.substr(0, comma);
    const std::size_t equals = setting.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const std::optional<std::string> key = unescape(setting.substr(0, equals));
    const std::optional<std::string> value = unescape(setting.substr(equals + 1));
    if (!key || key->empty() || !value) return std::nullopt;
    part.second[*key] = *value;
    if (comma == std::string_view::npos) return part;
    rest.remove_prefix(comma + 1);
  }
}

std::optional<RecipeDigest> parse_digest(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (text.size() != 8 || error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  RecipeDigest digest;
  digest.scenario = static_cast<std::uint16_t>(value >> 20);
  digest.parameters = static_cast<std::uint16_t>(value >> 8 & kTwelveBits);
  digest.version = static_cast<std::uint8_t>(value & 0xff);
  return digest;
}

support::Diagnostics problem(std::string_view recipe, std::string message) {
  support::Diagnostic diagnostic;
  diagnostic.file = "recipe " + support::quoted(std::string(recipe));
  diagnostic.message = std::move(message);
  diagnostic.expected = "lh1:ALGORITHM[:p=v,...]@SCENARIO[:p=v,...][~DIGEST8]#SEED";
  return {diagnostic};
}

}  // namespace

RecipeDigest RecipeDigest::of(std::string_view canonical_scenario, std::string_view parameters) {
  RecipeDigest digest;
  digest.scenario = twelve_bits(canonical_scenario);
  digest.parameters = twelve_bits(parameters);
  return digest;
}

std::string RecipeDigest::text() const {
  const std::uint32_t value =
      std::uint32_t{scenario} << 20 | std::uint32_t{parameters} << 8 | version;
  std::string out;
  for (int shift = 28; shift >= 0; shift -= 4) out += kHex[value >> shift & 0xf];
  return out;
}

std::string Recipe::text() const {
  std::string out =
      std::string(kPrefix) + text_of(algorithm, parameters) + '@' + text_of(scenario, overrides);
  if (digest) out += '~' + digest->text();
  return out + '#' + std::to_string(seed);
}

support::Expected<Recipe> Recipe::parse(std::string_view text) {
  if (!text.starts_with(kPrefix)) return problem(text, "does not begin with \"lh1:\"");
  std::string_view rest = text.substr(kPrefix.size());
  const std::size_t at = rest.find('@');
  const std::size_t number = rest.rfind('#');
  if (at == std::string_view::npos) return problem(text, "has no \"@SCENARIO\"");
  if (number == std::string_view::npos || number < at) return problem(text, "has no \"#SEED\"");
  const std::string_view seed = rest.substr(number + 1);
  std::string_view scenario = rest.substr(at + 1, number - at - 1);

  Recipe recipe;
  const auto [end, error] = std::from_chars(seed.data(), seed.data() + seed.size(), recipe.seed);
  if (seed.empty() || error != std::errc() || end != seed.data() + seed.size()) {
    return problem(text, "has a seed that is not a whole number below 2^64");
  }
  if (const std::size_t tilde = scenario.rfind('~'); tilde != std::string_view::npos) {
    recipe.digest = parse_digest(scenario.substr(tilde + 1));
    if (!recipe.digest) return problem(text, "has a digest that is not eight hexadecimal digits");
    scenario = scenario.substr(0, tilde);
  }
  const auto first = parse_part(rest.substr(0, at));
  if (!first) return problem(text, "has an algorithm part that is not NAME[:p=v,...]");
  const auto second = parse_part(scenario);
  if (!second) return problem(text, "has a scenario part that is not NAME[:p=v,...]");
  std::tie(recipe.algorithm, recipe.parameters) = *first;
  std::tie(recipe.scenario, recipe.overrides) = *second;
  return recipe;
}

}  // namespace leasehold::scenarios
