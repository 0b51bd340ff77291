#include "cli/command.hpp"

#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>

#include "cli/exit_code.hpp"
#include "scenarios/campaign_file.hpp"

namespace leasehold::cli {
namespace {

bool parse_number(std::string_view text, std::uint64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return !text.empty() && error == std::errc() && end == text.data() + text.size();
}

support::Expected<scenarios::SeedSpan> span_of(std::uint64_t first, std::uint64_t last,
                                               support::Diagnostic wrong) {
  if (last - first < scenarios::kSeedsMax) return scenarios::SeedSpan{first, last - first + 1};
  wrong.message = "is more than " + std::to_string(scenarios::kSeedsMax) + " seeds";
  return support::Diagnostics{wrong};
}

/// What is no file, such as a terminal or a pipe, is written to and never replaced.
bool is_device(const std::string& file) {
  std::error_code ignored;
  const auto status = std::filesystem::status(file, ignored);
  return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status) &&
         !std::filesystem::is_directory(status);
}

/// What a link points at is replaced, not the link.
std::string target_of(const std::string& file) {
  std::error_code error;
  const auto target = std::filesystem::canonical(file, error);
  return error ? file : target.string();
}

std::string partial_of(const std::string& file) { return target_of(file) + ".partial"; }

bool write_through(const std::string& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  return !out.fail();
}

int unwritable(const std::string& file) {
  return bad_input(file, "cannot be written", "a path in a folder that you may write to");
}

}  // namespace

CLI::Validator whole_number(std::uint64_t least, std::uint64_t most) {
  const std::string range = std::to_string(least) + " to " + std::to_string(most);
  return CLI::Validator(
      [range, least, most](std::string& text) {
        std::uint64_t number = 0;
        const bool fits = parse_number(text, number) && number >= least && number <= most;
        return fits ? std::string() : text + " is no whole number from " + range;
      },
      "N");
}

void add_settings(CLI::App& command, CommonFlags& flags) {
  command
      .add_option("--set", flags.selection.settings,
                  "algorithm.parameter=value or scenario.path=value; may be repeated")
      ->allow_extra_args(false);
  command
      .add_option("--defaults", flags.defaults,
                  "whose lease and retry: the scenario's for all, or vendor: each library's own")
      ->check(CLI::IsMember({"scenario", "vendor"}));
}

scenarios::Selection selection_of(const CommonFlags& flags) {
  scenarios::Selection selection = flags.selection;
  if (flags.defaults == "vendor") selection.settings.emplace_back("scenario.defaults=vendor");
  return selection;
}

void add_output(CLI::App& command, CommonFlags& flags) {
  command.add_option("-o,--output", flags.output, "write to FILE instead of stdout");
  command.add_flag("--quiet", flags.quiet, "only data and errors");
  command.add_flag("--no-color", flags.no_color, "no colours (also NO_COLOR)");
}

support::Expected<scenarios::SeedSpan> parse_seeds(const std::string& text) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  support::Diagnostic wrong;
  wrong.file = "--seeds " + text;
  wrong.expected = "N for 0 to N-1, or A..B with both ends included";
  const std::size_t dots = text.find("..");
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  if (dots == std::string::npos) {
    wrong.message = "is not a number of seeds above 0";
    if (!parse_number(text, last) || last == 0) return support::Diagnostics{wrong};
    return span_of(0, last - 1, wrong);
  }
  wrong.message = "is not a range of seeds";
  const bool numbers = parse_number(std::string_view(text).substr(0, dots), first) &&
                       parse_number(std::string_view(text).substr(dots + 2), last);
  if (!numbers || last < first || last == kMost) return support::Diagnostics{wrong};
  return span_of(first, last, wrong);
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

reports::Console console_of(const CommonFlags& flags) {
  reports::ColourWishes wishes;
  wishes.terminal = flags.output.empty() && isatty(STDOUT_FILENO) != 0;
  wishes.no_color_flag = flags.no_color;
  wishes.no_color = std::getenv("NO_COLOR");
  wishes.term = std::getenv("TERM");
  reports::Console console;
  console.colour = reports::wants_colour(wishes);
  return console;
}

int check_output(const std::string& file) {
  if (file.empty() || is_device(file)) return 0;
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) return unwritable(file);
  const std::string partial = partial_of(file);
  const bool fits = write_through(partial, "");
  std::filesystem::remove(partial, ignored);
  return fits ? 0 : unwritable(file);
}

int write_output(const std::string& file, const std::string& text) {
  if (file.empty()) {
    const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    return written && std::fflush(stdout) == 0 ? 0 : bad_input("stdout", "cannot be written", "");
  }
  if (is_device(file)) return write_through(file, text) ? 0 : unwritable(file);
  const std::string partial = partial_of(file);
  std::error_code error;
  if (write_through(partial, text)) {
    std::filesystem::rename(partial, target_of(file), error);
    if (!error) return 0;
  }
  std::filesystem::remove(partial, error);
  return unwritable(file);
}

}  // namespace leasehold::cli
