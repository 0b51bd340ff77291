#include "reports/lock_rows.hpp"

#include <algorithm>
#include <utility>

namespace leasehold::reports {
namespace {

using scenarios::CampaignResult;
using scenarios::CellResult;
using Settings = scenarios::Recipe::Settings;

/// What somebody set, but for fencing: that makes entries of one row.
Settings settings_of(const CellResult& cell) {
  Settings settings = cell.recipe.parameters;
  settings.erase("fencing");
  return settings;
}

std::string text(const Settings& settings) {
  std::string text;
  for (const auto& [name, value] : settings) text += " " + name + "=" + value;
  return text;
}

struct Key {
  std::string algorithm;
  Settings settings;

  friend bool operator==(const Key&, const Key&) = default;
};

void put_unfenced_first(std::vector<const CellResult*>& cells) {
  std::stable_sort(cells.begin(), cells.end(), [](const CellResult* a, const CellResult* b) {
    return a->fencing() < b->fencing();
  });
}

}  // namespace

std::vector<LockRow> lock_rows(const CampaignResult& result) {
  std::vector<Key> keys;
  std::vector<LockRow> rows;
  for (const CellResult& cell : result.cells) {
    const Key key{cell.algorithm, settings_of(cell)};
    const auto found = std::find(keys.begin(), keys.end(), key);
    const auto index = static_cast<std::size_t>(found - keys.begin());
    if (found == keys.end()) {
      keys.push_back(key);
      rows.push_back({cell.algorithm, cell.algorithm, {}});
      rows.back().cells.resize(result.scenarios.size());
    }
    rows[index].cells[cell.scenario].push_back(&cell);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto of_same = std::count_if(keys.begin(), keys.end(), [&](const Key& key) {
      return key.algorithm == keys[i].algorithm;
    });
    if (of_same > 1) rows[i].label += text(keys[i].settings);
    for (auto& cells : rows[i].cells) put_unfenced_first(cells);
  }
  return rows;
}

std::vector<VariantRow> variant_rows(const CampaignResult& result,
                                     const std::vector<LockRow>& rows) {
  std::vector<VariantRow> all;
  for (std::size_t i = 0; i < result.scenarios.size(); ++i) {
    const std::string& label = result.scenarios[i].label;
    const std::size_t slash = label.find('/');
    const std::string variant = slash == std::string::npos ? "" : ", " + label.substr(slash + 1);
    for (const LockRow& row : rows) {
      const CellResult* cell = row.cell(i);
      if (cell != nullptr)
        all.push_back({row.label + variant, cell, &result.scenarios[i].scenario});
    }
  }
  return all;
}

bool is_thin(const scenarios::CellTally& tally, checkers::Property property) {
  const scenarios::PropertyTally& tallied = tally.property(property);
  const std::uint64_t applies = tally.runs() - tallied.not_applicable_seeds.count();
  return (applies - tallied.judged_runs()) * 20 > applies;
}

bool does_not_apply(const scenarios::CellTally& tally, checkers::Property property) {
  return tally.property(property).not_applicable_seeds.count() == tally.runs();
}

}  // namespace leasehold::reports
