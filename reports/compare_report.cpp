#include "reports/compare_report.hpp"

#include <algorithm>
#include <variant>

#include "reports/approaches_table.hpp"
#include "reports/details.hpp"
#include "reports/frequency_table.hpp"
#include "reports/index_table.hpp"
#include "reports/summary.hpp"
#include "reports/truths_table.hpp"

namespace leasehold::reports {
namespace {

bool has_only_period_jobs(const scenarios::CampaignResult& result) {
  return std::all_of(result.scenarios.begin(), result.scenarios.end(), [](const auto& each) {
    return std::holds_alternative<scenarios::PeriodJob>(each.scenario.workload);
  });
}

std::string approaches(const scenarios::CampaignResult& result, const CompareOptions& options) {
  return options.markdown ? approaches_markdown(result) : approaches_table(result, options.console);
}

std::string truths_and_rest(const scenarios::CampaignResult& result,
                            const CompareOptions& options) {
  const std::string truths =
      options.markdown ? truths_markdown(result) : truths_table(result, options.console);
  const scenarios::CampaignResult rest = without_truths(result);
  return rest.cells.empty() ? truths : truths + '\n' + compare_report(rest, options);
}

}  // namespace

std::string compare_report(const scenarios::CampaignResult& result, const CompareOptions& options) {
  if (has_truths(result)) return truths_and_rest(result, options);
  std::string text;
  if (options.approaches) {
    text += approaches(result, options);
  } else if (has_only_index_jobs(result)) {
    text += options.markdown ? index_markdown(result) : index_table(result, options.console);
  } else if (!has_only_period_jobs(result)) {
    text += options.markdown ? summary_markdown(result) : summary(result, options.console);
  }
  if (has_period_job(result)) {
    if (!text.empty()) text += '\n';
    text +=
        options.markdown ? frequency_markdown(result) : frequency_table(result, options.console);
  }
  if (!options.details) return text;
  return text + '\n' +
         (options.markdown ? details_markdown(result) : details(result, options.console));
}

}  // namespace leasehold::reports
