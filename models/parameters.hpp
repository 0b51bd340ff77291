#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/process/time.hpp"

namespace leasehold::models {

/// One knob of an algorithm, as `list algorithms NAME` shows it and `--set` checks it.
struct ParameterInfo {
  enum class Kind { choice, duration, count };
  std::string name;
  Kind kind = Kind::choice;
  std::string default_value;
  std::vector<std::string> choices;  ///< Kind::choice: the words allowed
  std::string meaning;
};

/// The resolved values of all knobs of one algorithm: every name that it declares, no other.
class Parameters {
 public:
  Parameters() = default;
  /// The defaults of the declared knobs.
  explicit Parameters(const std::vector<ParameterInfo>& declared);

  /// REQUIRES: `name` is declared and `value` is valid for it (see check()).
  void set(const std::string& name, const std::string& value);
  const std::string& word(std::string_view name) const;
  bool is(std::string_view name, std::string_view value) const { return word(name) == value; }
  sim::Duration duration(std::string_view name) const;
  std::int64_t count(std::string_view name) const;

  const std::map<std::string, std::string, std::less<>>& values() const { return values_; }

  friend bool operator==(const Parameters&, const Parameters&) = default;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

/// Empty when `value` suits the knob, else what was expected ("one of on, off").
std::string check(const ParameterInfo& knob, std::string_view value);

}  // namespace leasehold::models
