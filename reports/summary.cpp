#include "reports/summary.hpp"

#include <algorithm>
#include <array>

#include "reports/scenario_text.hpp"
#include "reports/summary_parts.hpp"
#include "reports/text.hpp"

namespace leasehold::reports {
namespace {

using scenarios::CampaignResult;

constexpr std::size_t kIndent = 2;

/// How much of it is told.
struct Extent {
  Intervals intervals = Intervals::below;
  std::size_t lines_of_faults = 2;  ///< for one scenario; 0: for none
  std::size_t locks = SIZE_MAX;
};

/// From all to less and less.
constexpr std::array<Extent, 4> kExtents = {
    {{Intervals::below, 2}, {Intervals::below, 1}, {Intervals::none, 1}, {Intervals::none, 0}}};

std::size_t line_count(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

class ConsoleSummary {
 public:
  ConsoleSummary(const CampaignResult& result, const Console& console)
      : result_(result), console_(console), rows_(lock_rows(result)) {}

  std::string text() const {
    std::string text;
    for (const Extent& extent : kExtents) {
      text = compose(extent);
      if (line_count(text) <= kSummaryLines) return text;
    }
    for (std::size_t locks = rows_.size(); locks-- > 1 && line_count(text) > kSummaryLines;) {
      text = compose({Intervals::none, 0, locks});
    }
    return text;
  }

 private:
  std::string compose(const Extent& extent) const {
    const std::size_t shown = std::min(extent.locks, rows_.size());
    const std::vector<LockRow> rows(rows_.begin(),
                                    rows_.begin() + static_cast<std::ptrdiff_t>(shown));
    const std::vector<LockBreakage> broken = breakages(result_, rows);
    return console_head(result_, rows_, extent.lines_of_faults, console_) + '\n' +
           table(extent, rows) + '\n' + breakers(broken) + what_next(broken);
  }

  std::string wrapped(const std::string& text, std::size_t indent = 0) const {
    return paragraph(printable(text), indent, console_.width);
  }

  std::string table(const Extent& extent, const std::vector<LockRow>& rows) const {
    std::string caption = "Runs in which two clients worked at once (work_exclusion)";
    if (extent.intervals != Intervals::none) caption += ", exact 95 % interval";
    std::string text = styled(caption, Style::strong, console_) + '\n';
    text += to_console(exclusion_table(result_, rows, extent.intervals), console_);
    std::vector<std::string> notes = legend(result_);
    if (rows.size() < rows_.size()) {
      notes.push_back(std::to_string(rows_.size() - rows.size()) + " more locks: --details");
    }
    return text + (notes.empty() ? "" : wrapped(joined(notes, "; ")));
  }

  std::string breakers(const std::vector<LockBreakage>& all) const {
    if (all.empty()) return wrapped("Nothing broke any of these locks.");
    std::size_t widest = 0;
    for (const LockBreakage& each : all) widest = std::max(widest, display_width(each.recipe));
    std::string text = styled("What breaks each lock", Style::strong, console_) + '\n';
    for (const LockBreakage& each : all) {
      // A recipe is there to be pasted: it is never cut nor wrapped.
      const std::string recipe = std::string(kIndent, ' ') + padded(each.recipe, widest) + "  ";
      const std::string condition = printable(each.condition);
      const bool fits = display_width(recipe) + display_width(condition) <= console_.width;
      text += fits
                  ? recipe + condition + '\n'
                  : std::string(kIndent, ' ') + each.recipe + '\n' + std::string(2 * kIndent, ' ') +
                        paragraph(condition, 2 * kIndent, console_.width);
    }
    return text;
  }

  std::string what_next(const std::vector<LockBreakage>& all) const {
    std::string text;
    if (!all.empty()) text += next_command(all.front().recipe, console_.width);
    text += "More: --details for overlaps, effects, fencing, waiting and cost\n";
    return text + wrapped(not_exercised_text(result_, rows_, 2 * console_.width), kIndent);
  }

  const CampaignResult& result_;
  const Console& console_;
  std::vector<LockRow> rows_;
};

std::string code(const std::string& text) { return "`" + text + "`"; }

std::string markdown_breakers(const std::vector<LockBreakage>& all) {
  if (all.empty()) return "Nothing broke any of these locks.\n";
  Table table({{"what breaks", Align::left}, {"condition", Align::left}, {"recipe", Align::left}});
  for (const LockBreakage& each : all) {
    table.add_row({{each.lock}, {each.condition}, {code(each.recipe)}});
  }
  return to_markdown(table);
}

}  // namespace

std::string summary_markdown(const CampaignResult& result) {
  const std::vector<LockRow> rows = lock_rows(result);
  return markdown_head(result, rows) +
         "**Runs in which two clients worked at once** (`work_exclusion`), with exact 95 % "
         "intervals; ≤ where no run was such, ! where over 5 % of the runs were vacuous or unknown "
         "and are left out\n\n" +
         to_markdown(exclusion_table(result, rows, Intervals::beside)) + "\n" +
         markdown_breakers(breakages(result, rows)) + "\n" +
         not_exercised_text(result, rows, kMarkdownRemark) + "\n";
}

std::string summary(const CampaignResult& result, const Console& console) {
  return ConsoleSummary(result, console).text();
}

}  // namespace leasehold::reports
