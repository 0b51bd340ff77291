#pragma once

#include <span>
#include <string_view>

#include "checkers/record/record.hpp"
#include "models/parameters.hpp"

/// Where a client stands in the published recipe of its lock, by the numbers that the lock's page
/// gives the steps: `(2)`. Empty where the page numbers none.
namespace leasehold::models {

/// The recipe that the algorithm follows with those parameters, by name.
std::string_view recipe_of(std::string_view algorithm, const Parameters& parameters);

/// Its steps, as the lock's page numbers them; none where it numbers none.
std::span<const std::string_view> steps_of(std::string_view recipe);

/// The step that the client takes when it comes to that point.
std::string_view step_at(std::string_view recipe, checkers::Milestone::What milestone);

/// The step to which a request belongs that a client sends while it waits for the lock, given in
/// the words of its protocol.
std::string_view step_of_request(std::string_view recipe, std::string_view request);

}  // namespace leasehold::models
