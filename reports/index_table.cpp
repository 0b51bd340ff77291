#include "reports/index_table.hpp"

#include <algorithm>
#include <variant>
#include <vector>

#include "reports/lock_rows.hpp"
#include "reports/number.hpp"
#include "reports/summary_parts.hpp"
#include "reports/text.hpp"

namespace leasehold::reports {
namespace {

using checkers::Property;
using scenarios::CampaignResult;
using scenarios::CellResult;

const char* const kCaption = "Runs in which the index became corrupt, and what was done to it";
const char* const kMeanings =
    "duplicate: a generation that two builders wrote into, or finished; stale: written by a "
    "builder "
    "after a later one had begun to read; refused: kept off by its token";

TableCell number(std::uint64_t count) {
  return {count_text(count), count == 0 ? Style::faint : Style::plain};
}

Table table_of(const std::vector<VariantRow>& rows, Intervals intervals, const std::string& usual) {
  Table table({{"", Align::left, true},
               {"corrupt"},
               {"two at work"},
               {"duplicate"},
               {"stale"},
               {"refused"},
               {"unserved"}});
  for (const VariantRow& row : rows) {
    const checkers::EffectCounts& effects = row.cell->tally.totals().effects;
    table.add_row({{row.label},
                   rate_cell(row.cell, Property::effect_safety, intervals, usual),
                   rate_cell(row.cell, Property::work_exclusion, intervals, usual),
                   number(effects.duplicate),
                   number(effects.stale),
                   number(effects.fenced),
                   rate_cell(row.cell, Property::progress, intervals, usual)});
  }
  return table;
}

/// The worst run of the first lock that let the index come to harm; having no lock proves nothing.
std::string worst_recipe(const std::vector<VariantRow>& rows) {
  for (const VariantRow& row : rows) {
    const auto& worst = row.cell->tally.property(Property::effect_safety).worst;
    if (worst && row.cell->algorithm != "none") return row.cell->recipe_of(worst->seed);
  }
  return "";
}

}  // namespace

bool has_only_index_jobs(const CampaignResult& result) {
  return std::all_of(result.scenarios.begin(), result.scenarios.end(), [](const auto& each) {
    return std::holds_alternative<scenarios::IndexJob>(each.scenario.workload);
  });
}

std::string index_table(const CampaignResult& result, const Console& console) {
  const std::vector<LockRow> locks = lock_rows(result);
  const std::vector<VariantRow> rows = variant_rows(result, locks);
  std::vector<std::string> notes = legend(result);
  notes.emplace_back(kMeanings);
  const std::string recipe = worst_recipe(rows);
  return console_head(result, locks, 2, console) + '\n' + styled(kCaption, Style::strong, console) +
         '\n' + to_console(table_of(rows, Intervals::below, usual_bound(result)), console) +
         paragraph(joined(notes, "; "), 0, console.width) + '\n' +
         (recipe.empty() ? "" : next_command(recipe, console.width)) +
         paragraph(not_exercised_text(result, locks, 2 * console.width), 2, console.width);
}

std::string index_markdown(const CampaignResult& result) {
  const std::vector<LockRow> locks = lock_rows(result);
  return markdown_head(result, locks) + "**" + kCaption + "**, with exact 95 % intervals\n\n" +
         to_markdown(table_of(variant_rows(result, locks), Intervals::beside, "")) + "\n" +
         kMeanings + "\n\n" + not_exercised_text(result, locks, kMarkdownRemark) + "\n";
}

}  // namespace leasehold::reports
