#include "reports/table.hpp"

#include <algorithm>
#include <string_view>

#include "support/assert.hpp"

namespace leasehold::reports {
namespace {

std::string markdown_cell(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\n') {
      result += "<br>";
    } else {
      if (c == '|' || c == '\\') result += '\\';
      result += c;
    }
  }
  return result;
}

std::string markdown_row(const std::vector<std::string>& cells) {
  std::string row = "|";
  for (const std::string& cell : cells) row += ' ' + cell + " |";
  return row + '\n';
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string csv_record(const std::vector<std::string>& fields) {
  std::string record;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) record += ',';
    record += csv_field(fields[i]);
  }
  return record + "\r\n";
}

std::vector<std::string> headings(const Table& table) {
  std::vector<std::string> all;
  for (const TableColumn& column : table.columns()) all.push_back(column.heading);
  return all;
}

std::vector<std::string> texts(const std::vector<TableCell>& row) {
  std::vector<std::string> all;
  for (const TableCell& cell : row) all.push_back(cell.text);
  return all;
}

}  // namespace

Table::Table(std::vector<TableColumn> columns) : columns_(std::move(columns)) {
  LH_ASSERT(!columns_.empty());
}

void Table::add_row(std::vector<TableCell> cells) {
  LH_ASSERT(cells.size() == columns_.size());
  rows_.push_back(std::move(cells));
}

std::string to_markdown(const Table& table) {
  std::vector<std::string> cells;
  for (const std::string& heading : headings(table)) cells.push_back(markdown_cell(heading));
  std::string text = markdown_row(cells);
  cells.clear();
  for (const TableColumn& column : table.columns()) {
    cells.emplace_back(column.align == Align::right ? "--:" : ":--");
  }
  text += markdown_row(cells);
  for (const auto& row : table.rows()) {
    cells.clear();
    for (const TableCell& cell : row) cells.push_back(markdown_cell(cell.text));
    text += markdown_row(cells);
  }
  return text;
}

std::string to_csv(const Table& table) {
  std::string text = csv_record(headings(table));
  for (const auto& row : table.rows()) text += csv_record(texts(row));
  return text;
}

}  // namespace leasehold::reports
