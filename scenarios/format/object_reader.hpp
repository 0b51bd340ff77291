#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "scenarios/format/describe.hpp"
#include "scenarios/format/read_value.hpp"
#include "scenarios/json/problems.hpp"

namespace leasehold::scenarios::format {

/// The visitor that fills a struct from an object of a file. Keys that are left out keep the
/// member's default; finish() tells the keys that nothing asked for.
class ObjectReader {
 public:
  static constexpr bool kReads = true;

  /// `owner` completes "unknown key … ": whose keys they are. Tells if the value is no object.
  ObjectReader(Site site, std::string owner) : site_(std::move(site)), owner_(std::move(owner)) {
    if (site_.value.kind != LocatedValue::Kind::object) {
      site_.fail("found " + std::string(site_.value.kind_name()), "an object");
      usable_ = false;
    }
  }

  bool usable() const { return usable_; }
  void set_owner(std::string owner) { owner_ = std::move(owner); }

  template <class T, class Rule>
  void operator()(std::string_view key, T& member, const Rule& rule) {
    if (!usable_) return;
    known_.push_back(key);
    const LocatedValue* value = site_.value.find(key);
    if (value != nullptr) {
      const bool good = read_member(site_.child(*value, key), member, rule);
      if constexpr (std::is_same_v<Rule, RequiredRule>) usable_ = good;
    } else if (is_required(rule)) {
      site_.fail("misses the key \"" + std::string(key) + "\"", expected_for(member));
      if constexpr (std::is_same_v<Rule, RequiredRule>) usable_ = false;
    }
  }

  void finish() {
    if (usable_) refuse_unknown_keys(site_, known_, owner_);
  }

 private:
  template <class Rule>
  static bool is_required(const Rule& rule) {
    if constexpr (requires { rule.required; }) return rule.required;
    return std::is_same_v<Rule, RequiredRule>;
  }

  template <class T>
  static std::string expected_for(const T&) {
    if constexpr (std::is_enum_v<T>) return listed(words<T>());
    return {};
  }

  template <class T, class Rule>
  bool read_member(const Site& site, T& member, const Rule& rule);
  template <class T>
  static bool read_member(const Site& site, T& member, const OwnRule& rule) {
    return read(site, member, rule);
  }
  template <class T, class Rule>
  bool read_member(const Site& site, std::optional<T>& member, const OptionalRule<Rule>& rule) {
    T value{};
    const bool good = read_member(site, value, rule.rule);
    if (good) member = std::move(value);
    return good;
  }

  Site site_;
  std::string owner_;
  bool usable_ = true;
  std::vector<std::string_view> known_;
};

template <class S>
std::string owner_of(const S& s) {
  if constexpr (requires { info(s.kind); }) {
    return "in a fault of kind " + std::string(word(s.kind));
  } else if constexpr (std::is_same_v<S, Workload>) {
    return "in a workload of kind " + std::string(word(kind_of(s)));
  } else {
    return "in this object";
  }
}

template <class S>
bool read_object(const Site& site, S& s) {
  const std::size_t before = site.problems.count();
  ObjectReader reader(site, {});
  describe(reader, s);
  reader.set_owner(owner_of(s));
  reader.finish();
  return site.problems.count() == before;
}

/// The outermost object of a file, in which editors may want a `$schema`.
template <class S>
void read_file_object(const Site& site, S& s) {
  ObjectReader reader(site, "in this file");
  std::string schema;
  reader("$schema", schema, TextRule{});
  describe(reader, s);
  reader.finish();
}

template <class T, class Rule>
bool read_list(const Site& site, std::vector<T>& out, const EachRule<Rule>& rule) {
  if (site.value.kind != LocatedValue::Kind::array) {
    site.fail("found " + std::string(site.value.kind_name()), "a list");
    return false;
  }
  if (site.value.items.size() > rule.most) {
    site.fail("more than " + std::to_string(rule.most) + " entries");
    return false;
  }
  std::vector<T> items(site.value.items.size());
  bool good = true;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if constexpr (kIsObject<T>) {
      good = read_object(site.child(i), items[i]) && good;
    } else {
      good = read(site.child(i), items[i], rule.rule) && good;
    }
  }
  out = std::move(items);
  return good;
}

template <class T>
bool read_optional_object(const Site& site, std::optional<T>& out) {
  T value;
  const bool good = read_object(site, value);
  if (good) out = std::move(value);
  return good;
}

/// The event alone, as a word, or the whole object.
inline bool read_trigger(const Site& site, std::optional<TriggerTemplate>& out) {
  if (site.value.kind == LocatedValue::Kind::object) return read_optional_object(site, out);
  const auto index = read_word(site, words<Trigger>());
  if (!index) return false;
  out = TriggerTemplate{.event = static_cast<Trigger>(*index), .delay = {}};
  return true;
}

/// What comes of every judged run, as a word, or the whole object.
inline bool read_share(const Site& site, std::optional<ExpectedShare>& out) {
  if (site.value.kind == LocatedValue::Kind::object) return read_optional_object(site, out);
  const auto index = read_word(site, words<EveryRun>());
  if (!index) return false;
  const bool holds = static_cast<EveryRun>(*index) == EveryRun::holds;
  out = holds ? ExpectedShare::holds() : ExpectedShare::violated();
  return true;
}

template <class T, class Rule>
bool ObjectReader::read_member(const Site& site, T& member, const Rule& rule) {
  if constexpr (std::is_enum_v<T>) {
    const auto index = read_word(site, words<T>());
    if (index) member = static_cast<T>(*index);
    return index.has_value();
  } else if constexpr (std::is_same_v<T, std::optional<TriggerTemplate>>) {
    return read_trigger(site, member);
  } else if constexpr (std::is_same_v<T, std::optional<ExpectedShare>>) {
    return read_share(site, member);
  } else if constexpr (kIsOptionalObject<T>) {
    return read_optional_object(site, member);
  } else if constexpr (kIsObject<T>) {
    return read_object(site, member);
  } else if constexpr (requires { read_list(site, member, rule); }) {
    return read_list(site, member, rule);
  } else if constexpr (std::is_same_v<Rule, RequiredRule>) {
    return read(site, member, PlainRule{});
  } else {
    return read(site, member, rule);
  }
}

}  // namespace leasehold::scenarios::format
