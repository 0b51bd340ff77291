#include "cli/usage_error.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "support/nearest_word.hpp"

namespace leasehold::cli {
namespace {

/// What the interface names and this version does not have.
constexpr std::array<std::string_view, 6> kNotYet{"sweep",  "ci",      "merge",
                                                  "advise", "--shard", "--resume"};

/// The subcommand that was parsed, or the program itself.
const CLI::App& innermost(const CLI::App& parser) {
  const auto parsed = parser.get_subcommands();
  return parsed.empty() ? parser : *parsed.front();
}

std::vector<std::string> words_of(const CLI::App& app, bool flags) {
  std::vector<std::string> words;
  if (!flags) {
    for (const CLI::App* sub : app.get_subcommands(nullptr)) words.push_back(sub->get_name());
    return words;
  }
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  }
  return words;
}

/// A word that nothing knows what to do with.
int tell_unknown(const CLI::App& app, const std::string& typed) {
  const std::string word = typed.substr(0, typed.find('='));
  const bool flag = word.starts_with('-');
  const bool top = app.get_parent() == nullptr;
  support::Diagnostic diagnostic;
  diagnostic.file = top ? "leasehold" : "leasehold " + app.get_name();
  if (std::find(kNotYet.begin(), kNotYet.end(), word) != kNotYet.end() && (top || flag)) {
    diagnostic.message = word + " is not there yet";
    return bad_input({diagnostic});
  }
  const std::vector<std::string> words = words_of(app, flag);
  if (flag || top) {
    diagnostic.message =
        std::string("there is no ") + (flag ? "flag " : "subcommand ") + support::quoted(word);
    diagnostic.nearest =
        support::nearest_word(word, std::vector<std::string_view>(words.begin(), words.end()));
    diagnostic.expected = "what " + diagnostic.file + " --help lists";
  } else {
    diagnostic.message = support::quoted(word) + " is one argument too many";
  }
  return bad_input({diagnostic});
}

}  // namespace

int tell(const CLI::App& parser, const CLI::ParseError& error, int argc, char** argv) {
  if (error.get_exit_code() == 0) return parser.exit(error) == 0 ? kHolds : kBadInput;
  const CLI::App& app = innermost(parser);
  const std::vector<std::string> left = parser.remaining(true);
  if (!left.empty()) return tell_unknown(app, left.front());
  if (&app == &parser && argc > 1) return tell_unknown(parser, argv[1]);
  const std::string name = &app == &parser ? "leasehold" : "leasehold " + app.get_name();
  std::fprintf(stderr, "%s: %s\nMore: %s --help\n", name.c_str(), error.what(), name.c_str());
  return kBadInput;
}

}  // namespace leasehold::cli
