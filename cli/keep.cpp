#include "cli/keep.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "cli/version.hpp"

namespace leasehold::cli {
namespace {

/// What a file may be called everywhere: other characters become hyphens.
std::string as_file_name(const std::string& text) {
  std::string name;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '_';
    if (plain) {
      name += c;
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
    }
  }
  return name;
}

bool passed(const scenarios::Incident& incident) {
  const auto& verdicts = incident.recorded->verdicts.of;
  return std::none_of(verdicts.begin(), verdicts.end(), [](const auto& verdict) {
    return verdict == checkers::Verdict::violated || verdict == checkers::Verdict::unknown;
  });
}

struct Written {
  std::string file;
  bool passed = false;
  int exit_code = 0;
};

Written write_incident(const scenarios::Reproduction& run, const KeepFlags& flags) {
  const scenarios::Incident incident = scenarios::incident_of(run, kEngineVersion);
  Written written;
  written.passed = passed(incident);
  const std::string name =
      as_file_name(run.cell.label() + " " + run.cell.algorithm().id + " " +
                   std::to_string(run.seed) + (written.passed ? " passed" : ""));
  written.file = (std::filesystem::path(flags.folder) / (name + ".json")).string();
  written.exit_code = write_output(written.file, scenarios::to_text(incident));
  return written;
}

}  // namespace

void add_keep(CLI::App& command, KeepFlags& flags) {
  command.add_option("--keep", flags.folder, "store incidents in DIR, to replay and explain")
      ->option_text("DIR");
}

int check_keep(const KeepFlags& flags) {
  if (flags.folder.empty()) return 0;
  std::error_code error;
  std::filesystem::create_directories(flags.folder, error);
  if (error || !std::filesystem::is_directory(flags.folder)) {
    return bad_input("--keep " + flags.folder, "is no folder that can be made",
                     "a folder, or a name for one");
  }
  return check_output((std::filesystem::path(flags.folder) / "incident.json").string());
}

int keep(const scenarios::Reproduction& run, const KeepFlags& flags, bool quiet) {
  if (flags.folder.empty()) return 0;
  const Written written = write_incident(run, flags);
  if (written.exit_code == 0 && !quiet) std::fprintf(stderr, "kept: %s\n", written.file.c_str());
  return written.exit_code;
}

int keep_worst(const std::vector<scenarios::ResolvedCell>& cells,
               const scenarios::CampaignResult& result, const KeepFlags& flags, bool quiet) {
  if (flags.folder.empty()) return 0;
  std::size_t kept = 0;
  std::size_t kept_passed = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto& entries = result.cells[i].tally.shortlist().entries();
    for (std::size_t k = 0; k < std::min(entries.size(), flags.per_cell); ++k) {
      const Written written = write_incident(scenarios::as_drawn(cells[i], entries[k].seed), flags);
      if (written.exit_code != 0) return written.exit_code;
      ++(written.passed ? kept_passed : kept);
    }
  }
  if (!quiet) {
    std::fprintf(stderr, "kept: %zu incidents and %zu runs that passed in %s\n", kept, kept_passed,
                 flags.folder.c_str());
  }
  return 0;
}

}  // namespace leasehold::cli
