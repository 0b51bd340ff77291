#pragma once

#include <string>

#include "checkers/record/record.hpp"

/// Records in words, for whoever shows a run event by event: `GRANT c3#7 begins`.
namespace leasehold::scenarios {

std::string record_text(const checkers::Operation& operation);
std::string record_text(const checkers::Grant& grant);
std::string record_text(const checkers::Belief& belief);
std::string record_text(const checkers::Work& work);
std::string record_text(const checkers::FaultRecord& fault);

}  // namespace leasehold::scenarios
