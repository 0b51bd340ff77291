#include "models/parameters.hpp"

#include <algorithm>
#include <charconv>

#include "sim/process/units.hpp"
#include "support/assert.hpp"

namespace leasehold::models {
namespace {

std::string one_of(const std::vector<std::string>& words) {
  std::string text = "one of ";
  for (std::size_t i = 0; i < words.size(); ++i) text += (i > 0 ? ", " : "") + words[i];
  return text;
}

bool is_count(std::string_view value) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), count);
  return error == std::errc() && end == value.data() + value.size() && count >= 0;
}

}  // namespace

std::string check(const ParameterInfo& knob, std::string_view value) {
  switch (knob.kind) {
    case ParameterInfo::Kind::choice: {
      const bool known =
          std::find(knob.choices.begin(), knob.choices.end(), value) != knob.choices.end();
      return known ? "" : one_of(knob.choices);
    }
    case ParameterInfo::Kind::duration: {
      const auto duration = sim::parse_duration(value);
      if (!duration) return "a duration such as \"" + knob.default_value + "\"";
      return *duration < sim::Duration::zero() ? "a duration that is not negative" : "";
    }
    case ParameterInfo::Kind::count:
      return is_count(value) ? "" : "a whole number, 0 or more";
  }
  return "";
}

Parameters::Parameters(const std::vector<ParameterInfo>& declared) {
  for (const ParameterInfo& knob : declared) {
    LH_ASSERT(check(knob, knob.default_value).empty());
    values_[knob.name] = knob.default_value;
  }
}

void Parameters::set(const std::string& name, const std::string& value) {
  LH_ASSERT(values_.contains(name));
  values_[name] = value;
}

const std::string& Parameters::word(std::string_view name) const {
  const auto found = values_.find(name);
  LH_ASSERT(found != values_.end());
  return found->second;
}

sim::Duration Parameters::duration(std::string_view name) const {
  return sim::parse_duration(word(name)).value();
}

std::int64_t Parameters::count(std::string_view name) const {
  const std::string& text = word(name);
  std::int64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

}  // namespace leasehold::models
