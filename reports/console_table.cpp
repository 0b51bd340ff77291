#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <string_view>

#include "reports/table.hpp"
#include "reports/text.hpp"
#include "support/assert.hpp"

namespace leasehold::reports {
namespace {

/// A column that wraps is not made narrower than this, except for a table of little else.
constexpr std::size_t kLeastWrapped = 12;

/// Some of the columns of a table, with their widths: what is printed side by side.
struct Block {
  std::vector<std::size_t> columns;
  std::vector<std::size_t> widths;
};

std::size_t longest_line(std::string_view text) {
  std::size_t longest = 0;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = text.find('\n');
    longest = std::max(longest, display_width(text.substr(0, end)));
    if (end != std::string_view::npos) text.remove_prefix(end + 1);
  }
  return longest;
}

std::size_t total(const std::vector<std::size_t>& widths, std::size_t gap) {
  return std::accumulate(widths.begin(), widths.end(), gap * (widths.size() - 1));
}

class Layout {
 public:
  Layout(const Table& table, const Console& console) : table_(table), console_(console) {
    LH_ASSERT(console.width >= 8);
    find_widths();
  }

  std::string text() const {
    std::string text;
    for (const Block& block : blocks()) {
      if (!text.empty()) text += '\n';
      text += print(block);
    }
    return text;
  }

 private:
  void find_widths() {
    const auto& columns = table_.columns();
    std::vector<std::size_t> wide;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      std::size_t cells = 1;
      for (const auto& row : table_.rows()) {
        cells = std::max(cells, longest_line(printable(row[i].text)));
      }
      const std::string heading = printable(columns[i].heading);
      wide.push_back(std::max(cells, longest_line(heading)));
      widths_.push_back(std::max(cells, unbreakable_width(heading, Break::at_hyphens_too)));
    }
    if (fits(wide, 1)) {
      gap_ = fits(wide, 2) ? 2 : 1;
      widths_ = wide;
    } else if (const auto shrunk = shrink(widths_, 2); fits(shrunk, 2)) {
      widths_ = shrunk;
    } else {
      gap_ = 1;
      widths_ = shrink(widths_, gap_);
    }
  }

  bool fits(const std::vector<std::size_t>& widths, std::size_t gap) const {
    return total(widths, gap) <= console_.width;
  }

  /// Takes columns off the widest column that wraps, until the table fits or none is left.
  std::vector<std::size_t> shrink(std::vector<std::size_t> widths, std::size_t gap) const {
    while (!fits(widths, gap)) {
      std::size_t widest = widths.size();
      for (std::size_t i = 0; i < widths.size(); ++i) {
        const bool can = table_.columns()[i].wraps && widths[i] > kLeastWrapped;
        if (can && (widest == widths.size() || widths[i] > widths[widest])) widest = i;
      }
      if (widest == widths.size()) break;
      --widths[widest];
    }
    return widths;
  }

  std::vector<Block> blocks() const {
    const std::size_t key = std::min(widths_[0], std::max<std::size_t>(1, console_.width / 2 - 1));
    std::vector<Block> blocks = {
        {{0}, {widths_.size() == 1 ? std::min(widths_[0], console_.width) : key}}};
    for (std::size_t i = 1; i < widths_.size(); ++i) {
      const std::size_t width = std::min(widths_[i], console_.width - key - gap_);
      if (total(blocks.back().widths, gap_) + gap_ + width > console_.width) {
        blocks.push_back({{0}, {key}});
      }
      blocks.back().columns.push_back(i);
      blocks.back().widths.push_back(width);
    }
    return blocks;
  }

  std::string print(const Block& block) const {
    std::vector<std::vector<std::string>> lines;
    for (std::size_t i = 0; i < block.columns.size(); ++i) {
      lines.push_back(wrap(printable(table_.columns()[block.columns[i]].heading), block.widths[i],
                           Break::at_hyphens_too));
    }
    std::size_t tallest = 0;
    for (const auto& cell : lines) tallest = std::max(tallest, cell.size());
    for (auto& cell : lines) cell.insert(cell.begin(), tallest - cell.size(), "");
    std::string text =
        print_row(block, lines, std::vector<Style>(block.columns.size(), Style::strong));
    for (std::size_t i = 0; i < total(block.widths, gap_); ++i) text += "─";
    text += '\n';
    for (const auto& row : table_.rows()) text += print_row(block, row);
    return text;
  }

  std::string print_row(const Block& block, const std::vector<TableCell>& row) const {
    std::vector<std::vector<std::string>> lines;
    std::vector<Style> styles;
    for (std::size_t i = 0; i < block.columns.size(); ++i) {
      const TableCell& cell = row[block.columns[i]];
      lines.push_back(wrap(printable(cell.text), block.widths[i]));
      styles.push_back(cell.style);
    }
    return print_row(block, lines, styles);
  }

  std::string print_row(const Block& block, const std::vector<std::vector<std::string>>& lines,
                        const std::vector<Style>& styles) const {
    std::size_t tallest = 0;
    for (const auto& cell : lines) tallest = std::max(tallest, cell.size());
    std::string text;
    for (std::size_t at = 0; at < tallest; ++at) {
      std::string line;
      std::size_t blanks = 0;  // owed before the next text: none at the end of a line
      for (std::size_t i = 0; i < block.columns.size(); ++i) {
        const std::string cell = at < lines[i].size() ? lines[i][at] : "";
        const std::size_t rest = block.widths[i] - display_width(cell);
        const bool right = table_.columns()[block.columns[i]].align == Align::right;
        if (i > 0) blanks += gap_;
        if (right) blanks += rest;
        if (!cell.empty()) {
          line += std::string(blanks, ' ') + styled(cell, styles[i], console_);
          blanks = 0;
        }
        if (!right) blanks += rest;
      }
      text += line + '\n';
    }
    return text;
  }

  const Table& table_;
  const Console& console_;
  std::size_t gap_ = 2;
  std::vector<std::size_t> widths_;
};

}  // namespace

bool wants_colour(const ColourWishes& wishes) {
  if (!wishes.terminal || wishes.no_color_flag) return false;
  if (wishes.no_color != nullptr && *wishes.no_color != '\0') return false;
  return wishes.term == nullptr || std::strcmp(wishes.term, "dumb") != 0;
}

std::string styled(const std::string& text, Style style, const Console& console) {
  if (!console.colour || style == Style::plain || text.empty()) return text;
  constexpr std::array<std::string_view, 5> kCodes = {"", "1", "2", "32", "1;31"};
  return "\x1b[" + std::string(kCodes[static_cast<std::size_t>(style)]) + 'm' + text + "\x1b[0m";
}

std::string to_console(const Table& table, const Console& console) {
  return Layout(table, console).text();
}

}  // namespace leasehold::reports
