#include <map>

#include "reports/result_json.hpp"
#include "reports/table.hpp"

namespace leasehold::reports {
namespace {

using Json = nlohmann::ordered_json;

/// `results`, its entries, `properties`: deeper levels stay in one line.
constexpr int kOpenLevels = 4;

std::string in_one_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void write(const Json& json, int level, std::string& out) {
  if (!json.is_structured() || json.empty() || level >= kOpenLevels) {
    out += in_one_line(json);
    return;
  }
  const std::string indent(static_cast<std::size_t>(level) + 1, ' ');
  out += json.is_object() ? "{" : "[";
  bool first = true;
  for (const auto& [key, value] : json.items()) {
    out += (first ? "\n" : ",\n") + indent;
    if (json.is_object()) out += in_one_line(Json(key)) + ": ";
    write(value, level + 1, out);
    first = false;
  }
  out += "\n" + indent.substr(1) + (json.is_object() ? "}" : "]");
}

using Field = std::pair<std::string, std::string>;

std::string field_text(const Json& json) {
  if (json.is_null()) return "";
  return json.is_string() ? json.get<std::string>() : in_one_line(json);
}

void flatten(const std::string& path, const Json& json, std::vector<Field>& fields) {
  if (!json.is_object()) {
    fields.emplace_back(path, field_text(json));
    return;
  }
  for (const auto& [key, value] : json.items()) {
    flatten(path.empty() ? key : path + "." + key, value, fields);
  }
}

}  // namespace

std::string result_file(const scenarios::CampaignResult& result) {
  std::string text;
  write(result_json(result), 0, text);
  return text + "\n";
}

std::string result_csv(const scenarios::CampaignResult& result) {
  std::vector<TableColumn> columns;
  std::map<std::string, std::size_t> index;
  std::vector<std::vector<Field>> records;
  const Json all = result_json(result);
  for (const Json& entry : all["results"]) {
    flatten("", entry, records.emplace_back());
    for (const Field& field : records.back()) {
      if (index.try_emplace(field.first, columns.size()).second) columns.push_back({field.first});
    }
  }
  if (columns.empty()) return "";
  Table table(columns);
  for (const std::vector<Field>& record : records) {
    std::vector<TableCell> row(columns.size());
    for (const Field& field : record) row[index[field.first]].text = field.second;
    table.add_row(std::move(row));
  }
  return to_csv(table);
}

}  // namespace leasehold::reports
