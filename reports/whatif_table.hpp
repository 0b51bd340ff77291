#pragma once

#include <string>

#include "reports/table.hpp"
#include "scenarios/counterfactual/counterfactual.hpp"

/// What would have prevented a violation, and at what cost.
namespace leasehold::reports {

/// `token=incr, fencing=on`, `lease 20 s`, `etcd-lease instead`, `without crash of server for 3 s`
std::string change_text(const scenarios::Change& change, const scenarios::Reproduction& run);

struct WhatifOptions {
  bool markdown = false;
  Console console;
};

/// A row for each change that makes a difference to what is violated, its cost relative to the run
/// as it was; the others are named below.
std::string whatif_text(const scenarios::Counterfactuals& all, const scenarios::Reproduction& run,
                        const WhatifOptions& options);

/// Every change, in integers as the result file has them.
std::string whatif_json(const scenarios::Counterfactuals& all, const scenarios::Reproduction& run);
std::string whatif_csv(const scenarios::Counterfactuals& all, const scenarios::Reproduction& run);

}  // namespace leasehold::reports
