#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace leasehold::reports {

enum class Align : std::uint8_t { left, right };

/// What a cell means to a reader: a terminal shows it by colour, and nothing depends on it.
enum class Style : std::uint8_t { plain, strong, faint, good, bad };

struct TableColumn {
  std::string heading;
  Align align = Align::right;
  bool wraps = false;  ///< its cells may be broken at spaces if the table is too wide
};

struct TableCell {
  std::string text;  ///< may have several lines
  Style style = Style::plain;
};

/// Rows and columns of text, for any medium. The first column says what a row is about.
class Table {
 public:
  /// REQUIRES: at least one column.
  explicit Table(std::vector<TableColumn> columns);

  /// REQUIRES: a cell for every column.
  void add_row(std::vector<TableCell> cells);

  [[nodiscard]] const std::vector<TableColumn>& columns() const { return columns_; }
  [[nodiscard]] const std::vector<std::vector<TableCell>>& rows() const { return rows_; }

 private:
  std::vector<TableColumn> columns_;
  std::vector<std::vector<TableCell>> rows_;
};

struct Console {
  std::size_t width = 80;
  bool colour = false;
};

/// What decides on colour, per stream.
struct ColourWishes {
  bool terminal = false;       ///< the stream is one
  bool no_color_flag = false;  ///< --no-color
  const char* no_color =
      nullptr;                 ///< the environment's NO_COLOR: any text but the empty one counts
  const char* term = nullptr;  ///< the environment's TERM
};
bool wants_colour(const ColourWishes& wishes);

/// The text as a terminal shows it in that style.
std::string styled(const std::string& text, Style style, const Console& console);

/// No line is wider than the console: columns that may wrap do so first; then the table is told in
/// several blocks, each with the first column; what is too wide even then is abbreviated.
std::string to_console(const Table& table, const Console& console);

/// A GitHub-flavoured table; line ends within cells become `<br>`.
std::string to_markdown(const Table& table);

/// RFC 4180: records end in CR LF, fields are quoted where needed.
std::string to_csv(const Table& table);

}  // namespace leasehold::reports
