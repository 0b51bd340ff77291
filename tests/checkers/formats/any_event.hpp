#pragma once

#include <rapidcheck.h>

#include <string>
#include <utility>
#include <vector>

#include "checkers/formats/recorded_event.hpp"

/// Arbitrary values and events, of everything that the formats can say.
namespace leasehold::checkers::testing {

inline rc::Gen<std::string> any_word() {
  return rc::gen::nonEmpty(rc::gen::container<std::string>(
      rc::gen::elementOf(std::string("abcdefgxyzABC0123456789-_?!*/.+<>=&%$"))));
}

/// A word that is nothing but a symbol or the name of a keyword.
inline rc::Gen<std::string> any_name() {
  return rc::gen::map(any_word(), [](std::string word) { return "n" + std::move(word); });
}

inline rc::Gen<Value> any_scalar() {
  using Kind = Value::Kind;
  const auto text = [](Kind kind) {
    return [kind](std::string word) { return Value{kind, 0, std::move(word), {}}; };
  };
  return rc::gen::oneOf(
      rc::gen::just(Value{}),
      rc::gen::map(rc::gen::arbitrary<bool>(), [](bool b) { return Value::of(b); }),
      rc::gen::map(rc::gen::arbitrary<std::int64_t>(), [](std::int64_t n) { return Value::of(n); }),
      rc::gen::map(rc::gen::elementOf(std::vector<std::string>{
                       "1.5", "-0.25e-7", "1e9", "2/3", "99999999999999999999", "7.5M", "##Inf",
                       "##NaN", "+1.5", "1.", "-9223372036854775809"}),
                   text(Kind::number)),
      rc::gen::map(rc::gen::arbitrary<std::string>(), text(Kind::string)),
      rc::gen::map(rc::gen::elementOf(std::vector<std::string>{"λ → \"x\"\\\n", "#x", "a b", ""}),
                   text(Kind::string)),
      rc::gen::map(any_word(), text(Kind::keyword)), rc::gen::map(any_name(), text(Kind::symbol)),
      rc::gen::map(rc::gen::elementOf(std::vector<std::string>{"a", "newline", "(", "\"", "u0041"}),
                   text(Kind::character)));
}

inline rc::Gen<Value> any_value(int depth = 3) {
  if (depth == 0) return any_scalar();
  return rc::gen::exec([depth] {
    using Kind = Value::Kind;
    const auto kind = *rc::gen::elementOf(
        std::vector<Kind>{Kind::nil, Kind::nil, Kind::list, Kind::vector, Kind::set, Kind::map});
    if (kind == Kind::nil) return *any_scalar();
    Value value{kind, 0, {}, {}};
    const auto size = *rc::gen::inRange<std::size_t>(0, 4);
    for (std::size_t i = 0; i < size; ++i) {
      Value item = *any_value(depth - 1);
      const std::size_t step = kind == Kind::map ? 2 : 1;
      bool known = false;
      for (std::size_t j = 0; j < value.items.size(); j += step) known |= value.items[j] == item;
      if (known && (kind == Kind::map || kind == Kind::set)) continue;
      value.items.push_back(std::move(item));
      if (kind == Kind::map) value.items.push_back(*any_value(depth - 1));
    }
    put_in_order(value);
    return value;
  });
}

inline rc::Gen<RecordedEvent> any_event() {
  return rc::gen::exec([] {
    RecordedEvent event;
    event.process.number = *rc::gen::arbitrary<std::int64_t>();
    if (*rc::gen::inRange(0, 4) == 0) event.process = {0, *any_name()};
    event.type = static_cast<RecordedEvent::Type>(*rc::gen::inRange(0, 4));
    event.f = *any_word();
    if (*rc::gen::arbitrary<bool>()) event.value = *any_value();
    if (*rc::gen::inRange(0, 4) == 0) event.key = *any_value(1);
    if (*rc::gen::inRange(0, 4) == 0) event.error = *any_value(2);
    if (*rc::gen::arbitrary<bool>()) event.time_ns = *rc::gen::arbitrary<std::int64_t>();
    if (*rc::gen::arbitrary<bool>()) event.index = *rc::gen::arbitrary<std::int64_t>();
    if (*rc::gen::inRange(0, 4) == 0) {
      event.extras = Value::map({Value::keyword("node"), *any_value(1)});
    }
    return event;
  });
}

}  // namespace leasehold::checkers::testing
