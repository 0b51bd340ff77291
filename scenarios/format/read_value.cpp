#include "scenarios/format/read_value.hpp"

#include <algorithm>
#include <charconv>

#include "scenarios/words.hpp"
#include "support/nearest_word.hpp"

namespace leasehold::scenarios::format {
namespace {

using support::quoted;
using Kind = LocatedValue::Kind;

std::string whole_in(const WholeRule& rule) {
  return "a whole number from " + std::to_string(rule.low) + " to " + std::to_string(rule.high);
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20U || byte == 0x7FU;
  });
}

bool is_name(std::string_view text) {
  const auto is_inner = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !text.empty() && text.size() <= 64 && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), is_inner);
}

/// A parameter's value as the command line would have it.
std::optional<std::string> scalar_text(const LocatedValue& value) {
  if (value.kind == Kind::string || value.kind == Kind::number) return value.text;
  if (value.kind == Kind::boolean) return value.boolean ? "true" : "false";
  return std::nullopt;
}

bool is_object(const Site& site, std::size_t most) {
  if (site.value.kind != Kind::object) return wrong_type(site, "an object");
  if (site.value.members.size() <= most) return true;
  site.fail("more than " + std::to_string(most) + " keys");
  return false;
}

}  // namespace

std::string shown(const LocatedValue& value) {
  switch (value.kind) {
    case Kind::string:
      return quoted(value.text);
    case Kind::number:
      return value.text.size() <= 30 ? value.text : "a long number";
    case Kind::boolean:
      return value.boolean ? "true" : "false";
    default:
      return std::string(value.kind_name());
  }
}

bool wrong_type(const Site& site, std::string expected) {
  site.fail("found " + shown(site.value), std::move(expected));
  return false;
}

bool read(const Site& site, bool& out, PlainRule) {
  if (site.value.kind != Kind::boolean) return wrong_type(site, "true or false");
  out = site.value.boolean;
  return true;
}

bool read(const Site& site, std::string& out, const TextRule& rule) {
  if (site.value.kind != Kind::string) return wrong_type(site, "a string");
  const std::string& text = site.value.text;
  if (text.size() > rule.longest) {
    site.fail("longer than " + std::to_string(rule.longest) + " bytes");
    return false;
  }
  if (rule.one_line && has_control_character(text)) {
    site.fail("holds a line end or another control character", "one line of text");
    return false;
  }
  out = text;
  return true;
}

bool read(const Site& site, std::string& out, const NameRule&) {
  constexpr std::string_view kForm = "a name of at most 64 lower-case letters, digits and hyphens";
  if (site.value.kind != Kind::string || !is_name(site.value.text)) {
    return wrong_type(site, std::string(kForm));
  }
  out = site.value.text;
  return true;
}

bool read(const Site& site, std::int64_t& out, const WholeRule& rule) {
  if (site.value.kind != Kind::number) return wrong_type(site, whole_in(rule));
  const std::string& text = site.value.text;
  std::int64_t number = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (status == std::errc::result_out_of_range || end != text.data() + text.size() ||
      number < rule.low || number > rule.high) {
    return wrong_type(site, whole_in(rule));
  }
  out = number;
  return true;
}

bool read(const Site& site, std::uint32_t& out, const WholeRule& rule) {
  std::int64_t number = 0;
  if (!read(site, number, rule)) return false;
  out = static_cast<std::uint32_t>(number);
  return true;
}

bool read(const Site& site, IntegerRange& out, const WholeRule& rule) {
  IntegerRange range;
  if (site.value.kind != Kind::array) {
    if (!read(site, range.low, rule)) return false;
    range.high = range.low;
  } else if (site.value.items.size() != 2) {
    return wrong_type(site, "a pair [LOW, HIGH]");
  } else if (!read(site.child(0), range.low, rule) || !read(site.child(1), range.high, rule)) {
    return false;
  }
  if (range.low > range.high) {
    site.fail("the low end is above the high end", "[LOW, HIGH] with LOW <= HIGH");
    return false;
  }
  out = range;
  return true;
}

