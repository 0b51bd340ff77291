#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "reports/text.hpp"

namespace leasehold::cli {

/// CLI11's help, in 80 columns.
class HelpFormat final : public CLI::Formatter {
 public:
  HelpFormat() { column_width(kNames); }

  std::string make_option_desc(const CLI::Option* option) const override {
    return wrapped(option->get_description());
  }
  std::string make_subcommand(const CLI::App* sub) const override {
    std::string name = "  " + sub->get_name();
    name.resize(kNames, ' ');
    return name + reports::paragraph(sub->get_description(), kNames, kWidth);
  }

 private:
  static constexpr std::size_t kNames = 28;
  static constexpr std::size_t kWidth = 80;

  /// CLI11 indents the lines itself.
  static std::string wrapped(const std::string& text) {
    return reports::joined(reports::wrap(text, kWidth - kNames), "\n");
  }
};

}  // namespace leasehold::cli
