#include "reports/search_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reports/number.hpp"
#include "reports/rate_text.hpp"
#include "reports/text.hpp"

namespace leasehold::reports {
namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kSeedsShown = 8;

std::string seeds_text(const SearchFinding& finding) {
  std::vector<std::string> seeds;
  for (const std::uint64_t seed : finding.seeds) {
    if (seeds.size() == kSeedsShown) break;
    seeds.push_back(std::to_string(seed));
  }
  return "shortest first: " + joined(seeds, ", ") + (finding.hits > seeds.size() ? ", …" : "");
}

}  // namespace

std::string search_text(const std::string& symptom, const std::vector<SearchFinding>& findings) {
  std::string text = paragraph("Runs that show " + symptom, 2, kWidth);
  std::size_t widest = 0;
  for (const SearchFinding& finding : findings) {
    widest = std::max(widest, display_width(finding.algorithm));
  }
  for (const SearchFinding& finding : findings) {
    const std::string rate = rate_text({finding.hits, finding.runs}).line();
    const std::string head = "  " + padded(finding.algorithm, widest + 2);
    text += head + paragraph(count_text(finding.hits) + " of " + count_text(finding.runs) +
                                 " seeds of " + finding.label + ", " + rate,
                             head.size(), kWidth);
    if (finding.hits == 0) continue;
    text += std::string(head.size(), ' ') + paragraph(seeds_text(finding), head.size(), kWidth);
    text += std::string(head.size(), ' ') + finding.replay + "\n";
  }
  return text;
}

std::string search_json(const std::string& symptom, const std::vector<SearchFinding>& findings) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const SearchFinding& finding : findings) {
    nlohmann::ordered_json entry{{"scenario", finding.label},
                                 {"algorithm", finding.algorithm},
                                 {"runs", finding.runs},
                                 {"hits", finding.hits},
                                 {"seeds", finding.seeds}};
    if (finding.hits > 0) entry["replay"] = finding.replay;
    list.push_back(std::move(entry));
  }
  return nlohmann::ordered_json{{"symptom", symptom}, {"found", std::move(list)}}.dump(2) + "\n";
}

}  // namespace leasehold::reports