bool read(const Site& site, std::uint64_t& out, BitsRule) {
  const std::string& text = site.value.text;
  std::uint64_t bits = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), bits, 16);
  if (site.value.kind != Kind::string || text.size() != 16 || status != std::errc() ||
      end != text.data() + text.size()) {
    return wrong_type(site, "16 hexadecimal digits");
  }
  out = bits;
  return true;
}

bool read(const Site& site, std::optional<std::int64_t>& out, NeverRule) {
  if (site.value.kind == Kind::string && site.value.text == "never") {
    out.reset();
    return true;
  }
  std::int64_t number = 0;
  if (!read(site, number, WholeRule{0, sim::kLongestDuration.ns()})) return false;
  out = number;
  return true;
}

bool read(const Site& site, Target& out, PlainRule) {
  constexpr std::string_view kForms =
      "client, client:K, holder, server, server:K, leader, minority, majority or all";
  if (site.value.kind != Kind::string) return wrong_type(site, std::string(kForms));
  const std::string_view text = site.value.text;
  const std::size_t colon = text.find(':');
  const auto role = from_word<Role>(text.substr(0, colon));
  if (!role) {
    site.fail(quoted(site.value.text) + " is no target", std::string(kForms),
              support::nearest_word(text, words<Role>()));
    return false;
  }
  Target target{*role, std::nullopt};
  if (colon != std::string_view::npos) {
    const std::string_view digits = text.substr(colon + 1);
    std::uint32_t index = 0;
    const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    const bool numbered = *role == Role::client || *role == Role::server;
    if (!numbered || status != std::errc() || end != digits.data() + digits.size()) {
      site.fail(quoted(site.value.text) + " is no target", std::string(kForms));
      return false;
    }
    target.index = index;
  }
  out = target;
  return true;
}

bool read(const Site& site, std::map<std::string, std::string>& out,
          const EachRule<TextRule>& rule) {
  if (!is_object(site, rule.most)) return false;
  std::map<std::string, std::string> values;
  for (const LocatedMember& member : site.value.members) {
    const Site child = site.child(member.value, member.key);
    const std::optional<std::string> text = scalar_text(member.value);
    if (!text) return wrong_type(child, "a string, a number, true or false");
    if (text->size() > rule.rule.longest || has_control_character(*text)) {
      return wrong_type(child,
                        "one line of at most " + std::to_string(rule.rule.longest) + " bytes");
    }
    values.emplace(member.key, *text);
  }
  out = std::move(values);
  return true;
}

bool read(const Site& site, Parameters& out, const EachRule<TextRule>& rule) {
  if (!is_object(site, rule.most)) return false;
  Parameters parameters;
  bool good = true;
  for (const LocatedMember& member : site.value.members) {
    good = read(site.child(member.value, member.key), parameters[member.key], rule) && good;
  }
  if (good) out = std::move(parameters);
  return good;
}

std::optional<std::size_t> read_word(const Site& site, std::span<const std::string_view> words) {
  if (site.value.kind != Kind::string) {
    wrong_type(site, listed(words));
    return std::nullopt;
  }
  const auto found = std::find(words.begin(), words.end(), site.value.text);
  if (found == words.end()) {
    site.fail("unknown word " + quoted(site.value.text), listed(words),
              support::nearest_word(site.value.text, words));
    return std::nullopt;
  }
  return static_cast<std::size_t>(found - words.begin());
}

void refuse_unknown_keys(const Site& site, std::span<const std::string_view> known,
                         std::string_view owner) {
  for (const LocatedMember& member : site.value.members) {
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    site.problems.add(member.key_place, pointer_to(site.pointer, member.key),
                      "unknown key " + quoted(member.key) + " " + std::string(owner), listed(known),
                      support::nearest_word(member.key, known));
  }
}

std::string listed(std::span<const std::string_view> words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

}  // namespace leasehold::scenarios::format
