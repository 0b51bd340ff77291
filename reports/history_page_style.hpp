#pragma once

#include <string_view>

namespace leasehold::reports {

/// The text of history_page.css.
std::string_view history_page_style();
/// Its hash as a Content-Security-Policy names it, reckoned when leasehold is built: a page allows
/// just this style.
std::string_view history_page_style_hash();

}  // namespace leasehold::reports
