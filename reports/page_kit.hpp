#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

/// What all pages have in common: one file that needs nothing but itself, and a policy that lets a
/// browser apply just the style and run just the script that leasehold was built with.
namespace leasehold::reports {

/// A style or a script, compiled in, with its hash as a Content-Security-Policy names it.
struct PagePart {
  std::string_view text;
  std::string_view hash;
};

PagePart history_page_style();
PagePart timeline_page_style();
PagePart timeline_page_script();
/// For a picture that stands alone.
PagePart timeline_picture_style();

/// Names and values come from files: nothing of the text is markup afterwards.
std::string escaped(std::string_view text);

/// ` name="value"`
std::string attribute(std::string_view name, std::int64_t value);
std::string attribute(std::string_view name, std::string_view value);

/// What may be wider than a window: with a name, and to be scrolled by keyboard too.
std::string scrolled(std::string_view name, const std::string& wide);

struct Page {
  std::string title;  ///< not yet escaped
  PagePart style;
  std::optional<PagePart> script;
  std::string body;  ///< markup
};

std::string page_text(const Page& page);

/// A block of data for a page's script: no text in it can end the block, or be run.
std::string data_block(std::string_view id, nlohmann::ordered_json data);

}  // namespace leasehold::reports
