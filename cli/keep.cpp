#include "cli/keep.hpp"

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

std::string file_of(const scenarios::Reproduction& run, const KeepFlags& flags) {
  const std::string name = as_file_name(run.cell.label() + " " + run.cell.algorithm().id + " " +
                                        std::to_string(run.seed));
  return (std::filesystem::path(flags.folder) / (name + ".json")).string();
}

int write_incident(const scenarios::Reproduction& run, const KeepFlags& flags) {
  return write_output(file_of(run, flags),
                      scenarios::to_text(scenarios::incident_of(run, kEngineVersion)));
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
  const int written = write_incident(run, flags);
  if (written == 0 && !quiet) std::fprintf(stderr, "kept: %s\n", file_of(run, flags).c_str());
  return written;
}

int keep_worst(const std::vector<scenarios::ResolvedCell>& cells,
               const scenarios::CampaignResult& result, const KeepFlags& flags, bool quiet) {
  if (flags.folder.empty()) return 0;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    std::size_t of_cell = 0;
    for (const scenarios::Shortlist::Entry& entry : result.cells[i].tally.shortlist().entries()) {
      if (entry.rank == scenarios::Shortlist::Rank::passed || of_cell == flags.per_cell) break;
      const int written = write_incident(scenarios::reproduction_of(cells[i], entry.seed), flags);
      if (written != 0) return written;
      ++of_cell;
    }
    kept += of_cell;
  }
  if (!quiet) std::fprintf(stderr, "kept: %zu incidents in %s\n", kept, flags.folder.c_str());
  return 0;
}

}  // namespace leasehold::cli
