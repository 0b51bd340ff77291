#pragma once

#include <rapidcheck.h>

#include <algorithm>
#include <iostream>
#include <utility>

namespace leasehold::checkers::testing {

inline constexpr int kRounds = 2000;

/// rc::check with more than its hundred rounds: small histories are cheap. Calling it several times
/// instead would try the same ones again.
template <class Property>
bool check_often(Property&& property) {
  rc::detail::TestParams params = rc::detail::configuration().testParams;
  params.maxSuccess = std::max(params.maxSuccess, kRounds);
  const auto result = rc::detail::checkTestable(std::forward<Property>(property),
                                                rc::detail::TestMetadata{}, params);
  rc::detail::printResultMessage(result, std::cerr);
  std::cerr << std::endl;
  return result.template is<rc::detail::SuccessResult>();
}

}  // namespace leasehold::checkers::testing
