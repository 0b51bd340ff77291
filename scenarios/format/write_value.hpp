#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <type_traits>

#include "scenarios/format/describe.hpp"

/// Canonical JSON: all keys in the order of their description, all defaults written out.
namespace leasehold::scenarios::format {

using Json = nlohmann::ordered_json;

Json write(bool value);
Json write(const std::string& text);
Json write(std::uint32_t value);
Json write(std::int64_t value);
Json write(const std::optional<std::int64_t>& value);
/// Sixteen hexadecimal digits.
std::string bits_text(std::uint64_t bits);
Json write(const IntegerRange& range);
Json write(sim::Duration duration);
Json write(const Span& span);
Json write(const DistributionSpec& spec);
Json write(const std::optional<Span>& span);
Json write(const std::optional<DistributionSpec>& spec);
Json write(const Target& target);
Json write(const std::map<std::string, std::string>& values);
Json write(const Parameters& parameters);

template <class S>
Json write_object(const S& s);

/// The visitor that writes a struct. Members that stand for nothing (an absent trigger) are left
/// out; everything else is written.
class ObjectWriter {
 public:
  static constexpr bool kReads = false;

  static bool usable() { return true; }

  template <class T, class Rule>
  void operator()(std::string_view key, const T& member, const Rule& rule) {
    if constexpr (requires {
                    rule.rule;
                    *member;
                  }) {
      if (member) out_[std::string(key)] = written(*member, rule.rule);
    } else if constexpr (kIsOptionalObject<T>) {
      if (member) out_[std::string(key)] = write_object(*member);
    } else {
      out_[std::string(key)] = written(member, rule);
    }
  }

  Json take() { return std::move(out_); }

 private:
  static Json written(std::uint64_t bits, const BitsRule&) { return bits_text(bits); }

  template <class T>
  static Json written(const T& member, const OwnRule& rule) {
    return write(member, rule);
  }

  template <class T, class Rule>
  static Json written(const T& member, const Rule&) {
    if constexpr (std::is_enum_v<T>) {
      return std::string(word(member));
    } else if constexpr (kIsObject<T>) {
      return write_object(member);
    } else {
      return write(member);
    }
  }

  template <class T, class Rule>
  static Json written(const std::vector<T>& items, const EachRule<Rule>& rule) {
    Json list = Json::array();
    for (const T& item : items) list.push_back(written(item, rule.rule));
    return list;
  }

  Json out_ = Json::object();
};

template <class S>
Json write_object(const S& s) {
  ObjectWriter writer;
  describe(writer, s);
  return writer.take();
}

}  // namespace leasehold::scenarios::format
