#include "scenarios/format/write_value.hpp"

#include "sim/process/units.hpp"

namespace leasehold::scenarios::format {
namespace {

/// Its shortest decimal, which nlohmann prints, is exact: a double holds 15 digits.
double decimal(std::int64_t thousandths) { return static_cast<double>(thousandths) / 1'000.0; }

Json number(std::int64_t thousandths) {
  if (thousandths % 1'000 == 0) return thousandths / 1'000;
  return decimal(thousandths);
}

std::string_view yardstick(Span::Unit unit) {
  return unit == Span::Unit::leases ? "leases" : "horizon";
}

Json object(std::string_view key, Json value) {
  Json out = Json::object();
  out[std::string(key)] = std::move(value);
  return out;
}

Json form(const DistributionSpec& spec) {
  const bool same_yardstick = spec.a.unit == spec.b.unit && spec.a.unit != Span::Unit::nanoseconds;
  switch (spec.kind) {
    case DistributionSpec::Kind::constant:
      return write(spec.a);
    case DistributionSpec::Kind::uniform:
      if (same_yardstick) {
        return object(yardstick(spec.a.unit),
                      Json::array({number(spec.a.value), number(spec.b.value)}));
      }
      return object("uniform", Json::array({write(spec.a), write(spec.b)}));
    case DistributionSpec::Kind::exponential:
      return object("exponential", write(spec.a));
    case DistributionSpec::Kind::lognormal:
      break;
  }
  Json parameters = object("median", write(spec.a));
  parameters["sigma"] = number(spec.sigma_milli);
  return object("lognormal", std::move(parameters));
}

template <class T>
Json or_never(const std::optional<T>& value) {
  return value ? write(*value) : Json("never");
}

}  // namespace

Json write(bool value) { return value; }
Json write(const std::string& text) { return text; }
Json write(std::uint32_t value) { return value; }
Json write(std::int64_t value) { return value; }
Json write(const std::optional<std::int64_t>& value) { return or_never(value); }

std::string bits_text(std::uint64_t bits) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += kDigits[bits >> shift & 0xFU];
  return text;
}

Json write(const IntegerRange& range) {
  if (range.low == range.high) return range.low;
  return Json::array({range.low, range.high});
}

Json write(sim::Duration duration) { return sim::format_duration(duration); }

Json write(const Span& span) {
  if (span.unit == Span::Unit::nanoseconds) {
    return sim::format_duration(sim::Duration::nanoseconds(span.value));
  }
  return object(yardstick(span.unit), number(span.value));
}

Json write(const DistributionSpec& spec) {
  Json out = form(spec);
  if (spec.min) out["min"] = write(*spec.min);
  if (spec.max) out["max"] = write(*spec.max);
  return out;
}

Json write(const std::optional<Span>& span) { return or_never(span); }
Json write(const std::optional<DistributionSpec>& spec) { return or_never(spec); }

Json write(const Target& target) {
  std::string text(word(target.role));
  if (target.index) text += ":" + std::to_string(*target.index);
  return text;
}

Json write(const std::map<std::string, std::string>& values) {
  Json out = Json::object();
  for (const auto& [key, value] : values) out[key] = value;
  return out;
}

Json write(const Parameters& parameters) {
  Json out = Json::object();
  for (const auto& [algorithm, values] : parameters) out[algorithm] = write(values);
  return out;
}

}  // namespace leasehold::scenarios::format
