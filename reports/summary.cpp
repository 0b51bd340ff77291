#include "reports/summary.hpp"

#include <algorithm>

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
  bool faults = true;
  std::size_t locks = SIZE_MAX;
};

std::size_t line_count(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::string joined(const std::vector<std::string>& items, std::string_view separator) {
  std::string text;
  for (const std::string& item : items) {
    if (!text.empty()) text += separator;
    text += item;
  }
  return text;
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t own = display_width(text);
  return own < width ? text + std::string(width - own, ' ') : text;
}

class ConsoleSummary {
 public:
  ConsoleSummary(const CampaignResult& result, const Console& console)
      : result_(result), console_(console), rows_(lock_rows(result)) {}

  std::string text() const {
    std::string text;
    for (const Extent& extent :
         {Extent{}, Extent{Intervals::none, true}, Extent{Intervals::none, false}}) {
      text = compose(extent);
      if (line_count(text) <= kSummaryLines) return text;
    }
    for (std::size_t locks = rows_.size(); locks-- > 1 && line_count(text) > kSummaryLines;) {
      text = compose({Intervals::none, false, locks});
    }
    return text;
  }

 private:
  std::string compose(const Extent& extent) const {
    const std::size_t shown = std::min(extent.locks, rows_.size());
    const std::vector<LockRow> rows(rows_.begin(),
                                    rows_.begin() + static_cast<std::ptrdiff_t>(shown));
    return head(extent) + '\n' + table(extent, rows) + '\n' + breakers(rows) + '\n' +
           what_next(extent);
  }

  std::string wrapped(const std::string& text, std::size_t indent = 0) const {
    return paragraph(printable(text), indent, console_.width);
  }

  std::string head(const Extent& extent) const {
    std::string text = wrapped("leasehold compare: " + extent_text(result_, rows_), kIndent);
    if (result_.scenarios.empty()) return text;
    text += wrapped(setting_text(result_.scenarios.front().scenario));
    if (!extent.faults) {
      return text + wrapped("The faults of each scenario: leasehold list scenarios NAME");
    }
    std::size_t widest = 0;
    for (const auto& scenario : result_.scenarios) {
      widest = std::max(widest, display_width(printable(scenario.label)));
    }
    const std::size_t indent = std::min(kIndent + widest + 2, console_.width / 2);
    for (const ScenarioLine& line : scenario_lines(result_, console_.width - indent)) {
      const std::string label = abbreviate(printable(line.label), indent - kIndent - 1);
      text += std::string(kIndent, ' ') + padded(label, indent - kIndent) +
              paragraph(printable(line.text), indent, console_.width);
    }
    return text;
  }

  std::string table(const Extent& extent, const std::vector<LockRow>& rows) const {
    std::string caption = "Share of runs in which two clients worked at once";
    if (extent.intervals != Intervals::none) caption += ", with its exact 95 % interval";
    std::string text = styled(caption, Style::strong, console_) + '\n';
    text += to_console(exclusion_table(result_, rows, extent.intervals), console_);
    std::vector<std::string> notes = legend(result_);
    if (rows.size() < rows_.size()) {
      notes.push_back(std::to_string(rows_.size() - rows.size()) + " more locks: --details");
    }
    return text + (notes.empty() ? "" : wrapped(joined(notes, "; ")));
  }

  std::string breakers(const std::vector<LockRow>& rows) const {
    const std::vector<LockBreakage> all = breakages(result_, rows);
    if (all.empty()) return wrapped("Nothing broke any of these locks.");
    std::size_t lock_width = 0;
    std::size_t condition_width = 0;
    for (const LockBreakage& each : all) {
      lock_width = std::max(lock_width, display_width(each.lock) + 2);
      condition_width = std::max(condition_width, display_width(each.condition) + 2);
    }
    std::string text = styled("What breaks each lock", Style::strong, console_) +
                       ", as in: leasehold replay 'RECIPE'\n";
    for (const LockBreakage& each : all) {
      const std::string line = std::string(kIndent, ' ') + padded(each.lock, lock_width) +
                               padded(each.condition, condition_width);
      // A recipe is there to be pasted: it is never cut nor wrapped.
      const bool fits = display_width(line) + display_width(each.recipe) <= console_.width;
      if (fits) {
        text += line + each.recipe + '\n';
      } else {
        text += std::string(kIndent, ' ') + padded(each.lock, lock_width) +
                paragraph(each.condition, lock_width + kIndent, console_.width) +
                std::string(lock_width + kIndent, ' ') + each.recipe + '\n';
      }
    }
    const std::vector<std::string> whole = unbroken(rows);
    if (!whole.empty()) text += wrapped("  nothing broke " + joined(whole, ", "), kIndent + 2);
    return text;
  }

  std::string what_next(const Extent&) const {
    std::string text;
    const std::vector<LockBreakage> all = breakages(result_, rows_);
    if (!all.empty()) {
      text += "Next: leasehold replay '" + all.back().recipe + "' --trace\n";
    }
    text += "More: --details adds overlaps, effects, fencing, waiting times and cost\n";
    const std::vector<std::string> blind = not_exercised_texts(result_, rows_);
    return text + wrapped("Not exercised: " +
                              (blind.empty() ? "nothing that was planned" : joined(blind, "; ")),
                          kIndent);
  }

  const CampaignResult& result_;
  const Console& console_;
  std::vector<LockRow> rows_;
};

}  // namespace

std::string summary(const CampaignResult& result, const Console& console) {
  return ConsoleSummary(result, console).text();
}

}  // namespace leasehold::reports
