#include "scenarios/format/absolute_lengths.hpp"

#include <optional>
#include <string_view>
#include <vector>

#include "scenarios/format/describe.hpp"

namespace leasehold::scenarios::format {
namespace {

/// Visits every length of a struct and of all objects inside it.
class Measurer {
 public:
  static constexpr bool kReads = false;

  explicit Measurer(const Yardsticks& yardsticks) : yardsticks_(yardsticks) {}

  static bool usable() { return true; }

  template <class T, class Rule>
  void operator()(std::string_view, T& member, const Rule&) {
    measure(member);
  }

 private:
  void measure(Span& span) {
    if (span.unit == Span::Unit::horizon) span = Span::of(span.resolve(yardsticks_));
  }

  void measure(DistributionSpec& spec) {
    measure(spec.a);
    measure(spec.b);
    measure(spec.min);
    measure(spec.max);
  }

  template <class T>
  void measure(std::optional<T>& value) {
    if (value) measure(*value);
  }

  template <class T>
  void measure(std::vector<T>& items) {
    for (T& item : items) measure(item);
  }

  template <class T>
  void measure(T& value) {
    if constexpr (kIsObject<T>) describe(*this, value);
  }

  Yardsticks yardsticks_;
};

}  // namespace

void measure_by_horizon_no_more(Scenario& scenario) {
  Measurer measurer(scenario.yardsticks());
  describe(measurer, scenario);
}

}  // namespace leasehold::scenarios::format
