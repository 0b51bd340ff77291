#pragma once

#include <string>
#include <vector>

#include "scenarios/resolve.hpp"

/// What `list incidents NAME` says: the story, what must come of each design, and what to try.
namespace leasehold::cli {

/// `cells`: all of one incident.
std::string incident_page(const std::vector<scenarios::ResolvedCell>& cells);

/// A story that leasehold has no models for.
struct NotModelled {
  const char* name;
  const char* reason;
};
const std::vector<NotModelled>& not_modelled();

}  // namespace leasehold::cli
