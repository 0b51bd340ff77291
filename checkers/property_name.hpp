#pragma once

#include <cstddef>
#include <string_view>

#include "checkers/property.hpp"

namespace leasehold::checkers {

/// As users see it, and files hold it.
constexpr std::string_view property_name(Property property) {
  return kPropertyNames[static_cast<std::size_t>(property)];
}

}  // namespace leasehold::checkers
