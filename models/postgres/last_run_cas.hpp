#pragma once

#include <memory>

#include "models/algorithm.hpp"

namespace leasehold::models::postgres {

/// `last-run-cas`: a job's row that tells when it last ran, changed in one statement if a period
/// has passed since. The lease of the setting is the period.
std::unique_ptr<Algorithm> last_run_cas();

}  // namespace leasehold::models::postgres
