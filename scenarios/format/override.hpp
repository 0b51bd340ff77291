#pragma once

#include <string>

#include "scenarios/format/write_value.hpp"
#include "support/expected.hpp"

namespace leasehold::scenarios::format {

/// A canonical document with one value replaced: the dots of `path` lead through objects and, by
/// position or by the `id` of an entry, through lists. The last key may be new (whoever reads the
/// document will tell if it is unknown); the ones before it must be there. A `kind` replaces its
/// whole object, keeping the `id`.
support::Expected<Json, support::Diagnostic> with_value_at(Json document, const std::string& path,
                                                           const std::string& value);

}  // namespace leasehold::scenarios::format
