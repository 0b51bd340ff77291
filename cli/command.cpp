#include "cli/command.hpp"

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>

#include "cli/exit_code.hpp"

namespace leasehold::cli {
namespace {

bool parse_number(std::string_view text, std::uint64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return !text.empty() && error == std::errc() && end == text.data() + text.size();
}

}  // namespace

void add_selection(CLI::App& command, CommonFlags& flags) {
  command.add_option("--algorithms", flags.selection.algorithms, "ids or globs, comma-separated")
      ->delimiter(',');
  command
      .add_option("--set", flags.selection.settings,
                  "algorithm.parameter=value or scenario.path=value; may be repeated")
      ->allow_extra_args(false);
}

void add_output(CLI::App& command, CommonFlags& flags) {
  command.add_option("-o,--output", flags.output, "write to FILE instead of stdout");
  command.add_flag("--quiet", flags.quiet, "only data and errors");
  command.add_flag("--no-color", flags.no_color, "no colours (also NO_COLOR)");
}

support::Expected<scenarios::SeedSpan> parse_seeds(const std::string& text) {
  support::Diagnostic wrong;
  wrong.file = "--seeds " + text;
  wrong.expected = "N for 0 to N-1, or A..B with both ends included";
  const std::size_t dots = text.find("..");
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  if (dots == std::string::npos) {
    wrong.message = "is not a number of seeds above 0";
    if (!parse_number(text, last) || last == 0) return support::Diagnostics{wrong};
    return scenarios::SeedSpan{0, last};
  }
  wrong.message = "is not a range of seeds";
  const bool numbers = parse_number(std::string_view(text).substr(0, dots), first) &&
                       parse_number(std::string_view(text).substr(dots + 2), last);
  if (!numbers || last < first || last - first == std::numeric_limits<std::uint64_t>::max()) {
    return support::Diagnostics{wrong};
  }
  return scenarios::SeedSpan{first, last - first + 1};
}

int bad_input(const support::Diagnostics& diagnostics) {
  std::fputs(support::text(diagnostics).c_str(), stderr);
  return kBadInput;
}

int bad_input(const std::string& where, const std::string& message, const std::string& expected) {
  support::Diagnostic diagnostic;
  diagnostic.file = where;
  diagnostic.message = message;
  diagnostic.expected = expected;
  return bad_input({diagnostic});
}

int write_output(const std::string& file, const std::string& text) {
  if (file.empty()) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return std::fflush(stdout) == 0 ? 0 : bad_input("stdout", "cannot be written", "");
  }
  const std::string partial = file + ".partial";
  {
    std::ofstream out(partial, std::ios::binary | std::ios::trunc);
    out << text;
    out.flush();
    if (!out) {
      std::error_code ignored;
      std::filesystem::remove(partial, ignored);
      return bad_input(file, "cannot be written", "a path in a folder that you may write to");
    }
  }
  std::error_code error;
  std::filesystem::rename(partial, file, error);
  if (!error) return 0;
  std::filesystem::remove(partial, error);
  return bad_input(file, "cannot be written", "a path in a folder that you may write to");
}

}  // namespace leasehold::cli
